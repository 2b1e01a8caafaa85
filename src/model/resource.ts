import type { Address } from "./address.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Pointer } from "./pointer.ts";

/** One validated manifest: files and variables are resolved, references are still `{ ref: "Kind/name" }`. */
export interface Resource {
  readonly address: Address;
  readonly kind: string;
  readonly name: string;
  /** Local only, for `--selector`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly lifecycle: Lifecycle;
  readonly spec: JsonObject;
  /** Where it was declared: file relative to the project root. */
  readonly file: string;
  /** The line on which its document begins, from 1; absent for a resource that was not read from a file. */
  readonly line?: number;
}

export interface Lifecycle {
  /** Never delete or replace. Kept in the ledger: only an explicit `false` removes it, not a missing block. */
  readonly protect?: boolean;
  /** Compared and reported, never written or deleted. */
  readonly observe?: true;
  /** Paths in `spec` whose live value is copied into desired before the comparison. */
  readonly ignore: readonly Pointer[];
  /** Former addresses of this resource. */
  readonly movedFrom: readonly Address[];
  /** The live object that this resource is. */
  readonly import?: ImportBlock;
}

/** The id of a live object, and where the manifest names it: `assistants/desk.yaml:5:11`. */
export interface ImportBlock {
  readonly id: string;
  readonly place: string;
}

/** Stands wherever the API wants the id of another resource. */
export interface Reference extends JsonObject {
  readonly ref: Address;
}

export function isReference(value: Json | undefined): value is Reference {
  return isObject(value) && typeof value["ref"] === "string" && Object.keys(value).length === 1;
}
