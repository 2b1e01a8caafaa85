import { credentialsIn } from "./credentials.ts";
import type { Report } from "./finding.ts";
import { sliceFinder, type Node } from "./node.ts";

/** No string, wherever it stands and wherever it came from, holds a credential in clear. */
export function checkTexts(node: Node, report: Report): void {
  if (node.type === "map") for (const { value } of node.members.values()) checkTexts(value, report);
  else if (node.type === "list") for (const item of node.items) checkTexts(item, report);
  else if (typeof node.value === "string") {
    const found = credentialsIn(node.value);
    const find = found.length === 0 ? undefined : sliceFinder(node);
    for (const { name, start, end } of found) {
      report({
        code: "RC3017",
        message: `this looks like ${name}`,
        at: find?.(start, end),
        within: node,
        hint: "store it as an integration secret and name that instead, and revoke what was committed",
      });
    }
  }
}
