import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { payloadDesk, type Declared, type PayloadDesk } from "./project.ts";

let office: PayloadDesk;

beforeEach(async () => {
  office = await payloadDesk();
});

afterEach(() => office.close());

const SHOWN = { description: "Shows." };
const NAMES = { description: "Looks up.", url: "https://api.acme.example" };

/** Everything of which the order means nothing, in one order and in the other. */
function project(swapped: boolean, change: JsonObject = {}): readonly Declared[] {
  const turned = <T>(...items: readonly T[]): readonly T[] => (swapped ? items.toReversed() : items);
  const headers = turned({ name: "X-A", value: "a" }, { name: "X-B", value: "b" }, { name: "X-A", value: "c" });
  const calls = turned(
    { name: "Desk", to: "+15550002222", extension: "1" },
    { name: "Lab", to: "+15550002222", extension: "2" },
    { name: "Shop", to: "+15550003333" },
  );
  const invited = turned({ name: "A", to: "+15550002222" }, { name: "B", to: "+15550003333" });
  const sip = turned(
    { name: "A", sip_address: "sip:a@x.example" },
    { name: "B", sip_address: "sip:b@x.example" },
  );
  const assistants = turned(
    { name: "b", id: { ref: "Assistant/b" } },
    { name: "c", id: { ref: "Assistant/c" } },
  );
  const inner = {
    type: turned("object", "null"),
    properties: {
      x: { type: "string", enum: turned("a", "b", "1") },
      y: { type: turned("string", "integer") },
    },
    required: turned("x", "y"),
  };
  const body_parameters = {
    type: "object",
    properties: {
      inner,
      many: { type: "array", items: inner },
      either: { anyOf: [inner, { type: "string" }] },
    },
    required: turned("inner", "many"),
  };
  const from = "+15550001111";
  const tools = turned<JsonObject>(
    { type: "webhook", webhook: { name: "look", ...NAMES, headers, body_parameters, ...change } },
    { type: "client_side_tool", client_side_tool: { name: "show", ...SHOWN, parameters: body_parameters } },
    { type: "transfer", transfer: { from, targets: calls, custom_headers: headers } },
    { type: "invite", invite: { from, targets: invited, custom_headers: headers } },
    { type: "refer", refer: { targets: sip, custom_headers: headers } },
    { type: "handoff", handoff: { ai_assistants: assistants } },
  );
  const agents = turned(
    { name: "one", url: "https://one.example/a2a", headers },
    { name: "two", url: "https://two.example/a2a" },
  );
  const rubric = turned({ name: "Kind", criteria: "Is kind." }, { name: "Brief", criteria: "Is brief." });
  const clause = (attribute: string) => ({ attribute, operator: "in", values: ["+15550001111"] });
  const match = turned(clause("telnyx_end_user_target"), clause("telnyx_agent_target"));
  const serve = { version_id: { ref: "AssistantVersion/warm" } };
  return [
    { kind: "Assistant", name: "b", spec: { instructions: "B." } },
    { kind: "Assistant", name: "c", spec: { instructions: "C." } },
    { kind: "Assistant", name: "desk", spec: { instructions: "Be brief.", tools, a2a_agents: agents } },
    { kind: "AssistantTest", name: "t", spec: { destination: "+1", instructions: "Ask.", rubric } },
    {
      kind: "AssistantVersion",
      name: "warm",
      spec: { assistant: { ref: "Assistant/b" }, changes: { greeting: "Hello!" } },
    },
    { kind: "CanaryDeploy", name: "b", spec: { assistant: { ref: "Assistant/b" }, rules: [{ match, serve }] } },
  ];
}

describe("a different order", () => {
  test("in the manifest is not a difference, and nothing is written", async () => {
    await office.applied(...project(false));
    office.writes();
    await office.declare(...project(true));
    const plan = await office.planned();
    expect(plan.code, plan.stdout).toBe(0);
    await office.applied(...project(true));
    expect(office.writes()).toEqual([]);
  });

  test("at Telnyx is not drift", async () => {
    await office.applied(...project(false));
    const { id, main } = office.assistant();
    const tools = main["tools"] as readonly JsonObject[];
    const patch = { tools: tools.map((tool) => reversed(tool) as JsonObject).toReversed() };
    office.emulator.portal.edit("Assistant", id, patch, { version: "same" });
    const drift = await office.rollcall("drift");
    expect(drift.code, drift.stdout).toBe(0);
    expect((await office.planned()).code).toBe(0);
  });
});

test("a list that is written gets the order of the manifest", async () => {
  await office.applied(...project(false));
  await office.applied(...project(true, { method: "GET" }));
  const tools = office.assistant().main["tools"] as readonly JsonObject[];
  expect(tools.map(({ type }) => type)).toEqual([
    "handoff",
    "refer",
    "invite",
    "transfer",
    "client_side_tool",
    "webhook",
  ]);
  expect(tools.at(-1)).toMatchObject({
    webhook: { headers: [{ name: "X-A" }, { name: "X-B" }, { name: "X-A" }], method: "GET" },
  });
  expect((await office.planned()).code).toBe(0);
});

/** The value with every list in it in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).toReversed();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reversed(item)]));
}

test("the order of flow edges matters, and drift --propose adopts it", async () => {
  const edge = (id: string) => ({
    id,
    start_node_id: "ask",
    condition: { type: "llm", prompt: id },
    target: { type: "node", node_id: "ask" },
  });
  const flow = (...edges: readonly JsonObject[]) => ({
    start_node_id: "ask",
    nodes: [{ id: "ask", instructions: "Ask." }],
    edges,
  });
  const spec = { instructions: "Be brief.", conversation_flow: flow(edge("one"), edge("two")) };
  await office.applied({ kind: "Assistant", name: "desk", spec });
  const { id } = office.assistant();
  office.emulator.portal.edit("Assistant", id, { conversation_flow: flow(edge("two"), edge("one")) });
  expect((await office.rollcall("drift")).code).toBe(2);
  await office.rollcall("drift", "--propose");
  expect((await office.planned()).code).toBe(0);
  expect(await readFile(join(office.folder, "office.yaml"), "utf8")).toMatch(/"two"[^]*"one"/);
});
