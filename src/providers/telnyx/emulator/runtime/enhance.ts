import { assistantOf } from "../assistants.ts";
import { enhanceInstructions } from "../check/runtime.ts";
import { Refusal, telnyxError } from "../errors.ts";
import { mainVersion } from "../references.ts";
import { takeRule } from "../scripted.ts";
import { checked, type Handler } from "../world.ts";
import { isAssistant, words } from "./bot.ts";

/** Calls no model: without a rule, a fixed sentence and the prompt are appended to the instructions. */
export const enhance: Handler = (call) => {
  const assistant = assistantOf(call);
  const { instructions, enhancement_prompt: prompt } = checked(enhanceInstructions, call.body ?? {});
  const rule = takeRule(call.world.rules.enhance, (one) => isAssistant(assistant, one.assistant));
  if (rule?.fail !== undefined) {
    const { status = 500, detail = "The instructions could not be enhanced" } = rule.fail;
    throw new Refusal(telnyxError(status, detail));
  }
  const before = String(instructions ?? mainVersion(assistant).config["instructions"]);
  const more = [
    "If a tool fails, say so and offer another way.",
    ...(typeof prompt === "string" ? [prompt] : []),
  ];
  const enhanced = rule?.instructions ?? `${before.trimEnd()}\n\n${more.join("\n")}\n`;
  return { status: 200, pieces: words(enhanced), headers: { "content-type": "text/plain; charset=utf-8" } };
};
