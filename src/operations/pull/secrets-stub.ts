import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
export function withoutSecrets(
  spec: JsonObject,
  _kind: Kind,
): { spec: JsonObject; left: readonly { pointer: string; why: string }[] } {
  return { spec, left: [] };
}
