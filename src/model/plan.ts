import type { Address } from "./address.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Pointer } from "./pointer.ts";
import type { Target } from "./provider.ts";
import type { Split } from "./split.ts";

/** What a path of one resource means, by the rules of the three-way comparison. */
export type PathClass = "pending" | "drift" | "conflict" | "unset" | "released" | "unmanaged" | "no-baseline";

/** One path that differs. An absent value is a missing member. */
export interface PathChange {
  /** In canonical form: elements of keyed lists stand under their key. */
  readonly path: Pointer;
  /** For people: `mcp_servers[crm].allowed_tools`. */
  readonly label: string;
  readonly class: PathClass;
  /** Live now. */
  readonly before?: Json;
  /** After apply; for `drift`, what is put back. */
  readonly after?: Json;
  /** As last applied, or as last seen where the path was not managed. */
  readonly baseline?: Json;
  /** Text of several lines, to be shown as a line diff. */
  readonly multiline?: true;
  /** The values stand as digests. */
  readonly sensitive?: true;
  /** `after` holds the id of an object that does not exist yet, as `{ ref }`. */
  readonly unknown?: true;
  /** A conflict in which the manifest is to win. */
  readonly overwrites?: true;
  /** The manifest took the text from this file. */
  readonly file?: string;
}

/** `observe`: compared, and never written; `changes` is how live and manifest differ. */
export type Action =
  | "create"
  | "update"
  | "replace"
  | "delete"
  | "adopt"
  | "move"
  | "forget"
  | "observe"
  | "no-op";

/** What a reviewer must not overlook. */
export type Risk =
  | "reaches-callers"
  | "child-reset"
  | "deletes"
  | "protected"
  | "shared-object"
  | "pending-work"
  | "wider-rollout";

/** What a new resource changes in the one that it inherits from. */
export interface Inherited {
  readonly from: Address;
  /** Where the inherited fields stand. */
  readonly into: Pointer;
  /** `before` as the other resource will have it, `after` as the new one will. */
  readonly changes: readonly PathChange[];
}

/** What happens to one resource, and why. */
export interface ResourceChange {
  readonly address: Address;
  readonly kind: string;
  readonly action: Action;
  readonly id?: string;
  /** A clause for people: `it was deleted outside Git`. */
  readonly reason?: string;
  readonly movedFrom?: Address;
  /** Nothing deletes or replaces it. */
  readonly protect?: true;
  /** As declared; for `--selector` and for policies. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Where it is declared, and the line from 1; absent where no manifest declares it. */
  readonly file?: string;
  readonly line?: number;
  readonly changes: readonly PathChange[];
  /** Undeclared live paths. They are not changed. */
  readonly unmanaged: readonly PathChange[];
  readonly risks: readonly Risk[];
  /** How many other live objects use this one, where it changes for all of them. */
  readonly usedBy?: number;
  /** Of a new resource whose kind inherits. */
  readonly inherits?: Inherited;
  /** How the division of conversations changes; no rules means that main answers all of them. */
  readonly split?: { readonly before: readonly Split[]; readonly after: readonly Split[] };
  /** Live, sensitive values redacted; absent when there is no live object. */
  readonly before?: JsonObject;
  /**
   * After apply, references to objects that do not exist yet as `{ ref }`; absent for a deletion. For `no-op` and
   * `observe` the same as `before`.
   */
  readonly after?: JsonObject;
}

/** What was changed outside Git since the last apply. */
export interface ResourceDrift {
  readonly address: Address;
  readonly kind: string;
  readonly id: string;
  /** `appeared`: an undeclared object under a managed one, such as a canary. */
  readonly what: "changed" | "deleted" | "appeared";
  /** Managed paths: what the next apply undoes, or refuses to. */
  readonly changes: readonly PathChange[];
  /** Unmanaged paths that changed since they were last seen: information, unless another version is main. */
  readonly unmanaged: readonly PathChange[];
  /** Ids of the main version: the one that this project made or last saw, and the current one. */
  readonly version?: { readonly before: string; readonly after: string };
}

/**
 * A live value that goes into a manifest before anything is written live: the way out of a conflict. `before` is live,
 * `after` what the manifest had.
 */
export interface Adoption extends PathChange {
  readonly address: Address;
  /** Where the value is declared; `file` of a path is what the old text was included from. */
  readonly target: string;
  /** Counts from 1; absent for a text in a separate file. */
  readonly line?: number;
  /** The environment of whose patches it is a part: others have the manifest, too. */
  readonly patchOf?: string;
  /** Variables that the text has no use for any more: `${var.company}`. */
  readonly dropped?: readonly string[];
}

/** Why the plan, or a part of it, will not be applied. */
export interface Refusal {
  readonly address?: Address;
  readonly rule:
    | "conflict"
    | "protected"
    | "ambiguous"
    | "undeclared-child"
    | "mass-change"
    | "pending"
    | "empty"
    | "referenced"
    | "main-version"
    | "cycle"
    | "stale"
    | "foreign"
    | "adoption"
    | "import"
    | "observed"
    | "other-environment";
  readonly message: string;
  readonly hint?: string;
}

/**
 * `complete`: the second half of a creation in a cycle; `detach`: references to what is to be deleted are removed
 * from an object that is to be deleted, too; `restore`: read again and restored if it is missing; `refresh-state` and `forget`:
 * the ledger only.
 */
export type StepAction =
  | "create"
  | "complete"
  | "update"
  | "detach"
  | "delete"
  | "restore"
  | "refresh-state"
  | "forget";

/** What is done to one object, in one sitting. */
export interface Step {
  /** `Assistant/front-desk`, or with a suffix where one resource takes several: `Assistant/front-desk#complete`. */
  readonly id: string;
  readonly address: Address;
  readonly action: StepAction;
  /** Steps that must have succeeded before. */
  readonly needs: readonly string[];
  readonly kind: string;
  readonly objectId?: string;
  /** Address of the object this one lives under. */
  readonly parent?: Address;
  /** Digest of what the step rests on in the live object that the plan was made from. */
  readonly fingerprint?: string;
  /** Digests of the live objects that the resource refers to, by address. */
  readonly references?: Readonly<Record<Address, string>>;
  /** What the manifest declares, for the overlay at apply and for the ledger; references as `{ ref }` where unknown. */
  readonly desired?: JsonObject;
  /** The declared fields as last applied: what is cleared when it is no longer declared. */
  readonly applied?: JsonObject;
  /** Top-level keys to leave out of a creation, because they refer to objects that come later. */
  readonly omit?: readonly string[];
  /** The id of the object that a creation replaces; it is deleted when nothing refers to it any more. */
  readonly replaces?: string;
  /** Ids to which references are removed by a `detach`. */
  readonly detaches?: readonly string[];
  readonly protect?: true;
  /** The object that is deleted has still something to do, which is lost. */
  readonly losesPending?: true;
  /** The object is observed: the ledger keeps what it knows of the paths that differ. */
  readonly observe?: true;
  /** Paths at which `desired` holds the live value, because the manifest leaves them to others. */
  readonly ignored?: readonly Pointer[];
  readonly movedFrom?: Address;
  /** An update that makes this version main, because it is exactly what is to be live; `content` is a digest of the version. */
  readonly promotes?: { readonly kind: string; readonly id: string; readonly content: string };
}

/** A live object that nobody declares. */
export interface ForeignObject {
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
}

export interface UnlistedKind {
  readonly kind: string;
  /** `GET /ai/tools answered 403` */
  readonly why: string;
}

export interface Plan {
  readonly project: string;
  readonly environment: string;
  /** Everything that the ledger knows is to go. */
  readonly destroy?: true;
  readonly target: Target;
  readonly ledger: { readonly lineage?: string; readonly serial: number };
  readonly commit?: string;
  readonly changes: readonly ResourceChange[];
  readonly drift: readonly ResourceDrift[];
  /** What apply writes into the manifests first. The rest of the plan is made with these values. */
  readonly adoptions?: readonly Adoption[];
  readonly refusals: readonly Refusal[];
  /** In an order that satisfies `needs`. */
  readonly steps: readonly Step[];
  /** Ids of objects that Rollcall knows, to names: a report shows `crm` and not `mcp_8f2`. */
  readonly names: Readonly<Record<string, Address>>;
  /** How many undeclared live objects there are, by kind. Objects that live under another object are not counted. */
  readonly foreign: Readonly<Record<string, number>>;
  /** Kinds that could not be listed: the number of their undeclared objects is not known. */
  readonly uncounted?: readonly UnlistedKind[];
  /** What people call the objects of these kinds, the uncounted ones included. */
  readonly nouns?: Readonly<Record<string, { readonly one: string; readonly many: string }>>;
  /** Which they are, what lives under managed objects included, where that was asked for. */
  readonly foreignObjects?: readonly ForeignObject[];
  /** How many managed objects are known from lists alone, where lists were to be trusted. */
  readonly unread?: number;
  readonly counts: { readonly manifests: number; readonly live: number };
}
