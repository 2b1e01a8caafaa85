import { credentialsIn, credentialsUnder, type Credential } from "../diagnostics/credentials/find.ts";
import type { Finding, ReportFinding } from "../../model/finding.ts";
import { sliceFinder, type Node, type ScalarNode } from "../../model/node.ts";

/** No string, wherever it stands and wherever it came from, holds a credential in clear; no key does, either. */
export function checkTexts(node: Node, report: ReportFinding, under?: string): void {
  if (node.type === "scalar") return checkText(node, report, under);
  if (node.type === "list") for (const item of node.items) checkTexts(item, report, under);
  else
    for (const [name, { key, value }] of node.members) {
      for (const found of credentialsIn(name))
        report({ ...findingOf(found), at: key, within: key, secret: key });
      checkTexts(value, report, name);
    }
}

function checkText(node: ScalarNode, report: ReportFinding, under: string | undefined): void {
  if (typeof node.value !== "string") return;
  const found = under === undefined ? credentialsIn(node.value) : credentialsUnder(under, node.value);
  const find = found.length === 0 ? undefined : sliceFinder(node);
  for (const one of found) {
    const at = find?.(one.start, one.end);
    const isVerbatim = at?.source.text.slice(at.start, at.end) === node.value.slice(one.start, one.end);
    const secret = isVerbatim ? at : isEncoded(node) ? node : undefined;
    report({ ...findingOf(one), at, within: node, secret });
  }
}

function findingOf({ name }: Credential): Finding {
  return {
    code: "RC3017",
    message: `this looks like ${name}`,
    hint: "store it as an integration secret, refer to that, and revoke the committed value",
  };
}

/** Written with escapes, or folded over lines: no pattern matches the text as it is written. */
function isEncoded({ source, start, end, included }: ScalarNode): boolean {
  return included === undefined && /[\\\n]|''/.test(source.text.slice(start, end));
}
