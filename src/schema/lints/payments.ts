import { property } from "../../model/json.ts";
import type { Lint } from "./lint.ts";
import { nodeAt } from "../node.ts";
import { assistantContents, bySubject, toolPlace, toolsOf } from "./assistant-content.ts";

/** What makes the difference; a version that changes none of it is judged with its assistant. */
const DECISIVE = ["telephony_settings", "tools", "tool_ids", "conversation_flow"];

/** RC3012: card digits must not reach the model. */
export const payments: Lint = (subjects, report) => {
  const byAddress = bySubject(subjects);
  for (const content of assistantContents(subjects)) {
    const { own, whole, subject, node } = content;
    if (!DECISIVE.some((key) => property(own, key) !== undefined)) continue;
    if (property(whole["telephony_settings"], "disable_dtmf") === true) continue;
    const tool = toolsOf(whole, byAddress).find(({ definition }) => definition["type"] === "pay");
    if (tool === undefined) continue;
    report({
      code: "RC3012",
      message: "a payment tool needs telephony_settings.disable_dtmf: true",
      at: nodeAt(node, ["telephony_settings", "disable_dtmf"]) ?? toolPlace(content, tool) ?? subject.at,
      address: subject.address,
      hint: "add `disable_dtmf: true` to `telephony_settings`",
    });
  }
};
