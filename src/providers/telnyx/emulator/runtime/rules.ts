import type { Json, JsonObject } from "../../../../model/json.ts";

/** What the bot answers. All conditions of a rule must match; the last rule that matches decides. */
export interface ChatRule {
  /** Id or name of the assistant. */
  readonly assistant?: string;
  /** A part of the message; case does not matter. */
  readonly contains?: string;
  /** A regular expression for the message. */
  readonly matches?: string;
  /** `{{content}}` is replaced by the message, `{{name}}` by its sender. Without a reply the message is echoed. */
  readonly reply?: string;
  /** Instead of `reply`: the answer in the pieces in which it is streamed. */
  readonly pieces?: readonly string[];
  /** Tools that the bot calls before it answers. */
  readonly tools?: readonly {
    readonly name: string;
    readonly arguments?: JsonObject;
    readonly result?: string;
  }[];
  /** An error instead of an answer. With `after`, a stream sends so many deltas first. */
  readonly fail?: { readonly status?: number; readonly detail?: string; readonly after?: number };
  /** Used up after so many messages. */
  readonly times?: number;
}

/** How scheduled events end. The rule is chosen when the event is created. All conditions must match. */
export interface EventRule {
  /** Id or name of the assistant. */
  readonly assistant?: string;
  readonly channel?: "phone_call" | "sms_chat";
  /** The person's number or address. */
  readonly to?: string;
  /**
   * The result of each attempt; the last one is repeated. `completed` is the default. Others are `busy`, `no-answer`,
   * `failed` and `canceled` for a call, and `failed` for a message.
   */
  readonly outcomes?: readonly string[];
  /** How long an attempt takes. Default: 30 for a call, 1 for a message. */
  readonly seconds?: number;
  /** Used up after so many events. */
  readonly times?: number;
}

/** What the webhook of a tool answers to a test. All conditions must match. */
export interface ToolRule {
  /** Id or display name of the tool. */
  readonly tool?: string;
  /** Id or name of the assistant. */
  readonly assistant?: string;
  /** Arguments that the test must have; it may have more. */
  readonly arguments?: JsonObject;
  /** Default: 200. */
  readonly status?: number;
  readonly content_type?: string;
  /** A string is sent as it is, any other value as JSON. */
  readonly response?: Json;
  /** Used up after so many tests. */
  readonly times?: number;
}

/** The result of enhancing instructions. */
export interface EnhanceRule {
  /** Id or name of the assistant. */
  readonly assistant?: string;
  readonly instructions?: string;
  /** An error response instead of a result. */
  readonly fail?: { readonly status?: number; readonly detail?: string };
  /** Used up after so many requests. */
  readonly times?: number;
}

/** All rules that tests have set. */
export interface Rules {
  readonly chat: ChatRule[];
  readonly events: EventRule[];
  readonly tools: ToolRule[];
  readonly enhance: EnhanceRule[];
}

export function noRules(): Rules {
  return { chat: [], events: [], tools: [], enhance: [] };
}

/** Checks the rule when it is set. Throws a SyntaxError. */
export function checkedRule(rule: ChatRule): ChatRule {
  return { ...rule, ...(rule.matches !== undefined && { matches: new RegExp(rule.matches, "u").source }) };
}
