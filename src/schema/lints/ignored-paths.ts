import { isObject, type Json } from "../../model/json.ts";
import { segments } from "../../model/pointer.ts";
import { IS_POINTER } from "../envelope-schema.ts";
import type { Report } from "../finding.ts";
import type { Lint, LintSubject } from "./lint.ts";
import { nodeAt, type Node } from "../node.ts";
import { fieldsOf, schemasAt } from "../schema-at.ts";
import { didYouMean } from "../suggest.ts";
import { entriesAt } from "./lifecycle-content.ts";

/** RC3022: what is ignored exists, and is not declared at the same time. */
export const ignoredPaths: Lint = (subjects, report) => {
  for (const subject of subjects) {
    for (const { text, node } of entriesAt(subject, "ignore")) {
      if (IS_POINTER.test(text)) checkIgnored(subject, node, segments(text), report);
    }
  }
};

function checkIgnored(subject: LintSubject, at: Node, path: readonly string[], report: Report): void {
  const { kind, spec, node, address } = subject;
  if (nodeAt(node, path) !== undefined) {
    const message = `${address} declares what it ignores`;
    report({ code: "RC3022", message, at, address, hint: "remove the path here, or the value below `spec`" });
    return;
  }
  for (const [index, segment] of path.entries()) {
    const above = schemasAt(kind.schema, spec, path.slice(0, index));
    // Elements of lists go by number or by key, and free content has any keys.
    if (above.some(({ items, additionalProperties }) => items !== undefined || isOpen(additionalProperties)))
      return;
    const fields = fieldsOf(above);
    if (fields.includes(segment)) continue;
    const message = `${kind.kind}.spec has no field /${path.slice(0, index + 1).join("/")}`;
    report({ code: "RC3022", message, at, address, hint: didYouMean(segment, fields) });
    return;
  }
}

function isOpen(additional: Json | undefined): boolean {
  return additional === true || isObject(additional);
}
