import fc from "fast-check";
import type { JsonObject } from "../../src/model/json.ts";
import { some } from "../reconcile/arbitrary.ts";
import type { KindName, Links } from "./items.ts";

/** Something that someone does. `which` picks one of those that are there. */
export type Act =
  | {
      readonly do: "declare";
      readonly kind: KindName;
      readonly slot: string;
      readonly fields: JsonObject;
      readonly links: Links;
    }
  | { readonly do: "remove" | "rename" | "move"; readonly which: number }
  | { readonly do: "protect"; readonly which: number; readonly on: boolean }
  | { readonly do: "edit"; readonly which: number; readonly field: number }
  | { readonly do: "foreign" | "squat"; readonly which: number }
  | { readonly do: "vanish" | "canary" | "promote"; readonly which: number }
  | { readonly do: "lose" }
  | { readonly do: "apply"; readonly prune: boolean; readonly overwrite: boolean };

const text = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

export const FIELDS: Readonly<Record<KindName, fc.Arbitrary<JsonObject>>> = {
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
  AssistantVersion: some({ greeting: text("Hey", "Ahoy"), instructions: text("Be new.") }),
  CanaryDeploy: fc.constantFrom(10, 20).map((weight) => ({ weight })),
};

export const links: fc.Arbitrary<Links> = fc.record({
  tools: fc.boolean(),
  servers: fc.boolean(),
  handoff: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
  parent: fc.nat(2),
});

export const SLOTS: readonly (readonly [KindName, readonly string[], number])[] = [
  ["Assistant", ["a", "b", "c"], 6],
  ["Tool", ["t"], 2],
  ["McpServer", ["m"], 2],
  ["AssistantTest", ["q"], 1],
  ["AssistantVersion", ["v"], 3],
  ["CanaryDeploy", ["c"], 3],
];

const declare: fc.Arbitrary<Act> = fc.oneof(
  ...SLOTS.map(([kind, slots, weight]) => ({
    weight,
    arbitrary: fc.record({
      do: fc.constant("declare" as const),
      kind: fc.constant(kind),
      slot: fc.constantFrom(...slots),
      fields: FIELDS[kind],
      links,
    }),
  })),
);

const which = fc.nat(9);
const on = <D extends string>(name: D) => fc.record({ do: fc.constant(name), which });

const apply: fc.Arbitrary<Act> = fc.record({
  do: fc.constant("apply" as const),
  prune: fc.boolean(),
  overwrite: fc.boolean(),
});

const MANIFEST_ACTS: readonly fc.WeightedArbitrary<Act>[] = [
  { weight: 8, arbitrary: declare },
  { weight: 3, arbitrary: on("remove") },
  { weight: 1, arbitrary: on("rename") },
  { weight: 2, arbitrary: on("move") },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("protect" as const), which, on: fc.boolean() }) },
];

const PORTAL_ACTS: readonly fc.WeightedArbitrary<Act>[] = [
  { weight: 12, arbitrary: fc.record({ do: fc.constant("edit" as const), which, field: fc.nat(9) }) },
  { weight: 1, arbitrary: on("foreign") },
  { weight: 1, arbitrary: on("squat") },
  { weight: 2, arbitrary: on("vanish") },
  { weight: 1, arbitrary: on("canary") },
  { weight: 1, arbitrary: on("promote") },
  { weight: 1, arbitrary: fc.constant<Act>({ do: "lose" }) },
];

/** A few manifests, applied; then anything, with an apply now and then. */
export function story(portal: boolean, length: number): fc.Arbitrary<readonly Act[]> {
  const acts = fc.oneof(...MANIFEST_ACTS, ...(portal ? PORTAL_ACTS : []), { weight: 8, arbitrary: apply });
  return fc
    .tuple(
      fc.array(declare, { minLength: 1, maxLength: 5, size: "max" }),
      apply,
      fc.array(acts, { minLength: 1, maxLength: length, size: "max" }),
    )
    .map(joined);
}

function joined([first, then, rest]: readonly [readonly Act[], Act, readonly Act[]]): readonly Act[] {
  return [...first, then, ...rest];
}
