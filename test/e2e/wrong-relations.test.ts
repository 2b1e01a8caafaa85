/** Names that exist and do not belong together: the error says where the thing belongs, and nothing is sent. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { appliedDesk, type Desk } from "./cli.ts";

const HEAD = "apiVersion: rollcall.dev/v1\n";
const tool = (name: string) => `---
${HEAD}kind: Tool
metadata: { name: ${name} }
spec:
  display_name: ${name}
  type: webhook
  webhook: { name: ${name}, description: Does it., url: "https://api.acme.example/${name}" }
`;
const assistant = (name: string, more = "") => `---
${HEAD}kind: Assistant
metadata: { name: ${name} }
spec: { name: ${name}, instructions: Answer.${more} }
`;
const quiz = (name: string, suite: string) => `---
${HEAD}kind: AssistantTest
metadata: { name: ${name} }
spec:
  name: ${name}
  instructions: Ask.
  destination: "+13125550100"
  telnyx_conversation_channel: web_chat
  test_suite: ${suite}
  rubric: [{ name: Polite, criteria: It is polite. }]
`;
const MANIFESTS = [
  assistant("day", ", tool_ids: [{ ref: Tool/ticket }]"),
  assistant("night"),
  tool("ticket"),
  tool("hours"),
  `---\n${HEAD}kind: AssistantVersion\nmetadata: { name: late }\nspec: { assistant: { ref: Assistant/night }, changes: { greeting: Hi. } }\n`,
  quiz("first", "smoke"),
  quiz("second", "deep"),
].join("");

let one: Desk;
let lateId = "";
let runId = "";
let eventId = "";

beforeAll(async () => {
  one = await appliedDesk({ "a.yaml": MANIFESTS });
  await one.ends(0, "test", "AssistantTest/second");
  const numbers = ["--from", "+13125550100", "--to", "+13125550199"];
  const when = ["--channel", "phone_call", "--at", "2045-12-02T09:30Z"];
  await one.ends(0, "events", "create", "Assistant/night", ...when, ...numbers, "--yes");
  const { runs, scheduled_events: events } = one.emulator.state();
  const list = JSON.parse(await one.ends(0, "versions", "list", "Assistant/night", "--format", "json")) as {
    readonly versions: readonly { readonly id: string; readonly main: boolean }[];
  };
  lateId = list.versions.find(({ main }) => !main)?.id ?? "";
  runId = String(runs[0]?.["run_id"]);
  eventId = String(events[0]?.["scheduled_event_id"]);
});
afterAll(() => one.close());

const CASES: readonly (readonly [string, () => readonly string[], RegExp])[] = [
  [
    "a tool that is not attached",
    () => ["tool", "test", "Tool/hours", "--on", "Assistant/day", "--yes"],
    /error: Tool\/hours is not attached to Assistant\/day\nhelp: its tools: Tool\/ticket\n/,
  ],
  [
    "a tool of an assistant that has none, by names",
    () => ["tool", "test", "ticket", "--on", "night", "--yes"],
    /error: Tool\/ticket is not attached to Assistant\/night\nhelp: it has no tool/,
  ],
  [
    "a version of another assistant, by its address",
    () => ["versions", "show", "Assistant/day", "AssistantVersion/late"],
    /error: AssistantVersion\/late is a version of Assistant\/night, and not of Assistant\/day\nhelp: .*versions list Assistant\/day\n/,
  ],
  [
    "a version of another assistant, by its id",
    () => ["versions", "delete", "Assistant/day", lateId, "--all", "--yes"],
    /is a version of Assistant\/night, and not of Assistant\/day/,
  ],
  [
    "a version of another assistant, to be promoted",
    () => ["versions", "promote", "Assistant/day", "AssistantVersion/late", "--yes"],
    /is a version of Assistant\/night, and not of Assistant\/day/,
  ],
  [
    "a run of another test",
    () => ["test", "show", runId, "--test", "AssistantTest/first"],
    /AssistantTest\/first has no run \S+: it is a run of AssistantTest\/second\nhelp: to see it, run: rollcall test show \S+ --test AssistantTest\/second\n/,
  ],
  [
    "a test run with what is no version",
    () => ["test", "--version-of", "Assistant/night"],
    /Assistant\/night is not a version\nhelp: versions: AssistantVersion\/late\n/,
  ],
  [
    "a test run with a version that does not exist",
    () => ["test", "--version-of", "AssistantVersion/early"],
    /AssistantVersion\/early is not declared in this project/,
  ],
  [
    "a suite that does not exist",
    () => ["test", "smoky"],
    /no test suite and no test is called smoky\nhelp: .*rollcall test suites\n/,
  ],
  [
    "a name in other letters",
    () => ["chat", "NIGHT", "-m", "hi"],
    /there is no assistant with the address, id or name NIGHT\nhelp: .*; did you mean "night"\?\n/,
  ],
  [
    "an event of another assistant",
    () => ["events", "delete", "Assistant/day", eventId, "--yes"],
    /Assistant\/day has no scheduled event .*\nhelp: .*an event is found only under its own assistant\n/,
  ],
];

test.each(CASES)("%s", async (_, words, says) => {
  one.emulator.clearRequests();
  const ran = await one.rollcall(...words());
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toMatch(says);
  expect(one.writes()).toEqual([]);
});

const reads = async (...words: readonly string[]) => {
  one.emulator.clearRequests();
  await one.ends(0, ...words);
  return one.emulator.requests().map(({ path }) => path.replace(/assistant-[\w-]+/, "{id}"));
};

test("what was found by a read is not read again for a list of versions", async () => {
  const rest = ["/ai/assistants/{id}/versions", "/ai/assistants/{id}/canary-deploys"];
  const main = "/ai/assistants/{id}";
  // The list of versions needs to know which of them is main, too.
  expect((await reads("versions", "list", "Assistant/day")).toSorted()).toEqual(
    [main, main, ...rest].toSorted(),
  );
  expect((await reads("versions", "list", "day")).toSorted()).toEqual(
    ["/ai/assistants", main, main, ...rest].toSorted(),
  );
});
