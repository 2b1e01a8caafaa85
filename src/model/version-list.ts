import type { Address } from "./address.ts";
import type { Owner } from "./object-list.ts";
import type { PathChange } from "./plan.ts";

/** The versions of one object, newest first, as lists show them. */
export interface VersionList {
  readonly environment: string;
  readonly assistant: VersionedObject;
  readonly versions: readonly ListedVersion[];
}

/** The object that the versions belong to. */
export interface VersionedObject {
  readonly address?: Address;
  readonly id: string;
  readonly name: string;
}

export interface ListedVersion {
  readonly id: string;
  readonly name?: string;
  readonly createdAt?: string;
  readonly isMain: boolean;
  /** The ledger shows that this project made it. */
  readonly isOwn: boolean;
  /** What a canary lets it answer, rule by rule. */
  readonly shares: readonly VersionShare[];
  readonly managed?: Owner;
  readonly manifest?: VersionManifest;
}

/** Percent of the conversations that fit a rule; `match` is empty for a rule that is for everyone. */
export interface VersionShare {
  readonly match: string;
  readonly percent: number;
}

/** Which manifest declares a version, and where. */
export interface VersionManifest {
  readonly address: Address;
  readonly file: string;
  readonly line?: number;
}

/** One side of a comparison. `git` is what the manifest at `address` declares. */
export type VersionSide =
  | { readonly what: "version" | "main"; readonly id: string; readonly name?: string }
  | { readonly what: "git"; readonly address: Address };

/** `before` of a change is `from`, `after` is `to`. */
export interface VersionDiff {
  readonly environment: string;
  readonly assistant: VersionedObject;
  readonly from: VersionSide;
  readonly to: VersionSide;
  readonly changes: readonly PathChange[];
  /** Ids of objects that Rollcall knows, to names. */
  readonly names: Readonly<Record<string, Address>>;
}
