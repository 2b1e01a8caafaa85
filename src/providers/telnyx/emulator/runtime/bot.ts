import type { Json } from "../../../../model/json.ts";
import { mainVersion } from "../references.ts";
import { takeRule } from "../scripted.ts";
import type { AssistantRecord } from "../records.ts";
import type { World } from "../world.ts";
import type { Said } from "./conversations.ts";
import type { ChatRule } from "./rules.ts";

export interface BotAnswer {
  readonly pieces: readonly string[];
  /** Messages about the tools that the bot called before it answered. */
  readonly calls: readonly Said[];
  readonly fail?: NonNullable<ChatRule["fail"]>;
}

interface Heard {
  readonly assistant: AssistantRecord | undefined;
  readonly content: string;
  readonly name?: string;
}

/** Calls no model: the last rule that matches decides, and without a rule the message is echoed. */
export function answerTo(world: World, heard: Heard): BotAnswer {
  const rule = takeRule(world.rules.chat, (one) => fits(one, heard)) ?? {};
  const reply = filledIn(rule.reply ?? heard.content, rule.reply === undefined ? {} : heard);
  return {
    pieces: rule.pieces ?? words(reply),
    calls: (rule.tools ?? []).flatMap((tool) => callMessages(world, tool)),
    ...(rule.fail !== undefined && { fail: rule.fail }),
  };
}

export function isAssistant(record: AssistantRecord | undefined, nameOrId: string | undefined): boolean {
  if (nameOrId === undefined) return true;
  return record !== undefined && (record.id === nameOrId || mainVersion(record).config["name"] === nameOrId);
}

function fits(rule: ChatRule, { assistant, content }: Heard): boolean {
  return (
    isAssistant(assistant, rule.assistant) &&
    (rule.contains === undefined || content.toLowerCase().includes(rule.contains.toLowerCase())) &&
    (rule.matches === undefined || new RegExp(rule.matches, "u").test(content))
  );
}

/** Replaces each `{{name}}` that has a value. */
export function filledIn(text: string, values: object): string {
  return text.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) => {
    const value: unknown = Object.hasOwn(values, name) ? Reflect.get(values, name) : undefined;
    return typeof value === "string" ? value : whole;
  });
}

/** Splits a text after each word. The pieces joined are the text. */
export function words(text: string): readonly string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

function callMessages(world: World, tool: NonNullable<ChatRule["tools"]>[number]): readonly Said[] {
  const call: Json = {
    id: `call_${world.chance.uuid()}`,
    type: "function",
    function: { name: tool.name, arguments: JSON.stringify(tool.arguments ?? {}) },
  };
  return [
    { role: "assistant", text: null, tool_calls: [call] },
    { role: "tool", text: tool.result ?? "" },
  ];
}
