/**
 * Writes `schema/rollcall.schema.json`, the schema that editors use. `--check` writes nothing and fails when the file
 * is stale.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { kinds } from "../src/providers/telnyx/kinds/index.ts";
import { editorSchema } from "../src/schema/explain/editor-schema.ts";

const FILE = resolve(import.meta.dirname, "../schema/rollcall.schema.json");
const byName = new Map(kinds.map((kind) => [kind.kind, kind]));
const text = `${JSON.stringify(editorSchema(byName), null, 1)}\n`;

if (process.argv.includes("--check")) {
  if (readFileSync(FILE, "utf8") !== text) {
    console.error("schema/rollcall.schema.json is stale: run scripts/generate-editor-schema.ts");
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, text);
}
