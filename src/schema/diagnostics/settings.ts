import type { SourceRange } from "../../model/diagnostic.ts";
import type { LedgerChoice } from "../../model/ledger.ts";

export interface ProjectSettings {
  /** Of the environment, where it has its own. */
  readonly ledger: LedgerChoice;
  /** Where the project says so. */
  readonly ledgerAt?: SourceRange;
  readonly tags: {
    /** Added to every assistant. */
    readonly common: readonly string[];
    /** Tag to what it is for; without it any tag may be used. */
    readonly allowed?: Readonly<Record<string, string>>;
  };
  /** Folders and globs, relative to the root. */
  readonly manifests: readonly string[];
}

export interface EnvironmentSettings {
  readonly name: string;
  /** The environment variable that holds the API key. */
  readonly apiKeyVariable: string;
  readonly baseUrl?: string;
  /** Every resource is protected. */
  readonly protect: boolean;
  /** Every resource is observed. */
  readonly observe: boolean;
}

export const DEFAULT_API_KEY_VARIABLE = "TELNYX_API_KEY";
