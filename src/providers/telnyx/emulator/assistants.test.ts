import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../model/json.ts";
import { emulatorForTests } from "../../../../test/e2e/raw-client.ts";

const { emulator, api } = await emulatorForTests();
const BASICS = { name: "Front desk", instructions: "Be brief." };

async function create(more: JsonObject = {}): Promise<JsonObject & { readonly id: string }> {
  const answer = await api.post("/ai/assistants", { ...BASICS, ...more });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body;
}

const path = (id: string) => `/ai/assistants/${id}`;

describe("what the server fills in", () => {
  test("a bare assistant gets a model, a transcription, ids and documented defaults", async () => {
    expect(await create()).toMatchObject({
      id: expect.stringMatching(/^assistant-[0-9a-f-]{36}$/),
      model: "moonshotai/Kimi-K2.6",
      transcription: { model: "deepgram/flux", language: "en" },
      version_name: "New assistant",
      version_id: expect.any(String),
      tags: [],
      tools: [],
      mcp_servers: [],
      integrations: [],
      related_mission_ids: [],
      dynamic_variables_webhook_timeout_ms: 1500,
      telephony_settings: {
        default_texml_app_id: expect.stringMatching(/^\d+$/),
        time_limit_secs: 1800,
        recording_settings: { enabled: true, channels: "dual", format: "mp3" },
      },
    });
  });

  test("blocks that were not sent stay absent", async () => {
    const assistant = await create();
    for (const key of ["voice_settings", "messaging_settings", "greeting", "privacy_settings", "tool_ids"])
      expect(assistant).not.toHaveProperty(key);
  });

  test("defaults appear inside a block that exists", async () => {
    const { voice_settings: voice } = await create({ voice_settings: { voice: "Telnyx.KokoroTTS.af" } });
    expect(voice).toEqual({
      voice: "Telnyx.KokoroTTS.af",
      expressive_mode: false,
      language_boost: null,
      similarity_boost: 0.75,
      speed: 1,
      style: 0,
      temperature: 0.5,
      use_speaker_boost: true,
      voice_speed: 1,
    });
  });

  test("a messaging profile appears with messaging", async () => {
    const { id } = await create();
    const { body } = await api.post(path(id), { enabled_features: ["telephony", "messaging"] });
    expect(body["messaging_settings"]).toEqual({ default_messaging_profile_id: expect.any(String) });
  });

  test("a transfer without a description gets one", async () => {
    const transfer = { from: "+15550001111", targets: [{ name: "Billing", to: "+15550002222" }] };
    const { tools } = await create({ tools: [{ type: "transfer", transfer }] });
    expect(tools).toMatchObject([{ transfer: { description: expect.stringContaining("Billing") } }]);
  });
});

describe("update", () => {
  test("a key that is left out stays; version_name does not", async () => {
    const { id } = await create({ greeting: "Hello", tags: ["a"], description: "d" });
    await api.post(path(id), { version_name: "two", greeting: "Hi" });
    const { body } = await api.post(path(id), { description: "e" });
    expect(body).toMatchObject({
      greeting: "Hi",
      tags: ["a"],
      description: "e",
      version_name: "New assistant",
    });
  });

  test("a nested object is replaced as a whole and its defaults come back", async () => {
    const { id } = await create({
      telephony_settings: { time_limit_secs: 60, recording_settings: { enabled: false } },
    });
    const before = (await api.get(path(id))).body["telephony_settings"] as JsonObject;
    const { body } = await api.post(path(id), { telephony_settings: { user_idle_reply_secs: 20 } });
    expect(body["telephony_settings"]).toMatchObject({
      default_texml_app_id: before["default_texml_app_id"],
      time_limit_secs: 1800,
      user_idle_reply_secs: 20,
      recording_settings: { enabled: true },
    });
  });

  test("an array is replaced", async () => {
    const { id } = await create({ tags: ["a", "b"] });
    expect((await api.post(path(id), { tags: ["c"] })).body["tags"]).toEqual(["c"]);
  });

  test("null is kept in nullable fields and refused elsewhere", async () => {
    const { id } = await create();
    const refused = await api.post(path(id), {
      greeting: null,
      voice_settings: { voice: "x", language_boost: null },
    });
    expect(refused.status).toBe(422);
    expect(refused.body["detail"]).toMatchObject([{ loc: ["body", "greeting"], type: "string_type" }]);
  });

  test("an unknown key is dropped with a 200", async () => {
    const { id } = await create();
    const { status, body } = await api.post(path(id), {
      greting: "typo",
      voice_settings: { voice: "x", pitch: 3 },
    });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty("greting");
    expect(body["voice_settings"]).not.toHaveProperty("pitch");
  });

  test("a refused update changes nothing", async () => {
    const { id } = await create({ greeting: "Hello" });
    const before = emulator.state();
    expect((await api.post(path(id), { greeting: "Hi", description: 7 })).status).toBe(422);
    expect(emulator.state()).toEqual(before);
  });
});

test("integers in free-form values keep every digit", async () => {
  const text = `{"name":"a","instructions":"b","dynamic_variables":{"id":12345678901234567890,"n":null,"f":1.50}}`;
  const { body } = await api.post("/ai/assistants", text);
  expect((await api.get(path(body.id))).text).toContain('{"id":12345678901234567890,"n":null,"f":1.5}');
});

describe("delete", () => {
  test("is a soft delete by default", async () => {
    const { id } = await create();
    expect((await api.delete(path(id))).body).toEqual({ id, object: "assistant", deleted: true });
    expect((await api.get(path(id))).status).toBe(404);
    expect((await api.delete(path(id))).status).toBe(404);
    expect((await api.get(`${path(id)}/deleted`)).body).toMatchObject({ id, deleted_at: expect.any(String) });
    expect((await api.post(`${path(id)}/restore`)).body.id).toBe(id);
    await api.delete(`${path(id)}?hard_delete=true`);
    expect((await api.get(`${path(id)}/deleted`)).status).toBe(404);
    expect((await api.post(`${path(id)}/restore`)).status).toBe(404);
  });

  test("is refused while another assistant hands over to it", async () => {
    const billing = await create({ name: "Billing" });
    const tools = [{ type: "handoff", handoff: { ai_assistants: [{ id: billing.id, name: "billing" }] } }];
    const desk = await create({ tools });
    const refused = await api.delete(path(billing.id));
    expect(refused.status).toBe(400);
    expect(refused.body["errors"]).toMatchObject([{ code: "10015", detail: expect.stringContaining(desk.id) }]);
    await api.post(path(desk.id), { tools: [] });
    expect((await api.delete(path(billing.id))).status).toBe(200);
  });
});

test("an assistant may hand over to itself, but not to one that does not exist", async () => {
  const { id } = await create();
  const to = (target: string) => ({
    tools: [{ type: "handoff", handoff: { ai_assistants: [{ id: target, name: "x" }] } }],
  });
  expect((await api.post(path(id), to(id))).status).toBe(200);
  const refused = await api.post(path(id), to("assistant-nowhere"));
  expect(refused.status).toBe(400);
  expect(refused.body["errors"]).toMatchObject([{ code: "10017" }]);
});
