import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../model/json.ts";
import { emulatorForTests } from "../../../../../test/e2e/raw-client.ts";

const NOON = Date.parse("2026-11-28T12:00:00Z");
const MINUTE = 60_000;
const { emulator, api } = await emulatorForTests({ now: () => NOON });

const CALL = {
  scheduled_at_fixed_datetime: "2026-11-28T13:10:00+01:00",
  telnyx_agent_target: "+15550001111",
  telnyx_conversation_channel: "phone_call",
  telnyx_end_user_target: "+15550002222",
};
const TEXT = { ...CALL, telnyx_conversation_channel: "sms_chat", text: "Hello {{name}}" };

async function assistantPath(more: JsonObject = {}): Promise<string> {
  const { body } = await api.post("/ai/assistants", { name: "Front desk", instructions: "i", ...more });
  return `/ai/assistants/${body.id}`;
}

/** Creates an event, and says how to look at it. */
async function scheduled(at: string, body: JsonObject): Promise<() => Promise<JsonObject>> {
  const answer = await api.post(`${at}/scheduled_events`, body);
  if (answer.status !== 201) throw new Error(answer.text);
  return async () =>
    (await api.get(`${at}/scheduled_events/${String(answer.body["scheduled_event_id"])}`)).body;
}

describe("on the emulator's clock", () => {
  test("a call goes from pending to in_progress and completed, and has a conversation with the greeting", async () => {
    const at = await assistantPath({ greeting: "Hi {{name}}!" });
    const look = await scheduled(at, { ...CALL, dynamic_variables: { name: "Ada" } });
    expect(await look()).toMatchObject({
      status: "pending",
      scheduled_at_fixed_datetime: "2026-11-28T12:10:00.000Z",
      call_attempts: [],
      retry_count: 0,
    });
    expect(emulator.state().sent).toEqual([]);
    emulator.advance(10 * MINUTE);
    expect(await look()).toMatchObject({
      status: "in_progress",
      call_status: "in-progress",
      dispatched_at: "2026-11-28T12:10:00.000Z",
    });
    emulator.advance(MINUTE);
    const over = await look();
    expect(over).toMatchObject({
      status: "completed",
      call_status: "completed",
      call_duration: 30,
      call_attempts: [{ attempt_number: 1, call_status: "completed" }],
    });
    const { sent, conversations } = emulator.state();
    expect(sent).toMatchObject([{ channel: "phone_call", to: "+15550002222", at: "2026-11-28T12:10:00.000Z" }]);
    expect(conversations).toMatchObject([{ id: over["conversation_id"], messages: [{ text: "Hi Ada!" }] }]);
  });

  test("a call that is not completed is repeated up to max_retries_client_errors", async () => {
    const at = await assistantPath();
    emulator.eventRule({ to: "+15550002222", outcomes: ["busy", "no-answer"], seconds: 10 });
    const look = await scheduled(at, { ...CALL, max_retries_client_errors: 2, retry_interval_secs: 120 });
    emulator.advance(11 * MINUTE);
    expect(await look()).toMatchObject({ status: "in_progress", call_status: "busy", retry_count: 0 });
    emulator.advance(10 * MINUTE);
    const statuses = (await look())["call_attempts"] as readonly JsonObject[];
    expect(statuses.map(({ call_status: status }) => status)).toEqual(["busy", "no-answer", "no-answer"]);
    expect(await look()).toMatchObject({
      status: "failed",
      retry_count: 2,
      errors: ["The call ended with no-answer"],
    });
    expect(emulator.state().sent).toHaveLength(3);
  });

  test("messages to one number share a conversation", async () => {
    const at = await assistantPath();
    const later = { ...TEXT, scheduled_at_fixed_datetime: "2026-11-28T12:30:00Z", text: "Still there?" };
    const second = await scheduled(at, later);
    const first = await scheduled(at, { ...TEXT, dynamic_variables: { name: "Ada" } });
    emulator.advance(60 * MINUTE);
    expect(await first()).toMatchObject({ status: "completed", text: "Hello {{name}}" });
    expect((await second())["conversation_id"]).toBe((await first())["conversation_id"]);
    const [conversation] = emulator.state().conversations;
    expect(conversation?.messages.map(({ text }) => text)).toEqual(["Hello Ada", "Still there?"]);
  });

  test("the event of a deleted assistant fails and sends nothing", async () => {
    const at = await assistantPath();
    await scheduled(at, CALL);
    await api.delete(at);
    emulator.advance(60 * MINUTE);
    expect(emulator.state().scheduled_events).toMatchObject([{ status: "failed" }]);
    expect(emulator.state().sent).toEqual([]);
  });

  test("delete cancels a pending event, and removes the record of a completed one", async () => {
    const at = await assistantPath();
    const first = await scheduled(at, CALL);
    const id = String((await first())["scheduled_event_id"]);
    expect((await api.delete(`${at}/scheduled_events/${id}`)).status).toBe(200);
    emulator.advance(60 * MINUTE);
    expect(emulator.state().sent).toEqual([]);
    const past = await scheduled(at, CALL);
    const over = String((await past())["scheduled_event_id"]);
    expect((await api.delete(`${at}/scheduled_events/${over}`)).status).toBe(200);
    expect((await api.delete(`${at}/scheduled_events/${over}`)).status).toBe(404);
    expect(emulator.state().sent).toHaveLength(1);
  });
});

test("the list is filtered by channel, from_date and to_date", async () => {
  const at = await assistantPath();
  const hours = [1, 2, 3];
  for (const hour of hours)
    await scheduled(at, {
      ...TEXT,
      text: `${hour}`,
      scheduled_at_fixed_datetime: `2026-11-29T0${hour}:00:00Z`,
    });
  await scheduled(at, CALL);
  const found = async (query: string) =>
    ((await api.get(`${at}/scheduled_events?${query}`)).body["data"] as readonly JsonObject[]).map(
      ({ text }) => text,
    );
  expect(await found("conversation_channel=sms_chat")).toEqual(["1", "2", "3"]);
  expect(await found("from_date=2026-11-29T02:00:00Z")).toEqual(["2", "3"]);
  expect(await found("from_date=2026-11-29T02:00:00Z&to_date=2026-11-29T02:00:00Z")).toEqual(["2"]);
  const other = await assistantPath();
  expect((await api.get(`${other}/scheduled_events`)).body["meta"]).toMatchObject({ total_results: 0 });
});

test.each<[string, JsonObject, JsonObject]>([
  ["a text without text", { ...TEXT, text: "" }, { loc: ["body", "text"], type: "value_error" }],
  [
    "a channel that cannot be scheduled",
    { ...CALL, telnyx_conversation_channel: "web_chat" },
    { type: "enum" },
  ],
  ["an invalid time", { ...CALL, scheduled_at_fixed_datetime: "soon" }, { type: "datetime_parsing" }],
  ["too many retries", { ...CALL, max_retries_client_errors: 11 }, { type: "less_than_equal" }],
  ["a retry interval that is too short", { ...CALL, retry_interval_secs: 59 }, { type: "greater_than_equal" }],
  ["a variable that is not a string", { ...CALL, dynamic_variables: { a: 1 } }, { type: "string_type" }],
  ["an unknown region", { ...CALL, call_settings: { sip_region: "Mars" } }, { type: "enum" }],
])("%s is refused", async (_what, body, problem) => {
  const answer = await api.post(`${await assistantPath()}/scheduled_events`, body);
  expect(answer.status).toBe(422);
  expect(answer.body["detail"]).toMatchObject([problem]);
});

test.each(["from_date=soon", "conversation_channel=web_chat", "page[size]=101"])(
  "%s is refused",
  async (query) => {
    expect((await api.get(`${await assistantPath()}/scheduled_events?${query}`)).status).toBe(422);
  },
);

describe("SMS", () => {
  const send = async (at: string, more: JsonObject = {}) =>
    api.post(`${at}/chat/sms`, { from: "+15550001111", to: "+15550002222", ...more });

  test("a requested conversation is continued by the next message, and takes its metadata", async () => {
    const at = await assistantPath({ enabled_features: ["messaging"], greeting: "Welcome!" });
    const first = await send(at, { should_create_conversation: true });
    const second = await send(at, { text: "More", conversation_metadata: { ticket: 7, vip: true } });
    expect(second.body).toEqual(first.body);
    const { conversations, sent } = emulator.state();
    expect(conversations).toMatchObject([
      { metadata: { ticket: "7", vip: "true" }, messages: [{ text: "Welcome!" }, { text: "More" }] },
    ]);
    expect(sent.map(({ text }) => text)).toEqual(["Welcome!", "More"]);
  });

  test("without a conversation the message is sent, and the answer has no conversation_id", async () => {
    const at = await assistantPath({ enabled_features: ["messaging"] });
    expect((await send(at, { text: "Hi" })).body).toEqual({});
    expect(emulator.state().sent).toMatchObject([{ text: "Hi" }]);
  });

  test("two requests with one idempotency key send one message", async () => {
    const at = await assistantPath({ enabled_features: ["messaging"] });
    const body = { from: "+15550001111", to: "+15550002222", text: "Hi" };
    for (let times = 0; times < 2; times += 1)
      await api.post(`${at}/chat/sms`, body, { "idempotency-key": "k" });
    expect(emulator.state().sent).toHaveLength(1);
  });

  test.each(["5550002222", "+0155500022", "+1 555 000 2222", "+1234567890123456", "sip:a@b"])(
    "%s is refused: not E.164",
    async (to) => {
      const at = await assistantPath({ enabled_features: ["messaging"] });
      const { status, body } = await send(at, { to });
      expect(status).toBe(422);
      expect(body["detail"]).toMatchObject([{ loc: ["body", "to"], type: "string_pattern_mismatch" }]);
    },
  );

  test("an assistant without messaging sends nothing", async () => {
    const { status, body } = await send(await assistantPath(), { text: "Hi" });
    expect(status).toBe(400);
    expect(body["errors"]).toMatchObject([{ code: "10015" }]);
    expect(emulator.state().sent).toEqual([]);
  });
});
