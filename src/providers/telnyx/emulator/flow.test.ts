import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../model/json.ts";
import { emulatorForTests } from "../../../../test/e2e/raw-client.ts";

const { api } = await emulatorForTests();

const prompt = (id: string, more: JsonObject = {}) => ({ id, type: "prompt", instructions: "x", ...more });
const speak = (id: string) => ({ id, type: "speak", message: "Hello" });
const edge = (
  id: string,
  from: string,
  to: string,
  condition: JsonObject = { type: "llm", prompt: "yes" },
) => ({
  id,
  start_node_id: from,
  target: { type: "node", node_id: to },
  condition,
});
const DEFAULT = { type: "default" };

function flow(nodes: readonly Json[], edges: readonly Json[] = [], start = "a"): JsonObject {
  return { nodes, edges, start_node_id: start };
}

const create = (conversation_flow: JsonObject) =>
  api.post("/ai/assistants", { name: "n", instructions: "i", conversation_flow });

describe("a conversation flow", () => {
  test("is kept with its defaults", async () => {
    const condition = {
      type: "expression",
      expression: {
        type: "comparison",
        op: "==",
        left: { type: "variable", name: "tier" },
        right: { type: "string_literal", value: "gold" },
      },
    };
    const edges = [edge("1", "a", "b", condition), edge("2", "b", "a", DEFAULT)];
    const { status, body } = await create(flow([{ id: "a", instructions: "x" }, speak("b")], edges));
    expect(status).toBe(200);
    expect(body["conversation_flow"]).toMatchObject({
      nodes: [{ id: "a", type: "prompt", instructions_mode: "replace", tools_mode: "replace" }, { id: "b" }],
      edges,
    });
  });

  test.each<[string, JsonObject]>([
    ["a duplicate node id", flow([prompt("a"), prompt("a")])],
    ["a duplicate edge id", flow([prompt("a")], [edge("1", "a", "a"), edge("1", "a", "a")])],
    ["an unknown start node", flow([prompt("a")], [], "z")],
    ["an edge without a known source", flow([prompt("a")], [edge("1", "z", "a")])],
    ["an edge without a known target", flow([prompt("a")], [edge("1", "a", "z")])],
    ["a default edge from a prompt", flow([prompt("a")], [edge("1", "a", "a", DEFAULT)])],
    ["a speak node without a default edge", flow([speak("a")], [edge("1", "a", "a")])],
    ["two default edges", flow([speak("a")], [edge("1", "a", "a", DEFAULT), edge("2", "a", "a", DEFAULT)])],
    [
      "a model and an external model",
      flow([prompt("a", { model: "m", external_llm: { base_url: "https://x", model: "m" } })]),
    ],
    ["a tool node without a tool", flow([{ id: "a", type: "tool" }])],
    [
      "an invalid expression",
      flow([prompt("a")], [edge("1", "a", "a", { type: "expression", expression: { type: "magic" } })]),
    ],
  ])("with %s is refused", async (_what, body) => {
    const answer = await create(body);
    expect(answer.status).toBe(422);
    expect(answer.body["detail"]).toMatchObject([
      { loc: expect.arrayContaining(["body", "conversation_flow"]) },
    ]);
  });

  test("shows the tools of its nodes, which must exist", async () => {
    const tool = { display_name: "t", type: "webhook", webhook: { name: "t" } };
    const { body } = await api.post("/ai/tools", tool);
    const nodes = [
      prompt("a", { shared_tool_ids: [body.id] }),
      { id: "b", type: "tool", shared_tool_id: body.id },
    ];
    const created = await create(flow(nodes));
    expect(created.body["conversation_flow"]).toMatchObject({
      nodes: [{ tools: [[{ tool_id: body.id }]] }, { tool: [{ tool_id: body.id, shared: true }] }],
    });
    expect((await api.delete(`/ai/tools/${body.id}`)).status).toBe(400);
    const missing = await create(flow([{ id: "a", type: "tool", shared_tool_id: "nowhere" }]));
    expect(missing.body["errors"]).toMatchObject([{ code: "10017" }]);
    // What came out may go in again: resolved tools are dropped.
    const again = await create(created.body["conversation_flow"] as JsonObject);
    expect(again.body["conversation_flow"]).toEqual(created.body["conversation_flow"]);
  });

  test("keeps the assistants that it refers to from deletion", async () => {
    const { body: target } = await api.post("/ai/assistants", { name: "t", instructions: "i" });
    const leave = { id: "1", start_node_id: "a", condition: { type: "llm", prompt: "bye" } };
    const to = (id: string) => [{ ...leave, target: { type: "assistant", assistant_id: id } }];
    const { body } = await create(flow([prompt("a")], to(target.id)));
    expect(body["conversation_flow"]).toMatchObject({ edges: [{ target: { voice_mode: "unified" } }] });
    expect((await api.delete(`/ai/assistants/${target.id}`)).status).toBe(400);
    expect((await create(flow([prompt("a")], to("assistant-nowhere")))).status).toBe(400);
  });
});
