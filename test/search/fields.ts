import fc from "fast-check";
import type { JsonObject } from "../../src/model/json.ts";
import { some } from "../reconcile/arbitrary.ts";
import type { Kind } from "../stories/manifests.ts";
import type { Links } from "./items.ts";

/** An inline tool with a header, whose value is a secret. */
export function hook(name: string, value = "alpha"): JsonObject {
  const headers = [{ name: "X-Team", value }];
  return { type: "webhook", webhook: { name, description: "Calls.", url: "https://w.example", headers } };
}

const text = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

export const FIELDS: Readonly<Record<Kind, fc.Arbitrary<JsonObject>>> = {
  Assistant: text("Be brief.", "Be kind.\nBe calm.").chain((instructions) =>
    some(
      {
        greeting: text("", "Hi"),
        description: text("One.", "Two."),
        tags: fc.subarray(["red", "blue"]),
        voice_settings: text("v1", "v2").chain((voice) =>
          some({ voice_speed: fc.constantFrom(1, 1.2) }, { voice }),
        ),
        telephony_settings: some({
          time_limit_secs: fc.constantFrom(600, 1800),
          user_idle_timeout_secs: fc.constant(60),
        }),
        dynamic_variables: some({ a: text("1", "2"), b: fc.constant({ deep: [1] }) }),
        transcription: some({ language: text("en", "de") }, { model: "deepgram/nova-3" }),
        privacy_settings: some({ data_retention: fc.boolean() }),
        widget_settings: some({ start_call_text: text("Call", "Ring"), position: fc.constant("fixed") }),
      },
      { instructions },
    ),
  ),
  Tool: fc
    .tuple(
      text("https://a.example", "https://b.example"),
      some({ method: text("POST", "GET"), async: fc.boolean() }),
    )
    .map(([url, rest]) => ({
      type: "webhook",
      webhook: Object.assign({ description: "d", url }, rest),
    })),
  McpServer: text("https://a.example", "https://b.example").chain((url) =>
    some({ allowed_tools: fc.subarray(["x", "y"]) }, { type: "http", url }),
  ),
  AssistantTest: fc.shuffledSubarray(["Tone", "Facts"], { minLength: 1 }).chain((names) =>
    some(
      { description: text("One.", "Two."), test_suite: text("smoke") },
      {
        destination: "+15550001111",
        instructions: "Ask.",
        rubric: names.map((name) => ({ name, criteria: `${name} is right.` })),
      },
    ),
  ),
  AssistantVersion: some({
    greeting: text("Hey", "Ahoy"),
    instructions: text("Be new."),
    dynamic_variables: some({ a: text("1", "2"), c: text("3") }),
    voice_settings: text("v3", "v4").map((voice) => ({ voice })),
    tools: fc.subarray([hook("one"), hook("two")]),
  }),
  CanaryDeploy: fc.constantFrom(10, 20).map((weight) => ({ weight })),
};

export const links: fc.Arbitrary<Links> = fc.record({
  tools: fc.boolean(),
  servers: fc.boolean(),
  handoff: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
  parent: fc.nat(2),
});

export const SLOTS: readonly (readonly [Kind, readonly string[], number])[] = [
  ["Assistant", ["a", "b", "c"], 6],
  ["Tool", ["t"], 2],
  ["McpServer", ["m"], 2],
  ["AssistantTest", ["q"], 1],
  ["AssistantVersion", ["v"], 3],
  ["CanaryDeploy", ["c"], 3],
];
