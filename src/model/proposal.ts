import type { Address } from "./address.ts";
import type { Pointer } from "./pointer.ts";

/** What was adopted from live objects into the manifests, and what was not. */
export interface Proposal {
  readonly adopted: readonly AdoptedPath[];
  readonly left: readonly LeftOut[];
  /** Files that were written, by their path from the root of the project. */
  readonly files: readonly string[];
  /** Those of them that were not there before. */
  readonly created: readonly string[];
  /** Adopted paths that still differ from the live values in the plan made afterwards. */
  readonly unsettled: readonly DriftedPath[];
  /** Resources that the next apply changes now, because they inherit what was adopted. */
  readonly followers: readonly Address[];
}

/** A path that drifted, canonical, and for people. */
export interface DriftedPath {
  readonly address: Address;
  readonly path: Pointer;
  readonly label: string;
}

/** A live value that the manifests declare now. */
export interface AdoptedPath extends DriftedPath {
  /** Where it is declared. */
  readonly file: string;
  /** Counts from 1; absent for a text in a separate file. */
  readonly line?: number;
  /** The environment of whose patches it is a part: others have the manifest, too. */
  readonly patchOf?: string;
  /** Variables that the text has no use for any more: `${var.company}`. */
  readonly dropped?: readonly string[];
}

/** Drift that stays. */
export interface LeftOut {
  readonly address: Address;
  /** Absent where it concerns the whole object. */
  readonly path?: Pointer;
  readonly label?: string;
  readonly finding: "changed" | "deleted" | "appeared" | "no-baseline";
  /** A clause: `the manifest was changed, too`. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string;
}
