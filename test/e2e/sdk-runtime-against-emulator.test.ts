import Telnyx from "telnyx";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";

/** The official SDK as the client for what happens while assistants are used. */
let emulator: Emulator;
let client: Telnyx;

beforeAll(async () => {
  emulator = await startEmulator({ seed: 7 });
  client = new Telnyx({ apiKey: "KEY0123", baseURL: emulator.url, maxRetries: 0 });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const BASICS = { name: "Front desk", instructions: "Be brief." };

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function statusOf(call: Promise<unknown>): Promise<number | undefined> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Telnyx.APIError) return error.status;
  throw new Error(`expected an API error, got ${String(error)}`);
}

/** The events of a stream, as names and data. */
function events(text: string): [string, unknown][] {
  return text
    .split("\n\n")
    .filter((block) => block !== "")
    .map((block) => {
      const [, name = "", data = ""] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      return [name, JSON.parse(data)];
    });
}

async function chatting(): Promise<{ readonly assistant: string; readonly conversation: string }> {
  const { id: assistant } = await client.ai.assistants.create(BASICS);
  const { id: conversation } = await client.ai.conversations.create({ name: "Try", metadata: { by: "test" } });
  return { assistant, conversation };
}

describe("conversations", () => {
  test("create, retrieve, list, update and delete", async () => {
    const { conversations } = client.ai;
    const created = await conversations.create({ name: "Try", metadata: { by: "test" } });
    expect(created).toMatchObject({
      name: "Try",
      metadata: { by: "test" },
      last_message_at: created.created_at,
    });
    expect((await conversations.retrieve(created.id)).data).toEqual(created);
    expect((await conversations.list()).data).toEqual([created]);
    const { data } = await conversations.update(created.id, { metadata: { ai_disabled: "true" } });
    expect(data?.metadata).toEqual({ ai_disabled: "true" });
    await conversations.delete(created.id);
    expect(await statusOf(conversations.retrieve(created.id))).toBe(404);
  });

  test("two requests with one idempotency key create one conversation", async () => {
    const params = { name: "Try", "Idempotency-Key": "a-key" };
    const first = await client.ai.conversations.create(params);
    expect(await client.ai.conversations.create(params)).toEqual(first);
    expect((await client.ai.conversations.list()).data).toHaveLength(1);
  });

  test("the list takes the filters, order and limit of the SDK", async () => {
    const { conversations } = client.ai;
    const { assistant, conversation } = await chatting();
    await client.ai.assistants.chat(assistant, { content: "Hi", conversation_id: conversation });
    emulator.advance(1000);
    await conversations.create({ name: "Voice 1" });
    emulator.advance(1000);
    await conversations.create({ name: "Voice 2" });
    const names = async (query: Telnyx.AI.ConversationListParams) =>
      (await conversations.list(query)).data.map(({ name }) => name);
    expect(await names({ "metadata->assistant_id": `eq.${assistant}` })).toEqual(["Try"]);
    expect(await names({ name: "like.Voice%", order: "created_at.desc" })).toEqual(["Voice 2", "Voice 1"]);
    expect(await names({ order: "created_at.desc", limit: 1 })).toEqual(["Voice 2"]);
    expect(await names({ or: "(name.eq.Try,name.eq.Voice 2)" })).toEqual(["Try", "Voice 2"]);
    expect(await names({ created_at: "gte.2099-01-01" })).toEqual([]);
    expect(await statusOf(conversations.list({ name: "Voice" }))).toBe(400);
  });

  test("messages are added and read page by page", async () => {
    const { conversations } = client.ai;
    const { id } = await conversations.create({});
    for (let index = 0; index < 25; index += 1)
      await conversations.addMessage(id, { role: "user", content: `message ${index}` });
    const messages = await collect(conversations.messages.list(id));
    expect(messages.map(({ text }) => text)).toEqual(Array.from({ length: 25 }, (_, at) => `message ${at}`));
    // @ts-expect-error the role is required
    expect(await statusOf(conversations.addMessage(id, { content: "x" }))).toBe(422);
  });
});

describe("chat", () => {
  test("the assistant echoes, and the conversation has both messages", async () => {
    const { assistant, conversation } = await chatting();
    const answer = await client.ai.assistants.chat(assistant, {
      content: "Hello there",
      conversation_id: conversation,
    });
    expect(answer).toEqual({ content: "Hello there" });
    const messages = await collect(client.ai.conversations.messages.list(conversation));
    expect(messages.map(({ role, text }) => [role, text])).toEqual([
      ["user", "Hello there"],
      ["assistant", "Hello there"],
    ]);
  });

  test("a rule sets the answer and the tool calls", async () => {
    const { assistant, conversation } = await chatting();
    emulator.chatRule({
      contains: "weather",
      reply: "Sunny, {{name}}.",
      tools: [{ name: "forecast", arguments: { city: "Bonn" }, result: "sunny" }],
      times: 1,
    });
    const ask = { content: "Weather?", conversation_id: conversation, name: "Ada" };
    expect(await client.ai.assistants.chat(assistant, ask)).toEqual({ content: "Sunny, Ada." });
    expect(await client.ai.assistants.chat(assistant, ask)).toEqual({ content: "Weather?" });
    const [, called, tool, said] = await collect(client.ai.conversations.messages.list(conversation));
    expect(called?.tool_calls?.[0]?.function).toEqual({ name: "forecast", arguments: '{"city":"Bonn"}' });
    expect([called?.text, tool, said]).toMatchObject([
      null,
      { role: "tool", text: "sunny" },
      { text: "Sunny, Ada." },
    ]);
  });

  test("a stream has deltas, and the whole answer at the end", async () => {
    const { assistant, conversation } = await chatting();
    const stream = { content: "One two", conversation_id: conversation, stream: true };
    const response = await client.ai.assistants.chat(assistant, stream).asResponse();
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(events(await response.text())).toEqual([
      ["delta", { content: "One " }],
      ["delta", { content: "two" }],
      ["done", { content: "One two", whatsapp_template: null }],
    ]);
  });

  test("a conversation with AI disabled, an unknown conversation and an unknown assistant are refused", async () => {
    const { assistant, conversation } = await chatting();
    const chat = (id: string, conversationId: string) =>
      statusOf(client.ai.assistants.chat(id, { content: "Hi", conversation_id: conversationId }));
    expect(await chat(assistant, "nowhere")).toBe(404);
    expect(await chat("assistant-x", conversation)).toBe(404);
    await client.ai.conversations.update(conversation, { metadata: { ai_disabled: "true" } });
    expect(await chat(assistant, conversation)).toBe(400);
  });
});

test("an SMS starts a conversation", async () => {
  const { ai } = client;
  const { id } = await ai.assistants.create({ ...BASICS, enabled_features: ["messaging"] });
  const { conversation_id: conversation = "" } = await ai.assistants.sendSMS(id, {
    from: "+15550001111",
    to: "+15550002222",
    text: "Hi",
    should_create_conversation: true,
    conversation_metadata: { ticket: 7 },
    "Idempotency-Key": "sms-1",
  });
  const { data } = await ai.conversations.retrieve(conversation);
  expect(data?.metadata).toMatchObject({
    assistant_id: id,
    telnyx_end_user_target: "+15550002222",
    ticket: "7",
  });
  expect(await collect(ai.conversations.messages.list(conversation))).toMatchObject([
    { role: "assistant", text: "Hi" },
  ]);
});

test("scheduled events are created, listed page by page, read and deleted", async () => {
  const { assistants } = client.ai;
  const { scheduledEvents } = assistants;
  const { id } = await assistants.create(BASICS);
  const params = (hours: number): Telnyx.AI.Assistants.ScheduledEventCreateParams => ({
    scheduled_at_fixed_datetime: new Date(Date.now() + hours * 3_600_000).toISOString(),
    telnyx_agent_target: "+15550001111",
    telnyx_conversation_channel: "phone_call",
    telnyx_end_user_target: "+15550002222",
    call_settings: { sip_region: "Europe" },
    max_retries_client_errors: 1,
    retry_interval_secs: 60,
  });
  const first = await scheduledEvents.create(id, params(1));
  expect(first).toMatchObject({ status: "pending", assistant_id: id, call_settings: { sip_region: "Europe" } });
  for (let hours = 2; hours < 25; hours += 1) await scheduledEvents.create(id, params(hours));
  expect(await collect(scheduledEvents.list(id))).toHaveLength(24);
  expect(await collect(scheduledEvents.list(id, { conversation_channel: "sms_chat" }))).toEqual([]);

  const eventId = String(first.scheduled_event_id);
  emulator.advance(2 * 3_600_000);
  expect(await scheduledEvents.retrieve(eventId, { assistant_id: id })).toMatchObject({ status: "completed" });
  await scheduledEvents.delete(eventId, { assistant_id: id });
  expect(await statusOf(scheduledEvents.retrieve(eventId, { assistant_id: id }))).toBe(404);
});

test("the webhook of an attached tool is tested", async () => {
  const { ai } = client;
  const webhook = { name: "lookup", description: "Look up.", url: "https://example.com/{id}" };
  const tool = await ai.tools.create({ display_name: "Look up", type: "webhook", webhook });
  const { id } = await ai.assistants.create({ ...BASICS, tool_ids: [tool.id] });
  emulator.toolRule({ tool: "Look up", status: 502, content_type: "text/plain", response: "bad gateway" });
  const { data } = await ai.assistants.tools.test(tool.id, {
    assistant_id: id,
    arguments: { id: 1 },
    dynamic_variables: { name: "Ada" },
  });
  expect(data).toMatchObject({ success: false, status_code: 502, response: "bad gateway" });
  expect(data.request).toMatchObject({ method: "POST", body: { id: 1 } });
});

test("enhanced instructions arrive as text", async () => {
  const { assistants } = client.ai;
  const { id } = await assistants.create(BASICS);
  const text = await assistants.instructions.enhance(id, { enhancement_prompt: "Mention the hours." });
  expect(text).toMatch(/^Be brief\.[^]*Mention the hours\.\n$/);
  expect((await assistants.retrieve(id)).instructions).toBe("Be brief.");
});

test("a test run names a conversation with messages", async () => {
  const { tests } = client.ai.assistants;
  const rubric = [{ name: "Politeness", criteria: "Says thank you." }];
  const test = { name: "refund", destination: "+15550001111", instructions: "Ask for a refund.", rubric };
  const { test_id: id } = await tests.create({ ...test, test_suite: "nightly" });
  const transcript = async () => {
    const [run] = await tests.testSuites.runs.trigger("nightly");
    let last = await tests.runs.retrieve(String(run?.run_id), { test_id: id });
    while (last.status !== "passed") last = await tests.runs.retrieve(last.run_id, { test_id: id });
    const messages = await collect(client.ai.conversations.messages.list(String(last.conversation_id)));
    return messages.map(({ role, text }) => `${role}: ${text}`);
  };
  expect(await transcript()).toEqual(["user: Ask for a refund.", "assistant: Ask for a refund."]);
  emulator.chatRule({ contains: "refund", reply: "Of course." });
  expect(await transcript()).toEqual(["user: Ask for a refund.", "assistant: Of course."]);
  emulator.testRule({ test: "refund", messages: [{ role: "assistant", text: "Hello?" }] });
  expect(await transcript()).toEqual(["assistant: Hello?"]);
});

test("assistants are imported from another provider", async () => {
  const { ai, integrationSecrets } = client;
  await integrationSecrets.create({ identifier: "vapi-key", type: "bearer", token: "t" });
  const params = { provider: "vapi" as const, api_key_ref: "vapi-key", "Idempotency-Key": "import-1" };
  const { data } = await ai.assistants.imports(params);
  expect(data.map(({ name }) => name)).toEqual(["Pizza hotline", "Clinic intake", "Survey"]);
  expect(data[0]?.import_metadata).toMatchObject({ import_provider: "vapi" });
  const ids = [String(data[2]?.import_metadata?.import_id)];
  const again = await ai.assistants.imports({ provider: "vapi", api_key_ref: "vapi-key", import_ids: ids });
  expect(again.data.map(({ id }) => id)).toEqual([data[2]?.id]);
  expect(await statusOf(ai.assistants.imports({ provider: "retell", api_key_ref: "nowhere" }))).toBe(400);
});
