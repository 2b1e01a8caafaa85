import type { Address } from "./address.ts";
import type { ImportGap } from "./live-copies.ts";
import type { Pointer } from "./pointer.ts";
import type { PullResult } from "./pull-result.ts";

/** What the user still has to do after an import, in the assistant or in what it uses. */
export interface ImportTodo {
  readonly kind: string;
  readonly id: string;
  /** Its manifest, where it has one. */
  readonly address?: Address | undefined;
  readonly path: Pointer;
  /** As a sentence. */
  readonly what: string;
}

/** An assistant that came from another provider. */
export interface ImportedObject {
  readonly name: string;
  readonly id: string;
  readonly importId: string;
  readonly address?: Address | undefined;
  /** It was managed before: its manifest is as it was. */
  readonly isOverwritten: boolean;
  readonly todos: readonly ImportTodo[];
  /** What no import brings along, where the agent had it. */
  readonly gaps: readonly ImportGap[];
}

export interface ImportResult {
  readonly provider: string;
  readonly environment: string;
  readonly assistants: readonly ImportedObject[];
  /** Ids at the provider that were asked for and that did not come. */
  readonly missing: readonly string[];
  /** Which agents of the provider no import takes, as a sentence. */
  readonly leftOut?: string | undefined;
  /** Absent where everything that came was managed before. */
  readonly pull?: PullResult | undefined;
  /** The command that shows drift. */
  readonly drift: string;
}

export interface CloneResult {
  readonly environment: string;
  readonly source: { readonly id: string; readonly name: string; readonly address?: Address | undefined };
  readonly clone: { readonly id: string; readonly address: Address };
  /** Fields that a clone does not get from its source. */
  readonly notCloned: readonly Pointer[];
  /** The clone has the name of its source. */
  readonly isNamesake: boolean;
  readonly pull: PullResult;
  /** The command that tries the pull again. */
  readonly again: string;
}
