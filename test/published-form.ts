import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";

/** What a value has that the published schema of this name does not allow. */
export function publishedForm(name: string): (value: unknown) => readonly string[] {
  const path = join(import.meta.dirname, `../schema/${name}.schema.json`);
  const schema = JSON.parse(readFileSync(path, "utf8")) as object;
  const validate = new Ajv2020({ allErrors: true, strict: false, formats: { "date-time": true } }).compile(
    schema,
  );
  return (value) =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
