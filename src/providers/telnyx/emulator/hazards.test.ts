import { expect, test } from "vitest";
import { rawClient } from "../../../../test/e2e/raw-client.ts";
import { startEmulator } from "./emulator.ts";
import type { Hazards } from "./options.ts";

const BASICS = { name: "n", instructions: "i" };

async function under(hazards: Partial<Hazards>, act: (api: ReturnType<typeof rawClient>) => Promise<void>) {
  const emulator = await startEmulator({ seed: 1, hazards });
  try {
    await act(rawClient(emulator.url));
  } finally {
    await emulator.close();
  }
}

test("references may be unchecked", () =>
  under({ referencesChecked: false }, async (api) => {
    const body = { ...BASICS, tool_ids: ["nowhere"], mcp_servers: [{ id: "nowhere" }] };
    const created = await api.post("/ai/assistants", body);
    expect(created.body).toMatchObject({ tools: [], mcp_servers: [{ id: "nowhere" }] });
    const handoff = { ai_assistants: [{ id: "assistant-nowhere", name: "x" }] };
    expect((await api.post("/ai/tools", { display_name: "t", type: "handoff", handoff })).status).toBe(200);
  }));

test("checked references include shared handoff tools", () =>
  under({}, async (api) => {
    const { body: target } = await api.post("/ai/assistants", BASICS);
    const handoffTo = (id: string) => ({
      display_name: "t",
      type: "handoff",
      handoff: { ai_assistants: [{ id, name: "x" }] },
    });
    const missing = await api.post("/ai/tools", handoffTo("assistant-nowhere"));
    expect([missing.status, missing.body["errors"]]).toMatchObject([400, [{ code: "10017" }]]);
    const { body: tool } = await api.post("/ai/tools", handoffTo(target.id));
    await api.post("/ai/assistants", { ...BASICS, tool_ids: [tool.id] });
    expect((await api.delete(`/ai/assistants/${target.id}`)).status).toBe(400);
  }));

test("an object in use may be deletable, and is then removed from its users", () =>
  under({ deleteInUseRefused: false }, async (api) => {
    const { body: tool } = await api.post("/ai/tools", { display_name: "t", type: "webhook", webhook: {} });
    const { body: server } = await api.post("/ai/mcp_servers", { name: "s", type: "http", url: "https://x" });
    const using = { ...BASICS, tool_ids: [tool.id], mcp_servers: [{ id: server.id }] };
    const { body } = await api.post("/ai/assistants", using);
    expect((await api.delete(`/ai/tools/${tool.id}`)).status).toBe(200);
    expect((await api.delete(`/ai/mcp_servers/${server.id}`)).status).toBe(200);
    expect((await api.get(`/ai/assistants/${body.id}`)).body["tools"]).toEqual([]);
  }));

test("PUT of an MCP server may merge", () =>
  under({ mcpPutReplaces: false }, async (api) => {
    const server = { name: "s", type: "http", url: "https://x", allowed_tools: ["a"] };
    const { body } = await api.post("/ai/mcp_servers", server);
    const changed = await api.put(`/ai/mcp_servers/${body.id}`, { name: "t" });
    expect(changed.body).toMatchObject({ name: "t", allowed_tools: ["a"] });
  }));

test("a legacy speech model name may be returned as the new name", () =>
  under({ speechModelRenamed: true }, async (api) => {
    const transcription = { model: "assemblyai/universal-streaming", language: "en" };
    const { body } = await api.post("/ai/assistants", { ...BASICS, transcription });
    expect(body["transcription"]).toEqual({ model: "assemblyai/universal-3-5-pro", language: "en" });
  }));
