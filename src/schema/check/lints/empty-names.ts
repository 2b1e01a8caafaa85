import type { Lint } from "../../../model/kind.ts";
import { textsIn } from "../../../model/node.ts";
import { isLabel, schemasAt, typesOf } from "../../../model/json-schema.ts";
import { labelled } from "../../diagnostics/shown.ts";

const NAMES: ReadonlySet<string> = new Set(["name", "display_name", "version_name"]);

/** RC2008: what is known by its name has one. */
export const emptyNames: Lint = ({ subjects, report }) => {
  for (const { kind, spec, node, address } of subjects) {
    for (const { node: at, text, path } of textsIn(node)) {
      if (text.trim() !== "" || !NAMES.has(path.at(-1) ?? "") || at.unread === true) continue;
      const schemas = schemasAt(kind.schema, spec, path);
      if (isLabel(schemas)) continue;
      // The schema says the same where it asks for a length.
      const isSaid =
        text === "" &&
        schemas.some(({ minLength, pattern }) => minLength !== undefined || pattern !== undefined);
      if (isSaid || !typesOf(schemas).includes("string")) continue;
      const message = `${labelled(`${kind.kind}.spec`, path)}: the name is ${text === "" ? "empty" : "blank"}`;
      report({
        code: "RC2008",
        message,
        at,
        address,
        hint: "write a name, or leave the field out if it is optional",
      });
    }
  }
};
