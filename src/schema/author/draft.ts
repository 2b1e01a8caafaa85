import type { Address } from "../../model/address.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Pointer } from "../../model/pointer.ts";

/** What a new manifest is to say. */
export interface ManifestDraft {
  readonly address: Address;
  readonly kind: Kind;
  /** As a manifest has it; ids of objects of the project are `{ ref }`. */
  readonly spec: JsonObject;
  /** The environments in which it exists; absent: all. */
  readonly environments?: readonly string[];
  /** Comments, by the place in `spec` that they are about; where nothing stands there, above what is around it. */
  readonly remarks?: ReadonlyMap<Pointer, string>;
  /** The block `lifecycle`, as it is written. */
  readonly lifecycle?: JsonObject;
}

/** A new file of a project. */
export interface AuthoredFile {
  /** From the root of the project, with `/` between folders. */
  readonly path: string;
  readonly text: string;
  /** The manifests in it, or those that include it. */
  readonly addresses: readonly Address[];
}

/** `split`: a folder for each kind, and long texts in files of their own. `single`: everything in `manifests.yaml`. */
export type Layout = "split" | "single";

export interface AuthoredOptions {
  readonly layout: Layout;
  /** Files that are there, from the root of the project: none of the new ones takes their place. */
  readonly taken: ReadonlySet<string>;
}
