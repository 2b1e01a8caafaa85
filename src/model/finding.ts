import type { Address } from "./address.ts";
import type { Place } from "./source.ts";

/** A problem as it is found, before its place is turned into lines and columns. */
export interface Finding {
  /** A code of the table of diagnostics. */
  readonly code: `RC${number}`;
  readonly message: string;
  readonly at?: Place | undefined;
  /** The path of the value that is wrong, in what was validated. */
  readonly path?: readonly string[] | undefined;
  readonly hint?: string | undefined;
  readonly address?: Address | undefined;
  /** Where the value begins in the manifest, for problems inside of it: a comment there silences them too. */
  readonly within?: Place | undefined;
  /** What is not to be quoted: the place of a credential, or all of a text that spells it otherwise. */
  readonly secret?: Place | undefined;
}

export type ReportFinding = (finding: Finding) => void;

/** With more findings of one sort in one place than this, no more suggestions are searched for. */
export const ENOUGH = 100;
