import { beforeEach, describe, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../../../model/json.ts";
import { emulatorForTests } from "../../../../../test/e2e/raw-client.ts";
import { PROVIDERS, secret } from "./providers/provider.ts";

const { emulator, api } = await emulatorForTests();
beforeEach(() => api.post("/integration_secrets", { identifier: "their-key", type: "bearer", token: "t" }));

const bring = async (provider: string, more: JsonObject = {}) =>
  api.post("/ai/assistants/import", { provider, api_key_ref: "their-key", ...more });
const identifiers = () => emulator.state().integration_secrets.map(({ identifier }) => identifier);

async function brought(provider: string, more: JsonObject = {}): Promise<readonly JsonObject[]> {
  const answer = await bring(provider, more);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body["data"] as readonly JsonObject[];
}

function importId(one: JsonObject | undefined): string {
  const from = one?.["import_metadata"];
  return isObject(from) ? String(from["import_id"]) : "";
}

test.each(PROVIDERS)("all assistants of %s are imported, with import_metadata", async (provider) => {
  const imported = await brought(provider);
  expect(imported.length).toBeGreaterThan(1);
  for (const one of imported) {
    expect(one["import_metadata"]).toMatchObject({ import_provider: provider, import_id: expect.any(String) });
    expect((await api.get(`/ai/assistants/${String(one["id"])}`)).body).toEqual(one);
  }
  expect((await api.get("/ai/assistants")).body["data"]).toEqual(imported);
});

test("placeholder secrets, MCP servers and insights are created", async () => {
  const [hotel] = await brought("elevenlabs");
  expect(identifiers()).toEqual(["their-key", "rooms-key", "crm-key"]);
  expect(JSON.stringify(hotel?.["tools"])).toContain(secret("rooms-key"));
  const { mcp_servers: servers, insights, insight_groups: groups } = emulator.state();
  expect(servers).toMatchObject([{ name: "Hotel CRM", api_key_ref: "crm-key" }]);
  expect(hotel).toMatchObject({
    mcp_servers: [{ id: servers[0]?.["id"], allowed_tools: ["find_guest"] }],
    voice_settings: { api_key_ref: "their-key" },
  });
  expect([insights, groups]).toMatchObject([[{ name: "Booked" }], [{ name: "Spa / bookings" }]]);
});

describe("a second import", () => {
  test("overwrites edits with a new version, and creates nothing twice", async () => {
    const first = await brought("vapi");
    const at = `/ai/assistants/${String(first[0]?.["id"])}`;
    await api.post(at, { greeting: "Edited", description: "Added here" });
    const before = emulator.state();
    const [again] = await brought("vapi");
    expect(again).toMatchObject({ id: first[0]?.["id"], greeting: first[0]?.["greeting"] });
    expect(again).not.toHaveProperty("description");
    const after = emulator.state();
    expect(after.assistants).toHaveLength(before.assistants.length);
    expect(after.assistants[0]?.versions).toHaveLength((before.assistants[0]?.versions.length ?? 0) + 1);
    expect([after.insights, after.insight_groups, after.integration_secrets]).toEqual([
      before.insights,
      before.insight_groups,
      before.integration_secrets,
    ]);
  });

  test("imports the newest state of the provider", async () => {
    const [first] = await brought("vapi");
    emulator.providerHas("vapi", [
      {
        id: importId(first),
        config: { name: "New", instructions: "n" },
      },
    ]);
    expect(await brought("vapi")).toMatchObject([{ id: first?.["id"], name: "New", tools: [] }]);
  });

  test("creates a new assistant if the earlier one was deleted", async () => {
    const [first] = await brought("retell");
    await api.delete(`/ai/assistants/${String(first?.["id"])}`);
    const [again] = await brought("retell");
    expect(again?.["id"]).not.toBe(first?.["id"]);
  });

  test("with the same idempotency key replays the answer", async () => {
    const body = { provider: "retell", api_key_ref: "their-key" };
    await api.post("/ai/assistants/import", body, { "idempotency-key": "k" });
    const replayed = await api.post("/ai/assistants/import", body, { "idempotency-key": "k" });
    expect(replayed.headers.get("idempotent-replayed")).toBe("true");
    expect(emulator.state().assistants.every(({ versions }) => versions.length === 1)).toBe(true);
  });
});

test("import_ids limits the import", async () => {
  expect(await brought("vapi", { import_ids: ["6f1c0a52-90c4-4f0e-9d53-2f6a3b6f0a02"] })).toMatchObject([
    { name: "Clinic intake", greeting: "", privacy_settings: { data_retention: false } },
  ]);
});

test("a clone has no import_metadata", async () => {
  const [first] = await brought("retell");
  const { body } = await api.post(`/ai/assistants/${String(first?.["id"])}/clone`);
  expect(body).toMatchObject({ instructions: first?.["instructions"], tools: first?.["tools"] });
  expect(body).not.toHaveProperty("import_metadata");
});

test.each<[string, JsonObject, number]>([
  ["a provider that is not supported", { provider: "openai" }, 422],
  ["a missing secret", { api_key_ref: "nowhere" }, 400],
  ["an id that the provider does not have", { import_ids: ["nowhere"] }, 400],
  ["a flow agent", { provider: "retell", import_ids: ["agent_7d1e5c0003"] }, 400],
  ["ids that are not a list", { import_ids: "all" }, 422],
])("%s is refused and changes nothing", async (_what, more, status) => {
  expect((await bring("vapi", more)).status).toBe(status);
  expect(emulator.state().assistants).toEqual([]);
  expect(identifiers()).toEqual(["their-key"]);
});
