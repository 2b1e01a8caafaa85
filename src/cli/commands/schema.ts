import { stringify, type JsonObject } from "../../model/json.ts";
const editorSchema = (_: unknown): JsonObject => ({});
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { print, type Io } from "../io.ts";
import { KINDS } from "../workspace.ts";

/** The one schema that validation, editors and `explain` share; or that of one kind's `spec`. */
export async function schemaCommand(io: Io, kind: string | undefined): Promise<ExitCode> {
  await print(io, stringify(kind === undefined ? editorSchema(KINDS) : specSchema(kind), 2));
  return 0;
}

function specSchema(name: string): JsonObject {
  const kind = KINDS.get(name);
  if (kind === undefined)
    throw new UsageError(`there is no kind ${name}`, `the kinds are ${[...KINDS.keys()].join(", ")}`);
  return kind.schema;
}
