import { expect, test } from "vitest";
import { emulatorForTests } from "../../../../test/e2e/raw-client.ts";

let time = Date.parse("2026-01-01T00:00:00Z");
const { emulator, api } = await emulatorForTests({ now: () => time });
const BODY = '{"name":"Front desk","instructions":"Be brief."}';
const TEST = { name: "t", destination: "d", instructions: "i", rubric: [{ name: "n", criteria: "c" }] };
const create = (key: string, body = BODY, query = "") =>
  api.post(`/ai/assistants${query}`, body, { "idempotency-key": key });
const count = () => emulator.state().assistants.length;

test("a success is replayed with its status and body", async () => {
  const headers = { "idempotency-key": "a" };
  const first = await api.post("/ai/assistants/tests", TEST, headers);
  const second = await api.post("/ai/assistants/tests", TEST, headers);
  expect(first.headers.get("idempotent-replayed")).toBeNull();
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  expect([second.status, second.text]).toEqual([201, first.text]);
  expect(emulator.state().tests).toHaveLength(1);
});

test("a replay works after the created object is deleted", async () => {
  const { body } = await create("a");
  await api.delete(`/ai/assistants/${body.id}?hard_delete=true`);
  expect((await create("a")).body.id).toBe(body.id);
  expect(count()).toBe(0);
});

test.each([
  ["different spacing", BODY.replace(",", ", "), ""],
  ["another query", BODY, "?x=1"],
])("%s counts as another request", async (_what, body, query) => {
  await create("a");
  const answer = await create("a", body, query);
  expect(answer.status).toBe(422);
  expect(answer.body["errors"]).toMatchObject([{ code: "10027" }]);
  expect(count()).toBe(1);
});

test("a key is scoped to its path", async () => {
  await create("a");
  const answer = await api.post("/ai/assistants/tests", TEST, { "idempotency-key": "a" });
  expect(answer.status).toBe(201);
});

test("a failure is not remembered", async () => {
  expect((await create("a", '{"name":"x"}')).status).toBe(422);
  expect((await create("a")).status).toBe(200);
});

test("a key expires after a day", async () => {
  await create("a");
  time += 24 * 3600 * 1000 - 1;
  expect((await create("a")).headers.get("idempotent-replayed")).toBe("true");
  time += 1;
  expect((await create("a")).headers.get("idempotent-replayed")).toBeNull();
  expect(count()).toBe(2);
});

test.each(["", "with space", "ü", "a".repeat(256), "a,b"])("the key '%s' is refused", async (key) => {
  const answer = await create(encodeURI(key) === key ? key : encodeURI(key));
  expect(answer.status).toBe(400);
  expect(answer.body["errors"]).toMatchObject([{ code: "10015" }]);
});

test("a large body is refused only if a key is sent", async () => {
  const body = JSON.stringify({ name: "x", instructions: "y".repeat(256 * 1024) });
  const answer = await create("a", body);
  expect(answer.status).toBe(413);
  expect(answer.body["errors"]).toMatchObject([{ code: "10007" }]);
  expect((await api.post("/ai/assistants", body)).status).toBe(200);
});

test("a key is ignored where the API takes none", async () => {
  const { body } = await create("a");
  const update = () =>
    api.post(`/ai/assistants/${body.id}`, { greeting: "x" }, { "idempotency-key": "not a valid key!" });
  expect((await update()).body["version_id"]).not.toBe((await update()).body["version_id"]);
});
