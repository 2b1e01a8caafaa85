import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../model/json.ts";
import { emulatorForTests } from "../../../../../test/e2e/raw-client.ts";

const { emulator, api } = await emulatorForTests();

async function chatting(more: JsonObject = {}): Promise<(body: JsonObject) => ReturnType<typeof api.post>> {
  const assistant = await api.post("/ai/assistants", { name: "Front desk", instructions: "i", ...more });
  const conversation = await api.post("/ai/conversations", {});
  return (body) =>
    api.post(`/ai/assistants/${assistant.body.id}/chat`, { conversation_id: conversation.body.id, ...body });
}

/** The raw text of a stream, and how it ended. */
async function streamed(path: string, body: JsonObject): Promise<{ text: string; isWhole: boolean }> {
  const response = await fetch(emulator.url + path, {
    method: "POST",
    headers: { authorization: "Bearer KEY0123" },
    body: JSON.stringify({ ...body, stream: true }),
  });
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const piece of response.body ?? []) text += decoder.decode(piece, { stream: true });
    return { text, isWhole: true };
  } catch {
    return { text, isWhole: false };
  }
}

const texts = () => emulator.state().conversations[0]?.messages.map(({ role, text }) => `${role}: ${text}`);

describe("rules", () => {
  test("the last rule that matches the assistant, a part or the expression decides", async () => {
    const chat = await chatting();
    emulator.chatRule({ reply: "any" });
    emulator.chatRule({ assistant: "Somebody else", reply: "wrong" });
    emulator.chatRule({ matches: "^order \\d+$", reply: "shipped" });
    emulator.chatRule({ assistant: "Front desk", contains: "REFUND", reply: "refunded" });
    const said = async (content: string) => (await chat({ content })).body["content"];
    expect(await said("hello")).toBe("any");
    expect(await said("order 12")).toBe("shipped");
    expect(await said("a refund, please")).toBe("refunded");
    emulator.clearRules();
    expect(await said("order 12")).toBe("order 12");
  });

  test("an invalid regular expression is refused when it is set, over HTTP too", async () => {
    expect(() => emulator.chatRule({ matches: "(" })).toThrow("regular expression");
    const admin = await fetch(new URL("/_emulator/chat-rules", emulator.url), {
      method: "POST",
      body: JSON.stringify({ matches: "(" }),
    });
    expect(admin.status).toBe(400);
  });

  test("after a failure the conversation has the question and no answer", async () => {
    const chat = await chatting();
    emulator.chatRule({ fail: { status: 503, detail: "busy" }, times: 1 });
    const { status, body } = await chat({ content: "Hi" });
    expect(status).toBe(503);
    expect(body["errors"]).toMatchObject([{ code: "10016", detail: "busy" }]);
    expect(texts()).toEqual(["user: Hi"]);
  });
});

describe("streams", () => {
  const start = async () => {
    const assistant = await api.post("/ai/assistants", { name: "Front desk", instructions: "i" });
    const conversation = await api.post("/ai/conversations", {});
    const path = `/ai/assistants/${assistant.body.id}/chat`;
    return { path, body: { conversation_id: conversation.body.id, content: "one two three four" } };
  };

  test("a failure after the start is sent as the last event", async () => {
    const { path, body } = await start();
    emulator.chatRule({ fail: { after: 1, detail: "lost" } });
    const { text, isWhole } = await streamed(path, body);
    expect(isWhole).toBe(true);
    expect(text).toContain('event: delta\ndata: {"content":"one "}\n\nevent: error\ndata: ');
    expect(text).toContain('"detail":"lost"');
    expect(texts()).toEqual(["user: one two three four"]);
  });

  test("a failure before the start is an error response", async () => {
    const { path, body } = await start();
    emulator.chatRule({ fail: { status: 500 } });
    const { status } = await api.post(path, { ...body, stream: true });
    expect(status).toBe(500);
  });

  test("a fault cuts the stream after two events; the conversation has the whole answer", async () => {
    const { path, body } = await start();
    emulator.inject({ match: { path }, fault: { kind: "truncate", after: 2 } });
    const { text, isWhole } = await streamed(path, body);
    expect(isWhole).toBe(false);
    expect(text.match(/"content":"[^"]*"/g)).toEqual(['"content":"one "', '"content":"two "']);
    expect(texts()).toEqual(["user: one two three four", "assistant: one two three four"]);
  });

  test("a stalled stream stays open until the client aborts", async () => {
    const { path, body } = await start();
    emulator.inject({ match: { path }, fault: { kind: "stall", after: 1 } });
    const stop = new AbortController();
    const response = await fetch(emulator.url + path, {
      method: "POST",
      headers: { authorization: "Bearer KEY0123" },
      body: JSON.stringify({ ...body, stream: true }),
      signal: stop.signal,
    });
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toBe('event: delta\ndata: {"content":"one "}\n\n');
    const next = reader?.read();
    stop.abort();
    await expect(next).rejects.toThrow("aborted");
  });
});

test("an invalid body is refused and changes nothing", async () => {
  const chat = await chatting();
  expect((await chat({})).body["detail"]).toMatchObject([{ loc: ["body", "content"], type: "missing" }]);
  expect((await chat({ content: 7 })).status).toBe(422);
  expect((await chat({ content: "x", stream: "yes" })).body["detail"]).toMatchObject([{ type: "bool_type" }]);
  expect(texts()).toEqual([]);
});
