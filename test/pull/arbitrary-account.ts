import fc from "fast-check";
import { isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import { everyAssistant } from "../specification/every-field/assistant.ts";
import { everyTool } from "../specification/every-field/tools.ts";
import type { Account, AccountAssistant } from "./account.ts";

/** Names that become one slug, no slug at all, or nothing that a file may be called. */
const NAMES = [
  "Support",
  "support",
  "Support 2",
  "Süppört",
  "a/b\\c: *?",
  "🚑",
  "你好",
  "CON",
  "-- x --",
  "..",
  "null",
  "0x1F",
  "Line\tone",
  "x".repeat(200),
];
const name = fc.constantFrom(...NAMES);

const PIECES = [
  "---",
  "\n",
  "\n\n",
  "\t",
  "  ",
  "# a",
  "key: value",
  "- item",
  "${var.x}",
  "$${y}",
  "{{z}}",
  "'\"",
  "| >",
  "\r\n",
  "&a *a !b",
  "yes",
  "\u00A0",
  "👩‍🚀",
  "\uFEFF",
  "word word word",
];
const text = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 12 }).map((all) => all.join(""));
const prose = fc.oneof(
  text,
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }),
  text.map((one) => `${one} `.repeat(300)),
);

/** What a block cannot be without. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  voice_settings: ["voice"],
  external_llm: ["base_url", "model"],
  websocket_settings: ["url"],
  avatar_settings: ["model", "provider"],
};
/** Blocks that are taken as they are, because their parts belong together. */
const WHOLE = new Set(["conversation_flow", "insight_settings", "dynamic_variables"]);
const LINKED = new Set(["name", "instructions", "tags", "tool_ids", "mcp_servers", "tools"]);
const FIELDS = Object.entries(everyAssistant).filter(([key]) => !LINKED.has(key));

/** Some of the fields, and of a block some of its parts. */
const fields: fc.Arbitrary<JsonObject> = fc
  .subarray(FIELDS)
  .chain((chosen) =>
    fc.tuple(...chosen.map(([key, value]) => part(key, value).map((one) => [key, one] as const))),
  )
  .chain((entries) =>
    fc
      .record({ greeting: text, description: prose }, { requiredKeys: [] })
      .map((texts): JsonObject => merged(Object.fromEntries(entries), texts)),
  );

function merged(one: JsonObject, other: JsonObject): JsonObject {
  return { ...one, ...other };
}

function part(key: string, value: Json): fc.Arbitrary<Json> {
  if (!isObject(value) || WHOLE.has(key)) return fc.constant(value);
  const needed = REQUIRED[key] ?? [];
  const others = Object.entries(value).filter(([member]) => !needed.includes(member));
  const base = Object.entries(value).filter(([member]) => needed.includes(member));
  return fc
    .subarray(others, { minLength: Math.min(1, others.length) })
    .map((some) => Object.fromEntries([...base, ...some]));
}

/** A pay tool asks for settings of the telephony. */
const TOOLS = everyTool.filter(
  ({ type }) => !["pay", "handoff", "webhook", "client_side_tool"].includes(String(type)),
);
const inlineTools = fc.subarray(TOOLS, { maxLength: 3 });

const index = (count: number) => fc.nat({ max: count - 1 });
const some = (count: number) => fc.uniqueArray(index(count), { maxLength: 3 });

const version = fc.record({
  name: fc.constantFrom("warmer", "brief", "Test/2 🚑", "v1"),
  changes: fc.tuple(fields, prose).map(([changes, instructions]) => merged(changes, { instructions })),
  share: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
});

function assistant(tools: number, assistants: number): fc.Arbitrary<AccountAssistant> {
  return fc
    .record({
      name,
      instructions: prose,
      fields,
      inline: inlineTools,
      handoffs: some(assistants),
      tools: some(tools),
      servers: fc.subarray([0, 1]),
      tags: fc.subarray(["voice", "en", "Ünï"]),
      versions: fc.uniqueArray(version, { maxLength: 2, selector: (one) => one.name }),
    })
    .map(described);
}

type Described = Omit<AccountAssistant, "fields" | "versions"> & {
  readonly name: string;
  readonly instructions: string;
  readonly fields: JsonObject;
  readonly inline: readonly JsonObject[];
  readonly versions: readonly {
    readonly name: string;
    readonly changes: JsonObject;
    readonly share: number | undefined;
  }[];
};

function described({
  name: called,
  instructions,
  fields: own,
  inline,
  versions,
  ...rest
}: Described): AccountAssistant {
  return {
    ...rest,
    versions: versions.map(({ share, ...one }) => (share === undefined ? one : Object.assign(one, { share }))),
    fields: { ...own, name: called, instructions, ...(inline.length > 0 && { tools: inline }) },
  };
}

/** Those that assistants use have a function of a name of its own. */
const attached = fc.constantFrom("webhook", "client_side_tool").chain((type) =>
  name.map((display_name) => (at: number): JsonObject => {
    const tool = everyTool.find((one) => one["type"] === type) ?? {};
    const block = { ...(tool[type] as JsonObject), name: `shared_${at}` };
    return { ...tool, [type]: block, display_name };
  }),
);
const unattached = fc
  .tuple(fc.constantFrom(...everyTool.filter(({ type }) => type !== "handoff")), name)
  .map(([tool, display_name]) => merged(tool, { display_name }));
const tools = fc
  .tuple(fc.tuple(attached, attached, attached), fc.array(unattached, { maxLength: 3 }))
  .map(([used, others]) => used.map((make, at) => make(at)).concat(others));

const accountOf = (count: number): fc.Arbitrary<Account> =>
  fc.record({
    tools,
    servers: fc
      .tuple(name, name)
      .map((names) =>
        names.map((called, at) => ({ name: called, type: "sse", url: `https://mcp.example/${at}` })),
      ),
    assistants: fc.array(assistant(3, count), { minLength: count, maxLength: count }),
    tests: fc.array(
      fc
        .record({ called: name, suite: fc.constantFrom("smoke", "Smoke", "a/b"), instructions: text })
        .map(({ called, suite, instructions }) => ({
          name: called,
          test_suite: suite,
          telnyx_conversation_channel: "phone_call",
          destination: "+15550001111",
          instructions: `Call. ${instructions}`,
          rubric: [{ name: "Polite", criteria: instructions }],
        })),
      { maxLength: 4 },
    ),
  });

export const arbitraryAccount: fc.Arbitrary<Account> = fc.integer({ min: 1, max: 5 }).chain(accountOf);

/** How an object of a second account comes from that of the first one at its place. */
const EDITS = ["same", "same", "part", "all", "other"] as const;

/** An account, and another one in which some objects are the same, some were edited, and some are others. */
export const arbitraryPair: fc.Arbitrary<readonly [Account, Account]> = fc
  .integer({ min: 1, max: 4 })
  .chain((count) =>
    fc.tuple(
      accountOf(count),
      accountOf(count),
      fc.array(fc.constantFrom(...EDITS), { minLength: 12, maxLength: 12 }),
    ),
  )
  .map(([first, second, edits]) => [first, edited(first, second, edits)]);

function edited(first: Account, second: Account, edits: readonly (typeof EDITS)[number][]): Account {
  const mixed = <T>(own: readonly T[], others: readonly T[], mix: (one: T, other: T, part: boolean) => T) =>
    others.map((other, at): T => {
      const [one, edit] = [own[at], edits[at % edits.length]];
      if (one === undefined || edit === "other") return other;
      return edit === "same" ? one : mix(one, other, edit === "part");
    });
  const named = (key: string) => (one: JsonObject, other: JsonObject, part: boolean) => {
    const name = { [key]: one[key] ?? "" };
    return part
      ? { ...one, ...Object.fromEntries(Object.entries(other).slice(0, 3)), ...name }
      : { ...other, ...name };
  };
  return {
    tools: mixed(first.tools, second.tools, (one, other, part) =>
      one["type"] === other["type"] ? named("display_name")(one, other, part) : one,
    ),
    servers: mixed(first.servers, second.servers, named("name")),
    tests: mixed(first.tests, second.tests, named("name")),
    assistants: mixed(first.assistants, second.assistants, (one, other, part) => ({
      ...(part ? one : other),
      fields: named("name")(one.fields, other.fields, part),
    })),
  };
}
