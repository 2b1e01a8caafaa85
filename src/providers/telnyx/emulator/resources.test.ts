import { describe, expect, test } from "vitest";
import { emulatorForTests, rawClient } from "../../../../test/e2e/raw-client.ts";
import { startEmulator } from "./emulator.ts";

const { emulator, api } = await emulatorForTests();
const MCP = { name: "crm", type: "http", url: "https://mcp.example.com" };

describe("MCP servers", () => {
  test("PUT clears nullable fields that are left out", async () => {
    const { body } = await api.post("/ai/mcp_servers", { ...MCP, api_key_ref: "crm", allowed_tools: ["a"] });
    const at = `/ai/mcp_servers/${body.id}`;
    const changed = await api.put(at, { name: "new", id: "other", created_at: "2000-01-01T00:00:00Z" });
    expect(changed.body).toEqual({ ...body, name: "new", api_key_ref: null, allowed_tools: null });
  });

  test("only http and sse are types", async () => {
    expect((await api.post("/ai/mcp_servers", { ...MCP, type: "sse" })).status).toBe(200);
    const refused = await api.post("/ai/mcp_servers", { ...MCP, type: "custom" });
    expect([refused.status, refused.body["errors"]]).toMatchObject([400, [{ code: "10015" }]]);
  });

  test("a server in use cannot be deleted; a deletion returns no content", async () => {
    const { body: server } = await api.post("/ai/mcp_servers", MCP);
    const { body } = await api.post("/ai/assistants", {
      name: "n",
      instructions: "i",
      mcp_servers: [{ id: server.id, allowed_tools: ["a"] }],
    });
    expect((await api.delete(`/ai/mcp_servers/${server.id}`)).status).toBe(400);
    await api.post(`/ai/assistants/${body.id}`, { mcp_servers: [] });
    const gone = await api.delete(`/ai/mcp_servers/${server.id}`);
    expect([gone.status, gone.text]).toEqual([200, ""]);
    const missing = await api.post(`/ai/assistants/${body.id}`, { mcp_servers: [{ id: server.id }] });
    expect(missing.body["errors"]).toMatchObject([{ code: "10017" }]);
  });

  test("lists are bare in the documents and wrapped live", async () => {
    const live = await startEmulator({ envelope: "live" });
    const client = rawClient(live.url);
    const created = await client.post("/ai/mcp_servers", MCP);
    expect(created.body["data"]).toMatchObject(MCP);
    const tool = await client.post("/ai/tools", { display_name: "t", type: "webhook", webhook: {} });
    expect(tool.body["data"]).toMatchObject({ display_name: "t" });
    expect((await client.get("/ai/mcp_servers")).body).toMatchObject({
      data: [MCP],
      meta: { total_results: 1 },
    });
    const { id } = live.state().tools[0] as { id: string };
    expect((await client.delete(`/ai/tools/${id}`)).status).toBe(204);
    await live.close();

    await api.post("/ai/mcp_servers", MCP);
    expect(Array.isArray((await api.get("/ai/mcp_servers?type=http")).body)).toBe(true);
    expect((await api.get("/ai/mcp_servers?type=sse")).body).toEqual([]);
  });
});

describe("tags", () => {
  test("change the main version without creating a new one", async () => {
    const { body } = await api.post("/ai/assistants", { name: "n", instructions: "i", tags: ["a"] });
    const at = `/ai/assistants/${body.id}`;
    expect((await api.post(`${at}/tags`, { tag: "b" })).body).toEqual({ tags: ["a", "b"] });
    expect((await api.post(`${at}/tags`, { tag: "b" })).body).toEqual({ tags: ["a", "b"] });
    expect((await api.delete(`${at}/tags/a`)).body).toEqual({ tags: ["b"] });
    expect((await api.delete(`${at}/tags/a`)).status).toBe(404);
    expect((await api.post(`${at}/tags`, {})).status).toBe(422);
    expect((await api.get(at)).body).toMatchObject({ tags: ["b"], version_id: body["version_id"] });
  });

  test("belong to a version", async () => {
    const { body } = await api.post("/ai/assistants", { name: "n", instructions: "i", tags: ["old"] });
    const at = `/ai/assistants/${body.id}`;
    const beside = await api.post(at, { promote_to_main: false });
    await api.post(`${at}/tags`, { tag: "new" });
    await api.post(`${at}/versions/${String(beside.body["version_id"])}/promote`);
    expect((await api.get(at)).body["tags"]).toEqual(["old"]);
  });
});

describe("secrets", () => {
  test("need the values of their type and an unused identifier", async () => {
    const post = (body: Parameters<typeof api.post>[1]) => api.post("/integration_secrets", body);
    expect((await post({ identifier: "a", type: "basic", username: "u" })).body["errors"]).toMatchObject([
      { source: { pointer: "/password" } },
    ]);
    expect((await post({ identifier: "a", type: "bearer", token: "t" })).status).toBe(201);
    const taken = await post({ identifier: "a", type: "bearer", token: "t" });
    expect([taken.status, taken.body["errors"]]).toMatchObject([422, [{ code: "10012" }]]);
    await post({ identifier: "b", type: "basic", username: "u", password: "p" });
    const basic = await api.get("/integration_secrets?filter[type]=basic");
    expect(basic.body["data"]).toMatchObject([{ identifier: "b" }]);
    expect((await api.get("/integration_secrets?filter[type]=other")).status).toBe(400);
  });
});

describe("insights", () => {
  test("insight_ids is ignored; insights are assigned", async () => {
    const { body: insight } = await api.post("/ai/conversations/insights", { name: "i", instructions: "x" });
    const insightId = (insight["data"] as { id: string }).id;
    const { body: group } = await api.post("/ai/conversations/insight-groups", {
      name: "g",
      insight_ids: [insightId],
    });
    const at = `/ai/conversations/insight-groups/${(group["data"] as { id: string }).id}`;
    expect(group["data"]).toMatchObject({ insights: [], webhook: "" });
    await api.post(`${at}/insights/${insightId}/assign`);
    await api.put(at, { description: "d", insight_ids: [] });
    expect((await api.get(at)).body["data"]).toMatchObject({ description: "d", insights: [{ id: insightId }] });
    expect((await api.post(`/ai/conversations/insights/${insightId}`, { name: "x" })).status).toBe(404);
    await api.delete(`/ai/conversations/insights/${insightId}`);
    expect((await api.get(at)).body["data"]).toMatchObject({ insights: [] });
    expect((await api.delete(`${at}/insights/${insightId}/unassign`)).status).toBe(404);
  });

  test("a JSON schema may be an object or a string, nothing else", async () => {
    const post = (json_schema: Parameters<typeof api.post>[1]) =>
      api.post("/ai/conversations/insights", {
        name: "i",
        instructions: "x",
        json_schema: json_schema ?? null,
      });
    expect((await post({ type: "object" })).status).toBe(200);
    expect((await post("{}")).status).toBe(200);
    expect((await post(["x"])).status).toBe(422);
  });
});

test("the list of assistants may lack keys, and new assistants may appear late", async () => {
  const shy = await startEmulator({ hazards: { listOmits: ["instructions"], texmlAppAfterReads: 2 } });
  const client = rawClient(shy.url);
  const { body } = await client.post("/ai/assistants", { name: "n", instructions: "i" });
  const listed = (await client.get("/ai/assistants")).body["data"];
  expect(listed).toMatchObject([{ name: "n", telephony_settings: { default_texml_app_id: null } }]);
  expect(JSON.stringify(listed)).not.toContain("instructions");
  const seen = await client.get(`/ai/assistants/${body.id}`);
  expect(seen.body["telephony_settings"]).toMatchObject({ default_texml_app_id: expect.any(String) });
  await shy.close();
  expect(emulator.state().assistants).toEqual([]);
});
