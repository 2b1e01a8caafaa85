import type { Address } from "./address.ts";
import type { ReportFinding } from "./finding.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Node } from "./node.ts";
import type { Pointer, PointerPattern } from "./pointer.ts";
import type { Split } from "./split.ts";
import type { CompiledValidator } from "./validator.ts";

/**
 * The contract of a kind of resource: data first. Validation, comparison, order, import, reports and `explain` all
 * follow from it. Paths are pointers into `spec`.
 */
export interface Kind {
  readonly kind: string;
  /** One sentence: what it is. */
  readonly description: string;
  readonly nouns: Nouns;
  /** JSON Schema (draft 2020-12 vocabulary that ajv understands) of `spec`; `default` is an annotation, never filled in. */
  readonly schema: JsonObject;
  readonly identity: Identity;
  readonly references: readonly ReferenceRule[];
  /** The API takes no idempotency key with a creation: after a lost answer it must be looked for. */
  readonly createsWithoutKey?: true;
  /** An update sends all top-level keys; otherwise those that differ. */
  readonly sendsAll?: true;
  /** A write takes effect at once for everybody who talks to the object. */
  readonly reachesCallers?: true;
  /** Whether a change sends more conversations to another version than before. The plan says so. */
  readonly isWiderRollout?: (before: JsonObject, after: JsonObject) => boolean;
  /** How it divides conversations between versions: reviewers see the division before and after. */
  readonly splitOf?: (spec: JsonObject) => readonly Split[];
  /** What is left of it if it no longer serves a version; `undefined` if nothing is. */
  readonly withoutVersion?: (spec: JsonObject, isVersion: (value: Json) => boolean) => JsonObject | undefined;
  /** The key for digests of secret values; absent if there is no API key. */
  readonly secretKey?: Uint8Array;
  /** Whether a text under this name looks like a secret, in whatever field: it is shown and stored as a digest, too. */
  readonly looksSecret?: (text: string, name: string) => boolean;
  /** How the value at a path is compared and cleared; defaults come from the schema. */
  readonly fields: Readonly<Record<PointerPattern, FieldHint>>;
  /**
   * `into` of this resource is merged over the spec of the resource that `from` refers to, before anything is
   * compared. Undeclared fields follow that resource.
   */
  readonly inherits?: { readonly from: Pointer; readonly into: Pointer };
  /** The provider can make one of its objects the main version of the object that it inherits from. */
  readonly isPromotable?: true;
  /** Its objects are tests that can be run; `suite` is where one says to which suite it belongs. */
  readonly tests?: { readonly suite: Pointer };
  /** Its objects hold conversations with people. */
  readonly converses?: true;
  /** The call that an object stands for, if it can be tried. */
  readonly callOf?: (spec: JsonObject) => CallWords | undefined;
  /** Work that its objects still have to do, and that is lost when they are deleted; `Provider.pending` counts it. */
  readonly pending?: PendingWork;
  /** The API shows its objects as TeXML, too. */
  readonly hasTexml?: true;
  /** The API clones its objects, and imports them from other providers. */
  readonly hasCopies?: true;
  /** A list of words that people sort its objects by. */
  readonly tags?: Pointer;
  /** What lists of its objects show besides the name and the id. */
  readonly columns?: readonly Column[];
  /** Where new manifests of the kind are written; without it, in `manifests`. */
  readonly files?: NewFiles;
  /** Checks of its resources that a schema cannot express. */
  readonly lints?: readonly Lint[];
  /** A valid `spec` in an older form, as it is written today; the same node where it is in today's form. */
  readonly upgraded?: (spec: Node, report: ReportFinding) => Node;
  /** Compiled ahead of time from `schema`; without it, or when the schema is another one, it is compiled when needed. */
  readonly validator?: CompiledValidator;
}

/** What people call the objects of a kind, in lists and on the command line. */
export interface Nouns {
  /** `MCP server` */
  readonly one: string;
  /** `MCP servers` */
  readonly many: string;
  /** Shorter words for the command line: `mcp`. */
  readonly aliases?: readonly string[];
}

/** A call as people see it before they try it. */
export interface CallWords {
  readonly request: string;
  /** It may change something. */
  readonly hasEffects: boolean;
}

/** What people call it, as in `1 pending call`, and the command that lists it. */
export interface PendingWork {
  readonly one: string;
  readonly many: string;
  /** Its argument is an address or an id. */
  readonly command: string;
}

export interface Column {
  /** In capitals: `TYPE`. */
  readonly title: string;
  readonly at: Pointer;
  /** Shown only where there is much room. */
  readonly wide?: true;
}

export interface NewFiles {
  /** The folder, from the root of the project. */
  readonly folder: string;
  /** Manifests with the same value here share a file, which is named after it: a text, or a reference. */
  readonly by?: Pointer;
  /** The main text, which gets a file of its own. */
  readonly text?: Pointer;
}

/** Looks at resources together. */
export type Lint = (check: LintCheck) => void;

export interface LintCheck {
  /** The resources of the kind that brings the lint; all resources, for a lint that holds for any kind. */
  readonly subjects: readonly LintSubject[];
  /** Every resource of the project, by address. */
  readonly project: ReadonlyMap<string, LintSubject>;
  /** Some documents could not be read: what is missing may be there. */
  readonly incomplete: boolean;
  readonly report: ReportFinding;
  /** A value as a message shows it: short, on one line, without secrets. */
  readonly shown: (value: Json | undefined) => string;
  /** A path as a message shows it: `Assistant.spec.tools[0].webhook`. */
  readonly label: (subject: LintSubject, path: readonly string[]) => string;
}

/** A resource as a lint sees it: its values, and where they stand. */
export interface LintSubject {
  readonly address: Address;
  readonly kind: Kind;
  readonly name: string;
  readonly spec: JsonObject;
  readonly node: Node;
  /** The whole document. */
  readonly root: Node;
  /** Where its name is written. */
  readonly at: Node;
  /** Its live object is known by its id: by the ledger, or by `lifecycle.import`. */
  readonly isTied?: true;
  /** By its own manifest, or because its environment observes everything. */
  readonly isObserved?: true;
}

export interface Identity {
  /** The remote name, used to find an object that no ledger entry knows; when undeclared it is `metadata.name`. */
  readonly name?: Pointer;
  /** The reference to the object this one lives under. Ids of such objects are `parent-id/own-id`. */
  readonly parent?: Pointer;
  /** At most one under its parent: found without a name. Its id is the id of the parent. */
  readonly singleton?: true;
}

export interface ReferenceRule {
  readonly at: PointerPattern;
  readonly to: string;
  /** A write to the target may remove the object that refers to it, which is then read again and restored. */
  readonly dependent?: true;
  /** The link is for people and for Rollcall; it is never sent. */
  readonly local?: true;
}

export interface FieldHint {
  /** A list whose order does not matter. `open`: undeclared elements are not changed. */
  readonly set?: "closed" | "open";
  /**
   * A list whose elements are known by a key: the values at these pointers, joined by `:`, absent ones left out.
   * A segment `{x}` stands for the value of the element's field `x`.
   */
  readonly keyedBy?: readonly Pointer[];
  /** With `keyedBy`: the order of the elements matters. Lists without a hint are always in order. */
  readonly ordered?: true;
  /** Text of several lines: line ends and white space at its end do not count. */
  readonly multiline?: true;
  /** Shown and stored only as a digest. */
  readonly sensitive?: true;
  /** Cannot be changed on a live object: a difference means replacement. */
  readonly immutable?: true;
  /** Says what the object is: one with another value that is found by its name is another thing, and is not adopted. */
  readonly essential?: true;
  /** The server fills in nothing inside: a value that equals the documented default was written by somebody. */
  readonly unfilled?: true;
  /** Filled in by the server when it is not declared. */
  readonly serverSet?: true;
  /** Made by the server for this one object, such as an id in the account: not written into new manifests. */
  readonly generated?: true;
  /**
   * Free content, compared and written as a unit: nothing inside it is left out or filled in. `false` is an exception
   * from a pattern that ends in `*`.
   */
  readonly whole?: boolean;
  /** With `whole`: members of these names, at any depth, are lists whose order does not matter. */
  readonly setsWithin?: readonly string[];
  /** An entry of a map: one that is no longer declared is left out of the block, which clears it. */
  readonly removable?: true;
  /** Known only to Rollcall; never compared and never sent. */
  readonly local?: true;
  /** The value is the id of an object of no kind, such as `insight group`: each account has its own. */
  readonly outside?: string;
  /** The value that clears the field. Without it, a field that is no longer declared is released. */
  readonly unset?: Json;
}
