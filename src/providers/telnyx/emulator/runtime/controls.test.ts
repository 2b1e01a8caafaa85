import { expect, test } from "vitest";
import type { Json } from "../../../../model/json.ts";
import { emulatorForTests } from "../../../../../test/e2e/raw-client.ts";

const { emulator, api } = await emulatorForTests();

async function admin(method: string, path: string, body?: Json): Promise<number> {
  const response = await fetch(new URL(`/_emulator${path}`, emulator.url), {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return response.status;
}

async function said(): Promise<unknown> {
  const assistant = await api.post("/ai/assistants", { name: "Front desk", instructions: "Be brief." });
  const conversation = await api.post("/ai/conversations", {});
  const body = { content: "Hi", conversation_id: conversation.body.id };
  return (await api.post(`/ai/assistants/${assistant.body.id}/chat`, body)).body["content"];
}

test("rules, other providers and the clock can be set over HTTP", async () => {
  for (const kind of ["chat", "tool", "event", "enhance", "test"])
    expect(await admin("POST", `/${kind}-rules`, { reply: "Hello!", outcome: "failed" })).toBe(200);
  expect(await said()).toBe("Hello!");
  expect(await admin("DELETE", "/rules")).toBe(200);
  expect(await said()).toBe("Hi");

  const assistants = [{ id: "a", config: { name: "Theirs", instructions: "i" } }];
  expect(await admin("PUT", "/providers/vapi", { assistants })).toBe(200);
  expect(await admin("PUT", "/providers/openai", { assistants })).toBe(400);
  expect(await admin("PUT", "/providers/vapi", {})).toBe(400);
  await api.post("/integration_secrets", { identifier: "key", type: "bearer", token: "t" });
  const imported = await api.post("/ai/assistants/import", { provider: "vapi", api_key_ref: "key" });
  expect(imported.body["data"]).toMatchObject([{ name: "Theirs" }]);

  const before = Date.parse(String((await api.post("/ai/conversations", {})).body["created_at"]));
  expect(await admin("POST", "/clock", { advance_ms: 86_400_000 })).toBe(200);
  const after = Date.parse(String((await api.post("/ai/conversations", {})).body["created_at"]));
  expect(after - before).toBeGreaterThanOrEqual(86_400_000);
  expect(await admin("POST", "/clock", { advance_ms: -1 })).toBe(400);
});

test("a reset forgets rules, providers and conversations", async () => {
  await admin("POST", "/chat-rules", { reply: "Hello!" });
  await admin("PUT", "/providers/vapi", { assistants: [] });
  await said();
  emulator.reset();
  expect(emulator.state()).toMatchObject({ conversations: [], scheduled_events: [], sent: [] });
  expect(await said()).toBe("Hi");
  await api.post("/integration_secrets", { identifier: "key", type: "bearer", token: "t" });
  const imported = await api.post("/ai/assistants/import", { provider: "vapi", api_key_ref: "key" });
  expect(imported.body["data"]).not.toEqual([]);
});
