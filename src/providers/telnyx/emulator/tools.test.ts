import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../model/json.ts";
import { emulatorForTests } from "../../../../test/e2e/raw-client.ts";

const { emulator, api } = await emulatorForTests();
const BASICS = { name: "Front desk", instructions: "Be brief." };
const block = (name: string) => ({ name, description: "d", url: "https://example.com" });
const webhook = (name: string) => ({ type: "webhook", webhook: block(name) });

async function shared(type: string, definition: JsonObject): Promise<string> {
  const answer = await api.post("/ai/tools", { display_name: type, type, [type]: definition });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.id;
}

async function create(more: JsonObject): Promise<string> {
  const answer = await api.post("/ai/assistants", { ...BASICS, ...more });
  if (answer.status !== 200) throw new Error(answer.text);
  return `/ai/assistants/${answer.body.id}`;
}

const toolsAt = async (at: string) => (await api.get(at)).body["tools"] as readonly JsonObject[];

describe("inline and shared tools of an assistant", () => {
  test("responses contain both; only shared tools have ids and timestamps", async () => {
    const id = await shared("retrieval", { bucket_ids: ["faq"] });
    const at = await create({ tools: [webhook("lookup")], tool_ids: [id] });
    const [inline, attached] = await toolsAt(at);
    expect(inline).toMatchObject({ type: "webhook", shared: false, timeout_ms: 5000 });
    expect(inline).not.toHaveProperty("id");
    expect(attached).toMatchObject({
      type: "retrieval",
      retrieval: { bucket_ids: ["faq"] },
      shared: true,
      id,
      tool_id: id,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  test("tools replaces inline tools, and tool_ids replaces attached tools", async () => {
    const id = await shared("webhook", block("shared"));
    const at = await create({ tools: [webhook("a")], tool_ids: [id] });
    await api.post(at, { tools: [webhook("b")] });
    expect((await toolsAt(at)).map(({ shared }) => shared)).toEqual([false, true]);
    await api.post(at, { greeting: "x" });
    expect(await toolsAt(at)).toHaveLength(2);
    await api.post(at, { tool_ids: [] });
    expect((await toolsAt(at)).map((tool) => (tool["webhook"] as JsonObject)["name"])).toEqual(["b"]);
  });

  test("sending a response back is refused", async () => {
    const at = await create({ tool_ids: [await shared("webhook", block("shared"))] });
    const refused = await api.post(at, { tools: await toolsAt(at) });
    expect(refused.status).toBe(400);
    expect(refused.body["errors"]).toMatchObject([{ code: "10015" }]);
  });

  test.each<[string, readonly JsonObject[]]>([
    [
      "two tools of a type that may occur once",
      [
        { type: "hangup", hangup: {} },
        { type: "hangup", hangup: {} },
      ],
    ],
    ["two tools of one name", [webhook("a"), webhook("a")]],
    [
      "a name shared by two types",
      [
        webhook("a"),
        { type: "client_side_tool", client_side_tool: { name: "a", description: "d", parameters: {} } },
      ],
    ],
    ["pay without disable_dtmf", [{ type: "pay", pay: { connector_name: "stripe" } }]],
  ])("%s is refused with 10015", async (_what, tools) => {
    const { status, body } = await api.post("/ai/assistants", { ...BASICS, tools });
    expect(status).toBe(400);
    expect(body["errors"]).toMatchObject([{ code: "10015" }]);
  });

  test("uniqueness rules include inline and shared tools", async () => {
    const id = await shared("webhook", block("lookup"));
    const refused = await api.post("/ai/assistants", { ...BASICS, tools: [webhook("lookup")], tool_ids: [id] });
    expect(refused.status).toBe(400);
    expect((await api.post("/ai/assistants", { ...BASICS, tool_ids: [id, id] })).status).toBe(400);
  });

  test("pay is accepted with disable_dtmf", async () => {
    const at = await create({
      tools: [{ type: "pay", pay: { connector_name: "stripe" } }],
      telephony_settings: { disable_dtmf: true },
    });
    expect(await toolsAt(at)).toMatchObject([{ pay: { currency: "USD", description: null } }]);
    expect((await api.post(at, { telephony_settings: {} })).status).toBe(400);
  });

  test("an id that is not a tool is refused", async () => {
    const refused = await api.post("/ai/assistants", { ...BASICS, tool_ids: ["nowhere"] });
    expect(refused.body["errors"]).toMatchObject([{ code: "10017", source: { pointer: "/tool_ids/0" } }]);
  });

  test("a tool of an unknown type is kept unchanged", async () => {
    const tool = { type: "teleport", teleport: { to: "mars" } };
    const { status, body } = await api.post("/ai/assistants", { ...BASICS, tools: [tool] });
    expect(status).toBe(200);
    expect(body["tools"]).toMatchObject([tool]);
  });
});

describe("attaching", () => {
  test("works once, and can be undone", async () => {
    const id = await shared("webhook", block("lookup"));
    const at = await create({});
    expect((await api.put(`${at}/tools/${id}`)).status).toBe(200);
    expect((await api.put(`${at}/tools/${id}`)).status).toBe(400);
    expect((await api.put(`${at}/tools/nowhere`)).status).toBe(404);
    expect((await api.delete(`${at}/tools/${id}`)).status).toBe(200);
    expect((await api.delete(`${at}/tools/${id}`)).status).toBe(404);
  });

  test("a tool in use can be deleted only in the portal, which detaches it", async () => {
    const id = await shared("webhook", block("lookup"));
    const at = await create({ tool_ids: [id] });
    expect((await api.delete(`/ai/tools/${id}`)).status).toBe(400);
    emulator.portal.delete("Tool", id);
    expect(await toolsAt(at)).toEqual([]);
    expect((await api.get(`/ai/tools/${id}`)).status).toBe(404);
  });
});

describe("shared tools", () => {
  test("the block becomes a flat definition, otherwise unchanged", async () => {
    const definition = { ...block("lookup"), anything: { goes: [1] } };
    const { body } = await api.get(`/ai/tools/${await shared("webhook", definition)}`);
    expect(body).toMatchObject({ type: "webhook", timeout_ms: 5000, tool_definition: definition });
    expect(body).not.toHaveProperty("webhook");
  });

  test("PATCH keeps fields that are left out and replaces a block as a whole", async () => {
    const id = await shared("webhook", { ...block("lookup"), method: "GET" });
    const named = await api.patch(`/ai/tools/${id}`, { display_name: "New" });
    expect(named.body).toMatchObject({ display_name: "New", tool_definition: { method: "GET" } });
    const replaced = await api.patch(`/ai/tools/${id}`, { type: "webhook", webhook: block("lookup") });
    expect(replaced.body["tool_definition"]).toEqual(block("lookup"));
  });

  test("a type without its block is refused", async () => {
    expect((await api.post("/ai/tools", { display_name: "x", type: "webhook" })).status).toBe(422);
    expect((await api.post("/ai/tools", { type: "webhook", webhook: {} })).status).toBe(422);
  });

  test("a change is visible on an assistant that uses the tool", async () => {
    const id = await shared("webhook", block("lookup"));
    const at = await create({ tool_ids: [id] });
    await api.patch(`/ai/tools/${id}`, { type: "webhook", webhook: block("find") });
    expect(await toolsAt(at)).toMatchObject([{ webhook: { name: "find" } }]);
  });

  test("are filtered by type and name", async () => {
    await shared("webhook", block("a"));
    const id = await shared("retrieval", { bucket_ids: [] });
    const { body } = await api.get("/ai/tools?filter[type]=retrieval&filter[name]=retrieval");
    expect(body["data"]).toMatchObject([{ id }]);
    expect((await api.get("/ai/tools?filter[name]=nothing")).body["data"]).toEqual([]);
  });
});
