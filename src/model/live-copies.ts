import type { JsonObject } from "./json.ts";
import type { Pointer } from "./pointer.ts";

/** The providers from which Telnyx imports agents. */
export const IMPORT_PROVIDERS = ["elevenlabs", "vapi", "retell"] as const;

export type ImportProvider = (typeof IMPORT_PROVIDERS)[number];

/** A live assistant that came from another provider. */
export interface ImportedAssistant {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  /** Its id at that provider. */
  readonly importId: string;
}

export interface ImportRequest {
  readonly provider: ImportProvider;
  /** The name of the integration secret with the API key of the provider. */
  readonly secret: string;
  /** Ids at the provider; without them, everything. */
  readonly ids: readonly string[];
  readonly idempotencyKey: string;
}

/** A setting at another provider that no import brings along. Whether an agent had it is not known. */
export interface ImportGap {
  /** Paths in the configuration of the provider. */
  readonly fields: readonly string[];
  /** As the end of a sentence. */
  readonly why: string;
}

/** A place that names an integration secret. */
export interface SecretPlace {
  readonly path: Pointer;
  readonly name: string;
}

export interface ClonedAssistant {
  readonly id: string;
  /** The answer was lost, and the clone was found among the assistants. */
  readonly isFound: boolean;
}

/** What the API makes of objects that exist, here or at another provider. All methods throw `ProviderError`. */
export interface LiveCopies {
  /** A copy of an assistant, with what no manifest declares. */
  clone(id: string, idempotencyKey: string): Promise<ClonedAssistant>;
  /** The ids of other assistants that say and use the same: earlier clones, most likely. */
  alike(id: string): Promise<readonly string[]>;
  /** Brings assistants from another provider. One that was imported before is overwritten. */
  import(request: ImportRequest): Promise<readonly ImportedAssistant[]>;
  /** The assistants that were imported so far. */
  imported(): Promise<readonly ImportedAssistant[]>;
  /** The names of the integration secrets. */
  secrets(): Promise<readonly string[]>;
  /** Where an object names integration secrets. */
  secretsIn(spec: JsonObject): readonly SecretPlace[];
  /** What an import from the provider has not migrated and what its spec does not show. */
  gapsOf(provider: ImportProvider, spec: JsonObject): readonly ImportGap[];
  /** Which agents of the provider no import takes, as a sentence. */
  leftOutBy(provider: ImportProvider): string | undefined;
  /** The fields that a clone does not get from its source. */
  readonly notCloned: readonly Pointer[];
}
