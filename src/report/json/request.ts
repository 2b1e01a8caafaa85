import type { JsonObject } from "../../model/json.ts";
import type { ProviderFailure } from "../../model/provider.ts";
import { plain } from "./plain.ts";

/** A request that failed, for programs: the same in every result and in errors. */
export function requestJson({ requestId, ...failure }: ProviderFailure): JsonObject {
  return plain({ ...failure, request_id: requestId });
}
