import type { Address } from "../../model/address.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Rewrite } from "./structure.ts";

/** How manifests are changed for one environment alone. */
export interface Patching {
  /** Whether a manifest is changed by a patch, because another environment has it. */
  readonly isPatched: (address: Address) => boolean;
  /** What a patch says of the block `lifecycle`. */
  readonly lifecycles?: ReadonlyMap<Address, JsonObject>;
  /** The path of a new file for a text; `undefined` where it stands in the patch. */
  readonly textFile: (
    rewrite: Rewrite,
    path: readonly string[],
    text: string,
    wasFile: boolean,
  ) => string | undefined;
}
