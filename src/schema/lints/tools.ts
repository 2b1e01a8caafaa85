import { property } from "../../model/json.ts";
import type { Report } from "../finding.ts";
import type { Lint } from "../lint.ts";
import { keyPlace, nodeAt } from "../node.ts";
import {
  assistantContents,
  bySubject,
  stringAt,
  toolsOf,
  type AssistantContent,
  type UsedTool,
} from "./assistant-content.ts";

/** RC3012: card digits must not reach the model. */
export const payments: Lint = (subjects, report) => {
  const byAddress = bySubject(subjects);
  for (const content of assistantContents(subjects)) {
    const { whole, node, subject } = content;
    if (property(whole["telephony_settings"], "disable_dtmf") === true) continue;
    const tool = toolsOf(whole, byAddress).find(({ definition }) => definition["type"] === "pay");
    if (tool === undefined) continue;
    const here = nodeAt(node, tool.path);
    report({
      code: "RC3012",
      message: `a payment tool needs telephony_settings.disable_dtmf: true`,
      at: here === undefined ? subject.at : toolPlace(content, tool),
      address: subject.address,
      hint: "add `disable_dtmf: true` to `telephony_settings`",
    });
  }
};

/** Types of which an assistant may have several, told apart by their names. */
const NAMED: ReadonlySet<string> = new Set([
  "webhook",
  "client_side_tool",
  "function",
  "update_dynamic_variables",
]);

/** RC3024: one tool of each type, one of each name. */
export const repeatedTools: Lint = (subjects, report) => {
  const byAddress = bySubject(subjects);
  for (const content of assistantContents(subjects)) {
    const seen = new Map<string, UsedTool>();
    // The steps of a flow have tools of their own.
    const tools = toolsOf(content.whole, byAddress).filter(({ path }) => path[0] !== "conversation_flow");
    for (const tool of tools) {
      const key = keyOf(tool);
      if (key === undefined) continue;
      if (seen.has(key.id)) reportRepeated(content, tool, key.words, report);
      else seen.set(key.id, tool);
    }
  }
};

function keyOf({ definition, shared }: UsedTool): { readonly id: string; readonly words: string } | undefined {
  const type = stringAt(definition, "type");
  if (type === undefined) return undefined;
  const name = stringAt(definition, type, "name");
  if (NAMED.has(type))
    return name === undefined ? undefined : { id: `name ${name}`, words: `a tool named "${name}"` };
  return shared === undefined || type !== "handoff"
    ? { id: `type ${type}`, words: `a tool of type ${type}` }
    : undefined;
}

function reportRepeated(content: AssistantContent, tool: UsedTool, words: string, report: Report): void {
  const { node, subject } = content;
  // Inherited from the assistant, where it is reported.
  if (nodeAt(node, tool.path) === undefined) return;
  report({
    code: "RC3024",
    message: `the assistant has ${words} already`,
    at: toolPlace(content, tool),
    address: subject.address,
  });
}

function toolPlace({ node }: AssistantContent, { path }: UsedTool) {
  return nodeAt(node, [...path, "type"]) ?? nodeAt(node, path) ?? keyPlace(node, path);
}
