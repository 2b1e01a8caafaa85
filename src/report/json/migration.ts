import type { JsonObject } from "../../model/json.ts";
import type { MigrationResult } from "../../model/migration.ts";
import { envelope, type JsonOptions } from "./envelope.ts";
import { plain } from "./plain.ts";

/** The files of a migration, what is left to do in them, and what did not come along. */
export function migrationJson(result: MigrationResult, options: JsonOptions): JsonObject {
  const { provider, isDryRun, files, todos, losses, missingEntries } = result;
  return {
    ...envelope(options),
    ...plain({ provider, status: isDryRun ? "planned" : "migrated", files, todos, losses, missingEntries }),
  };
}
