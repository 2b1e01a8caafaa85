import type { Lint } from "../../../../model/kind.ts";
import { nodeAt } from "../../../../model/node.ts";
import { assistantContents, numberAt } from "./content.ts";

/** Pairs below `transcription.settings`; the first value must not be greater than the second. */
const AT_MOST = [
  ["eager_eot_threshold", "eot_threshold"],
  ["min_turn_silence", "max_turn_silence"],
] as const;

/** RC3027: settings that contradict each other. */
export const contradictions: Lint = (check) => {
  for (const { whole, node, subject } of assistantContents(check)) {
    const path = ["transcription", "settings"];
    for (const [low, high] of AT_MOST) {
      const [least, most] = [numberAt(whole, ...path, low), numberAt(whole, ...path, high)];
      if (least === undefined || most === undefined || least <= most) continue;
      check.report({
        code: "RC3027",
        message: `${low} (${least}) is more than ${high} (${most})`,
        at: nodeAt(node, [...path, low]) ?? nodeAt(node, [...path, high]) ?? subject.at,
        address: subject.address,
      });
    }
    const llm = nodeAt(node, ["external_llm"]);
    const model = nodeAt(node, ["model"]);
    if (llm === undefined || model === undefined) continue;
    const message = "the model is ignored, because external_llm is set";
    check.report({ code: "RC3027", message, at: model, address: subject.address, hint: "remove one of them" });
  }
};
