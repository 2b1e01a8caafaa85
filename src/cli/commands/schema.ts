import { stringify, type JsonObject } from "../../model/json.ts";
import { editorSchema } from "../../schema/explain/editor-schema.ts";
import { didYouMean } from "../../model/suggest.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { print, type Io } from "../io.ts";
import { KINDS } from "../project.ts";

/** The schema of all manifests, as editors want it; or the one that the `spec` of a kind is validated with. */
export async function schemaCommand(io: Io, kind: string | undefined): Promise<ExitCode> {
  await print(io, stringify(kind === undefined ? editorSchema(KINDS) : specSchema(kind), 2));
  return 0;
}

function specSchema(name: string): JsonObject {
  const kind = KINDS.get(name);
  if (kind === undefined) {
    const names = [...KINDS.keys()];
    throw new UsageError(
      `there is no kind "${name}" with its own schema`,
      didYouMean(name, names) ?? `the kinds are ${names.join(", ")}`,
    );
  }
  return kind.schema;
}
