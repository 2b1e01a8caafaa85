import { afterAll, beforeAll, expect, test } from "vitest";
import { startEmulator, type Emulator } from "./emulator.ts";

let emulator: Emulator;
let id = "";

beforeAll(async () => {
  emulator = await startEmulator({ seed: 1 });
  id = emulator.portal.create("Assistant", { name: "Front", instructions: "Answer." });
});
afterAll(() => emulator.close());

const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${new URL(emulator.url).origin}${path}`, { headers: { authorization: "Bearer k" }, ...init });

test("escaped characters in a path are read", async () => {
  const escaped = `%${id.charCodeAt(0).toString(16)}${id.slice(1)}`;
  const answer = await ask(`/v2/ai/%61ssistants/${escaped}`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ id });
});

test.each([
  ["outside of the base path", "GET", "/ai/assistants"],
  ["unknown", "GET", "/v2/ai/unknown"],
  ["with a wrong method", "PUT", "/v2/ai/assistants"],
])("a path %s is not found", async (_, method, path) => {
  const answer = await ask(path, { method });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ errors: [{ code: "10005" }] });
});

test.each(["%ff", "%2"])("an escape such as %s, which is no character, is an error", async (escape) => {
  expect((await ask(`/v2/ai/assistants/${escape}`)).status).toBe(400);
});

test("HEAD is answered as GET is, without a body", async () => {
  const [head, get] = [await ask("/v2/ai/assistants", { method: "HEAD" }), await ask("/v2/ai/assistants")];
  expect(head.status).toBe(200);
  expect(await head.text()).toBe("");
  expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
});
