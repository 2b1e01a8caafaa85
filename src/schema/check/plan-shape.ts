import { readFileSync } from "node:fs";
import { packageFile } from "../../host/package-file.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { compiled } from "./validate.ts";

/** The published schema of plans. */
const SCHEMA = packageFile("schema/plan.schema.json");

/** Where a value is not as the published schema of plans says; `undefined` where it is a plan. */
export async function shapeFault(plan: Json): Promise<string | undefined> {
  const schema = JSON.parse(readFileSync(SCHEMA, "utf8")) as JsonObject;
  const validate = await compiled(schema);
  if (validate(plan)) return undefined;
  const [first] = validate.errors ?? [];
  return `${first?.instancePath === "" ? "it" : first?.instancePath} has another form (${first?.keyword})`;
}
