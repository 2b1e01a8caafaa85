import type { JsonObject } from "../../model/json.ts";
import type { PullResult } from "../../model/pull-result.ts";
import { envelope, type JsonOptions } from "./envelope.ts";
import { plain } from "./plain.ts";

/** The objects and files of a pull, and what stood in its way. */
export function pullJson(
  { status, objects, files, skipped, unwritten, adopted, left, followers, elsewhere, obstacles }: PullResult,
  environment: string,
  options: JsonOptions,
): JsonObject {
  return {
    ...envelope(options),
    environment,
    ...plain({ status, objects, files, skipped, unwritten, adopted, left, followers, elsewhere, obstacles }),
  };
}
