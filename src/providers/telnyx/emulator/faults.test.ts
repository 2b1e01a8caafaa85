import { describe, expect, test } from "vitest";
import { emulatorForTests } from "../../../../test/e2e/raw-client.ts";
import { slowAnswers } from "../../../../test/e2e/slow-answers.ts";
import { createChance } from "./chance.ts";
import { type FaultKind, createFaults } from "./faults.ts";
import { startEmulator } from "./emulator.ts";

const slow = slowAnswers();
const { emulator, api } = await emulatorForTests({ sleep: slow.sleep });
const BASICS = { name: "Front desk", instructions: "Be brief." };
const count = () => emulator.state().assistants.length;
const create = (headers = {}) => api.post("/ai/assistants", BASICS, headers);
const on = (fault: FaultKind) => emulator.inject({ match: { method: "POST", path: "/ai/assistants" }, fault });

describe("an injected status", () => {
  test.each([
    ["telnyx", /"errors":\[\{"code":"10016"/],
    ["fastapi", /"detail":\[\{"type":"value_error"/],
    ["empty", /^$/],
  ] as const)("with a %s body stops the request", async (body, text) => {
    on({ kind: "status", status: 503, body, headers: { "retry-after": "7" } });
    const answer = await create();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "7"]);
    expect(answer.text).toMatch(text);
    expect(count()).toBe(0);
    expect((await create()).status).toBe(200);
  });

  test("may be an HTML page", async () => {
    on({ kind: "status", status: 502, body: "html" });
    const response = await fetch(`${emulator.url}/ai/assistants`, {
      method: "POST",
      headers: { authorization: "Bearer k" },
    });
    expect(response.headers.get("content-type")).toMatch(/^text\/html/);
    expect(await response.text()).toMatch(/^<html>/);
  });

  test("may follow a successful write; the key is remembered or forgotten", async () => {
    on({ kind: "status", status: 502, applied: true });
    expect((await create({ "idempotency-key": "a" })).status).toBe(502);
    expect((await create({ "idempotency-key": "a" })).headers.get("idempotent-replayed")).toBe("true");
    expect(count()).toBe(1);
    on({ kind: "status", status: 500, applied: "forgotten" });
    expect((await create({ "idempotency-key": "b" })).status).toBe(500);
    expect((await create({ "idempotency-key": "b" })).status).toBe(200);
    expect(count()).toBe(3);
  });
});

describe("a broken connection", () => {
  test.each([
    ["reset-before", 0],
    ["reset-after", 1],
    ["truncate", 1],
  ] as const)("%s leaves %i assistants", async (kind, left) => {
    on({ kind });
    await expect(create()).rejects.toThrow();
    expect(count()).toBe(left);
    expect(emulator.requests()).toMatchObject([{ fault: kind, wrote: left === 1 }]);
  });

  test("a retry after a lost response gets the replayed response", async () => {
    on({ kind: "reset-after" });
    await expect(create({ "idempotency-key": "a" })).rejects.toThrow();
    const again = await create({ "idempotency-key": "a" });
    expect(again.body.id).toBe(emulator.state().assistants[0]?.id);
    expect(emulator.requests().map(({ replayed, wrote, status }) => ({ replayed, wrote, status }))).toEqual([
      { replayed: false, wrote: true, status: undefined },
      { replayed: true, wrote: false, status: 200 },
    ]);
  });

  test("timeout-after has an effect and does not respond until the emulator closes", async () => {
    const silent = await startEmulator();
    silent.inject({ fault: { kind: "timeout-after" } });
    const pending = fetch(`${silent.url}/ai/assistants`, {
      method: "POST",
      headers: { authorization: "Bearer k", "content-type": "application/json" },
      body: JSON.stringify(BASICS),
    });
    const cut = expect(pending).rejects.toThrow();
    while (silent.state().assistants.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(silent.requests()[0]).not.toHaveProperty("status");
    await silent.close();
    await cut;
  });
});

test("a slow response keeps its key in progress", async () => {
  on({ kind: "slow", milliseconds: 1 });
  const first = create({ "idempotency-key": "a" });
  await slow.waiting;
  const second = await create({ "idempotency-key": "a" });
  slow.end();
  expect(second.status).toBe(409);
  expect(second.body["errors"]).toMatchObject([{ code: "10036" }]);
  expect((await first).status).toBe(200);
});

test("a dropped field is not stored although the response is a success", async () => {
  const { body } = await create();
  const at = `/ai/assistants/${body.id}`;
  emulator.inject({ match: { method: "POST" }, fault: { kind: "drop-field", field: "greeting" } });
  const answer = await api.post(at, { greeting: "Hi", description: "d" });
  expect(answer.status).toBe(200);
  expect(answer.body).not.toHaveProperty("greeting");
  expect(answer.body["description"]).toBe("d");
  emulator.inject({ match: { method: "POST" }, fault: { kind: "drop-field", field: "/voice_settings/speed" } });
  const nested = await api.post(at, { voice_settings: { voice: "v", speed: 2, style: 1 } });
  expect(nested.body["voice_settings"]).toMatchObject({ voice: "v", speed: 1, style: 1 });
});

test("a stale read returns the state before the write", async () => {
  const { body } = await create();
  const at = `/ai/assistants/${body.id}`;
  const stale = () => emulator.inject({ match: { method: "GET" }, fault: { kind: "stale" } });
  stale();
  expect((await api.get(at)).status).toBe(404);
  const before = await api.get(at);
  await api.post(at, { greeting: "Hi" });
  stale();
  expect((await api.get(at)).text).toBe(before.text);
  expect((await api.get(at)).body["greeting"]).toBe("Hi");
});

describe("which requests a fault matches", () => {
  const request = (path: string, method = "GET", headers = {}) => ({ method, path, headers });
  const fault = { kind: "reset-before" } as const;

  test("method, prefix, pattern and header must all match", () => {
    const faults = createFaults(createChance(1));
    const match = { method: "post", path: /tags$/, header: { name: "Idempotency-Key", value: "a" } };
    faults.inject({ match, fault });
    expect(faults.take(request("/x/tags", "POST"))).toBeUndefined();
    expect(faults.take(request("/x/tags", "GET", { "idempotency-key": "a" }))).toBeUndefined();
    expect(faults.take(request("/x/tags/y", "POST", { "idempotency-key": "a" }))).toBeUndefined();
    expect(faults.take(request("/x/tags", "POST", { "idempotency-key": "a" }))).toEqual(fault);
    faults.inject({ match: { path: "/x", pattern: "y$" }, fault });
    expect(faults.take(request("/z/y"))).toBeUndefined();
    expect(faults.take(request("/x/y"))).toEqual(fault);
    expect(faults.pending()).toEqual([]);
  });

  test("the nth, a number of times, or always", () => {
    const faults = createFaults(createChance(1));
    const strikes = (requests: number) =>
      Array.from({ length: requests }, () => faults.take(request("/a")) !== undefined);
    faults.inject({ match: { nth: 2 }, fault });
    expect(strikes(4)).toEqual([false, true, false, false]);
    faults.inject({ times: 2, fault });
    expect(strikes(3)).toEqual([true, true, false]);
    faults.inject({ times: "always", fault });
    expect(strikes(3)).toEqual([true, true, true]);
    faults.clear();
    expect(strikes(1)).toEqual([false]);
  });

  test("a probability is repeatable", () => {
    const drawn = (seed: number) => {
      const faults = createFaults(createChance(seed));
      faults.inject({ times: "always", probability: 0.3, fault });
      return Array.from({ length: 200 }, () => (faults.take(request("/a")) === undefined ? 0 : 1));
    };
    expect(drawn(5)).toEqual(drawn(5));
    expect(drawn(5)).not.toEqual(drawn(6));
    const struck = drawn(5).reduce<number>((sum, one) => sum + one, 0);
    expect(struck).toBeGreaterThan(30);
    expect(struck).toBeLessThan(90);
  });

  test("an unknown kind of fault is refused", () => {
    const faults = createFaults(createChance(1));
    const wrong = JSON.parse('{"fault":{"kind":"explode"}}');
    expect(() => faults.inject(wrong)).toThrow("unknown fault 'explode'");
  });
});
