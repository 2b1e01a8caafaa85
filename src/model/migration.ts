import type { Address } from "./address.ts";
import type { JsonObject } from "./json.ts";
import type { Pointer } from "./pointer.ts";

/** A resource that was made out of a file of another provider. */
export interface MigratedResource {
  readonly kind: string;
  /** What references of the same migration know it by: `{ ref: Kind/key }`. */
  readonly key: string;
  /** The remote name. */
  readonly name: string;
  readonly spec: JsonObject;
  /** Comments, by the place in `spec` that they are about. */
  readonly remarks: ReadonlyMap<Pointer, string>;
}

/** A value in a file that was not migrated. */
export interface Loss {
  readonly file: string;
  readonly at: Pointer;
  /** As the end of a sentence. */
  readonly why: string;
}

export interface Migration {
  readonly resources: readonly MigratedResource[];
  /** Everything in the files that was not migrated. */
  readonly losses: readonly Loss[];
}

/** What the user still has to do in a new manifest. */
export interface LeftToDo {
  readonly address: Address;
  readonly path: Pointer;
  /** As a sentence. */
  readonly what: string;
}

/** What a migration writes, and what it does not. */
export interface MigrationResult {
  readonly provider: string;
  /** Nothing was written. */
  readonly isDryRun: boolean;
  readonly files: readonly { readonly file: string; readonly addresses: readonly Address[] }[];
  readonly todos: readonly LeftToDo[];
  readonly losses: readonly Loss[];
  /** What `spec.manifests` of the project lacks, so that the files are read. */
  readonly missingEntries: readonly string[];
}
