import type { JsonObject } from "../../model/json.ts";

export interface JsonOptions {
  readonly rollcallVersion: string;
}

/**
 * What every result begins with. Names are in snake case, as Terraform's are; `x_rollcall` holds the nouns of the
 * model as they are. `format_version` is the version of Terraform's plan format that is followed.
 */
export function envelope({ rollcallVersion }: JsonOptions): JsonObject {
  return { format_version: "1.2", rollcall_version: rollcallVersion };
}
