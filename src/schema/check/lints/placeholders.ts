import { hintAt } from "../../../model/field-hints.ts";
import { schemasAt, typesOf } from "../../../model/json-schema.ts";
import type { Lint } from "../../../model/kind.ts";
import { textsIn } from "../../../model/node.ts";
import { labelled } from "../../diagnostics/shown.ts";
import { isPlaceholder } from "../placeholder.ts";

/** What people call things as they like. */
const NAMES: ReadonlySet<string> = new Set(["name", "display_name", "version_name"]);

/** RC3042 and RC3043: a value that is still to be filled in, and a text that is still to be written. */
export const placeholders: Lint = ({ subjects, report }) => {
  for (const { kind, spec, node, address } of subjects) {
    for (const { node: at, text, path } of textsIn(node)) {
      if (!isPlaceholder(text) || NAMES.has(path.at(-1) ?? "")) continue;
      // Free content may hold any word.
      if (!typesOf(schemasAt(kind.schema, spec, path)).includes("string")) continue;
      const code = hintAt(kind.fields, path).multiline === true ? "RC3043" : "RC3042";
      const message = `${labelled(`${kind.kind}.spec`, path)}: TODO must be replaced`;
      report({ code, message, at, address });
    }
  }
};
