import type { Json, JsonObject } from "../../../../model/json.ts";

/** What the bot answers. Every condition that is given must hold; the last rule that fits decides. */
export interface ChatRule {
  /** Id or name of the assistant. */
  readonly assistant?: string;
  /** A part of the message, in any case. */
  readonly contains?: string;
  /** An expression that the message matches. */
  readonly matches?: string;
  /** `{{content}}` and `{{name}}` stand for the message and its sender. Without it the message is echoed. */
  readonly reply?: string;
  /** The answer in the pieces in which it is streamed, instead of `reply`. */
  readonly pieces?: readonly string[];
  /** Tools that the bot calls before it answers. */
  readonly tools?: readonly {
    readonly name: string;
    readonly arguments?: JsonObject;
    readonly result?: string;
  }[];
  /** Instead of an answer: an error, in a stream after so many pieces. */
  readonly fail?: { readonly status?: number; readonly detail?: string; readonly after?: number };
  /** Used up after so many messages. */
  readonly times?: number;
}

/** How scheduled events go, drawn up when they are created. Every condition that is given must hold. */
export interface EventRule {
  /** Id or name of the assistant. */
  readonly assistant?: string;
  readonly channel?: "phone_call" | "sms_chat";
  /** The person's number or address. */
  readonly to?: string;
  /**
   * How the attempts end, the last one being that of all further ones: `completed`, which is the default, or for a
   * call `busy`, `no-answer`, `failed` or `canceled`, and for a message `failed`.
   */
  readonly outcomes?: readonly string[];
  /** How long an attempt takes; 30 for a call and 1 for a message when left out. */
  readonly seconds?: number;
  /** Used up after so many events. */
  readonly times?: number;
}

/** What the webhook of a tool answers to a test. Every condition that is given must hold. */
export interface ToolRule {
  /** Id or display name of the tool. */
  readonly tool?: string;
  /** Id or name of the assistant. */
  readonly assistant?: string;
  /** Arguments that the test has, among others. */
  readonly arguments?: JsonObject;
  /** 200 when left out. */
  readonly status?: number;
  readonly content_type?: string;
  /** A text as it is, anything else as JSON. */
  readonly response?: Json;
  /** Used up after so many tests. */
  readonly times?: number;
}

/** What becomes of instructions that are enhanced. */
export interface EnhanceRule {
  /** Id or name of the assistant. */
  readonly assistant?: string;
  readonly instructions?: string;
  /** Instead of instructions: an error before the answer begins. */
  readonly fail?: { readonly status?: number; readonly detail?: string };
  /** Used up after so many requests. */
  readonly times?: number;
}

/** What tests have set about how assistants behave when they are used. */
export interface Rules {
  readonly chat: ChatRule[];
  readonly events: EventRule[];
  readonly tools: ToolRule[];
  readonly enhance: EnhanceRule[];
}

export function noRules(): Rules {
  return { chat: [], events: [], tools: [], enhance: [] };
}

/** Throws what is wrong with a rule when it is set, not when it is used. */
export function checkedRule(rule: ChatRule): ChatRule {
  return { ...rule, ...(rule.matches !== undefined && { matches: new RegExp(rule.matches, "u").source }) };
}
