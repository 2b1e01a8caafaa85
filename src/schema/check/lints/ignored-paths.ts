import { segments } from "../../../model/pointer.ts";
import { IS_POINTER } from "../envelope-schema.ts";
import type { ReportFinding } from "../../../model/finding.ts";
import type { Lint, LintSubject } from "../../../model/kind.ts";
import { nodeAt, type Node } from "../../../model/node.ts";
import { missingField } from "../../../model/json-schema.ts";
import { misspelt } from "../../../model/suggest.ts";
import { entriesAt } from "./lifecycle-content.ts";

/** RC3022: what is ignored is not declared at the same time. RC3035: and is no slip of the finger. */
export const ignoredPaths: Lint = ({ subjects, report }) => {
  for (const subject of subjects) {
    for (const { text, node } of entriesAt(subject, "ignore")) {
      if (IS_POINTER.test(text)) checkIgnored(subject, node, segments(text), report);
    }
  }
};

function checkIgnored(subject: LintSubject, at: Node, path: readonly string[], report: ReportFinding): void {
  const { kind, spec, node, address } = subject;
  if (nodeAt(node, path) !== undefined) {
    const message = `${address} declares an ignored path`;
    report({ code: "RC3022", message, at, address, hint: "remove the path here, or the value below `spec`" });
    return;
  }
  const missing = missingField(kind.schema, spec, path);
  // A live object may well have fields that no documentation tells of.
  const meant = missing === undefined ? undefined : misspelt(missing.name, missing.fields);
  if (missing === undefined || meant === undefined) return;
  const message = `${kind.kind}.spec has no field ${missing.path}`;
  report({ code: "RC3035", message, at, address, hint: `did you mean "${meant}"?` });
}
