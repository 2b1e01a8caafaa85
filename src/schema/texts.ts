import { credentialsIn } from "./credentials/find.ts";
import type { Report } from "./finding.ts";
import { sliceFinder, type Node, type ScalarNode } from "./node.ts";

/** No string, wherever it stands and wherever it came from, holds a credential in clear. */
export function checkTexts(node: Node, report: Report): void {
  if (node.type === "map") for (const { value } of node.members.values()) checkTexts(value, report);
  else if (node.type === "list") for (const item of node.items) checkTexts(item, report);
  else if (typeof node.value === "string") {
    const found = credentialsIn(node.value);
    const find = found.length === 0 ? undefined : sliceFinder(node);
    for (const { name, start, end } of found) {
      const at = find?.(start, end);
      const isVerbatim = at?.source.text.slice(at.start, at.end) === node.value.slice(start, end);
      report({
        code: "RC3017",
        message: `this looks like ${name}`,
        at,
        within: node,
        secret: isVerbatim ? at : isEncoded(node) ? node : undefined,
        hint: "store it as an integration secret and name that instead, and revoke what was committed",
      });
    }
  }
}

/** Written with escapes, or folded over lines: as it stands there, no pattern finds what is in it. */
function isEncoded({ source, start, end, included }: ScalarNode): boolean {
  return included === undefined && /[\\\n]|''/.test(source.text.slice(start, end));
}
