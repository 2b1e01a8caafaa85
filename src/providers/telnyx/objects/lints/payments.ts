import { property } from "../../../../model/json.ts";
import type { Lint } from "../../../../model/kind.ts";
import { nodeAt } from "../../../../model/node.ts";
import { assistantContents } from "./content.ts";
import { toolPlace, toolsOf } from "./tools.ts";

/** What makes the difference; a version that changes none of it is judged with its assistant. */
const DECISIVE = ["telephony_settings", "tools", "tool_ids", "conversation_flow"];

/** RC3012: card digits must not reach the model. */
export const payments: Lint = (check) => {
  for (const content of assistantContents(check)) {
    const { own, whole, subject, node } = content;
    if (!DECISIVE.some((key) => property(own, key) !== undefined)) continue;
    if (property(whole["telephony_settings"], "disable_dtmf") === true) continue;
    const tool = toolsOf(whole, check.project).find(({ definition }) => definition["type"] === "pay");
    if (tool === undefined) continue;
    check.report({
      code: "RC3012",
      message: "a payment tool needs telephony_settings.disable_dtmf: true",
      at: nodeAt(node, ["telephony_settings", "disable_dtmf"]) ?? toolPlace(content, tool) ?? subject.at,
      address: subject.address,
      hint: "add `disable_dtmf: true` to `telephony_settings`",
    });
  }
};
