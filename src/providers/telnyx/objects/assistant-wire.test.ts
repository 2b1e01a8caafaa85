import { expect, test } from "vitest";
import { sharedToolOf } from "./shared-tools.ts";
import { assistantBody, assistantSpec, needsSharedTools } from "./assistant-wire.ts";

const HANGUP = { type: "hangup", hangup: { description: "Bye" } };
const WEBHOOK = { type: "webhook", webhook: { name: "lookup" }, timeout_ms: 700 };

test("server fields are not part of a manifest, and unknown fields are", () => {
  const live = {
    id: "assistant-1",
    created_at: "2026-01-01",
    version_id: "v",
    version_created_at: "2026-01-01",
    import_metadata: { import_provider: "vapi" },
    related_mission_ids: [],
    version_name: "v7",
    name: "desk",
    send_conversation_message_events: true,
  };
  expect(assistantSpec(live)).toEqual({
    version_name: "v7",
    name: "desk",
    send_conversation_message_events: true,
  });
});

test("shared tools are in tool_ids, and inline tools have no ids and timestamps", () => {
  const live = {
    tools: [
      { ...HANGUP, shared: false, tool_id: "x", created_at: "2026-01-01", updated_at: null, version_id: "v" },
      { ...WEBHOOK, shared: true, id: "tool-1" },
      { ...WEBHOOK, shared: true, tool_id: "tool-2", id: "row-9" },
    ],
  };
  expect(needsSharedTools(live)).toBe(false);
  expect(assistantSpec(live)).toEqual({ tools: [HANGUP], tool_ids: ["tool-1", "tool-2"] });
});

test("if a response does not mark shared tools, the list of shared tools decides", () => {
  const live = { tools: [{ ...HANGUP, id: "row-1" }, { ...WEBHOOK, id: "tool-1" }, WEBHOOK] };
  expect(needsSharedTools(live)).toBe(true);
  expect(assistantSpec(live, [sharedToolOf("tool-1", { type: "webhook" })])).toEqual({
    tools: [HANGUP, WEBHOOK],
    tool_ids: ["tool-1"],
  });
});

test("a shared tool without an id is matched by type and name, then by settings", () => {
  const named = (id: string, name: string) => sharedToolOf(id, { type: "webhook", tool_definition: { name } });
  const hangup = (id: string, description: string) =>
    sharedToolOf(id, { type: "hangup", tool_definition: { hangup: { description } } });
  const tools = [named("w1", "other"), named("w2", "lookup"), hangup("h1", "Hello"), hangup("h2", "Bye")];
  const live = {
    tools: [
      { ...WEBHOOK, shared: true },
      { ...HANGUP, shared: true },
    ],
  };
  expect(needsSharedTools(live)).toBe(true);
  expect(assistantSpec(live, tools)).toEqual({ tools: [], tool_ids: ["w2", "h2"] });
  expect(needsSharedTools({ ...live, tool_ids: ["w2", "h2"] })).toBe(false);
});

test("tools without ids are inline, without reading the list", () => {
  expect(needsSharedTools({ tools: [HANGUP] })).toBe(false);
  expect(needsSharedTools({})).toBe(false);
});

test("ids are not duplicated, and an absent list of tools stays absent", () => {
  expect(assistantSpec({ tool_ids: ["a", "b"], tools: [{ ...HANGUP, shared: true, id: "b" }] })).toEqual({
    tools: [],
    tool_ids: ["a", "b"],
  });
  expect(assistantSpec({ name: "x" })).toEqual({ name: "x" });
});

test("tools in flow nodes are left out, and their ids and positions are kept", () => {
  const nodes = [
    { id: "a", type: "prompt", shared_tool_ids: ["t"], tools: [[WEBHOOK]], position: { x: 1, y: 2 } },
    { id: "b", type: "tool", shared_tool_id: "t", tool: [WEBHOOK] },
  ];
  const kept = [
    { id: "a", type: "prompt", shared_tool_ids: ["t"], position: { x: 1, y: 2 } },
    { id: "b", type: "tool", shared_tool_id: "t" },
  ];
  const flow = { start_node_id: "a", edges: [] };
  expect(assistantSpec({ conversation_flow: { ...flow, nodes } })).toEqual({
    conversation_flow: { ...flow, nodes: kept },
  });
  expect(assistantBody({ conversation_flow: { ...flow, nodes } })).toEqual({
    conversation_flow: { ...flow, nodes: kept },
  });
});

test("server fields and tags are not sent", () => {
  const body = assistantBody({
    id: "assistant-1",
    created_at: "x",
    tags: ["a"],
    tools: [{ ...WEBHOOK, shared: false, id: "1" }],
    greeting: "",
  });
  expect(body).toEqual({ tools: [WEBHOOK], greeting: "" });
});

test("unexpected values in responses are kept", () => {
  const odd = { tools: "none", conversation_flow: null, tags: null };
  expect(assistantSpec(odd)).toEqual(odd);
  expect(assistantSpec({ tools: ["x", null] })).toEqual({ tools: ["x", null], tool_ids: [] });
});
