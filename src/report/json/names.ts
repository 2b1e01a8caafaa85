import type { JsonObject } from "../../model/json.ts";

/** How every result names an object. */
export function namesJson({
  address,
  id,
  name,
}: {
  readonly address?: string;
  readonly id: string;
  readonly name: string;
}): JsonObject {
  return { address: address ?? null, id, name };
}
