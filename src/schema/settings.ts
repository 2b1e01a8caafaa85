/** Where the baseline is kept. */
export type LedgerSettings =
  | { readonly backend: "file"; readonly path?: string }
  | { readonly backend: "git"; readonly remote?: string; readonly ref?: string }
  | HttpLedgerSettings;

/** Terraform's HTTP state protocol. */
interface HttpLedgerSettings {
  readonly backend: "http";
  readonly address: string;
  readonly lockAddress?: string;
  readonly unlockAddress?: string;
  readonly updateMethod?: string;
  readonly lockMethod?: string;
  readonly unlockMethod?: string;
  /** Names of environment variables, never the values. */
  readonly username?: { readonly env: string };
  readonly password?: { readonly env: string };
}

export interface ProjectSettings {
  /** Of the environment, where it has its own. */
  readonly ledger: LedgerSettings;
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
}

export const DEFAULT_ENVIRONMENT = "default";
export const DEFAULT_API_KEY_VARIABLE = "TELNYX_API_KEY";
