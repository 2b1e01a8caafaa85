import { afterEach, beforeEach, expect, test } from "vitest";
import { stringify } from "../../src/model/json.ts";
import { ASSISTANT, failureOf, HURRIED, type ProviderWorld, startWorld } from "./provider-fixture.ts";

let world: ProviderWorld;

beforeEach(async () => {
  world = await startWorld({}, { requestTimeoutMs: 1_000 });
});
afterEach(() => world.stop());

test.each(["reset-before", "reset-after", "truncate", "timeout-after"] as const)(
  "a creation whose response is lost (%s) makes one object",
  async (kind) => {
    world.emulator.inject({ match: { method: "POST", path: "/ai/mcp_servers" }, fault: { kind } });
    const object = await world.create("McpServer", { name: "crm", type: "http", url: "https://x.example" });
    expect(world.emulator.state().mcp_servers.map(({ id }) => id)).toEqual([object.id]);
    const sent = world.emulator.requests().filter(({ method }) => method === "POST");
    expect(sent).toHaveLength(2);
    expect(
      new Set(sent.map(({ idempotencyKey, body }) => `${idempotencyKey} ${stringify(body ?? null)}`)).size,
    ).toBe(1);
  },
);

test.each(["reset-before", "reset-after", "timeout-after"] as const)(
  "an update whose response is lost (%s) is sent once, with unknown effect",
  async (kind) => {
    const { id } = await world.made("Assistant", ASSISTANT);
    world.emulator.inject({ match: { method: "POST" }, fault: { kind } });
    const failure = await failureOf(world.change("Assistant", id, (spec) => ({ ...spec, greeting: "Hi" })));
    expect(failure).toMatchObject({ effect: "unknown", attempts: 1 });
    expect(world.writes()).toHaveLength(1);
  },
);

test.each(["reset-before", "reset-after"] as const)(
  "a deletion whose response is lost (%s) is checked",
  async (kind) => {
    const { id } = await world.made("Assistant", ASSISTANT);
    world.emulator.inject({ match: { method: "DELETE" }, fault: { kind } });
    await world.provider.delete("Assistant", id);
    expect(await world.provider.read("Assistant", id)).toBeUndefined();
    expect(world.writes()).toHaveLength(kind === "reset-before" ? 2 : 1);
  },
);

test.each(["reset-before", "reset-after"] as const)(
  "a tag whose response is lost (%s) is added once",
  async (kind) => {
    const { id } = await world.made("Assistant", ASSISTANT);
    world.emulator.inject({ match: { method: "POST", path: /\/tags$/ }, fault: { kind } });
    await world.change("Assistant", id, (spec) => ({ ...spec, tags: ["a", "b"] }));
    expect((await world.read("Assistant", id)).spec["tags"]).toEqual(["a", "b"]);
  },
);

test("a failure of tags after the creation reports an effect", async () => {
  const status = { kind: "status" as const, status: 422, body: "fastapi" as const };
  world.emulator.inject({ match: { method: "POST", path: /\/tags$/ }, times: "always", fault: status });
  const failure = await failureOf(world.create("Assistant", { ...ASSISTANT, tags: ["a"] }));
  expect(failure).toMatchObject({ status: 422, effect: "unknown" });
});

test("a failure after some tags reports an effect", async () => {
  const { id } = await world.made("Assistant", ASSISTANT);
  const status = { kind: "status" as const, status: 422, body: "fastapi" as const };
  world.emulator.inject({ match: { method: "POST", path: /\/tags$/, nth: 2 }, fault: status });
  const failure = await failureOf(world.change("Assistant", id, (spec) => ({ ...spec, tags: ["a", "b"] })));
  expect(failure).toMatchObject({ status: 422, effect: "unknown" });
  expect((await world.read("Assistant", id)).spec["tags"]).toEqual(["a"]);
});

test("a wrong key is reported without a retry", async () => {
  const account = world.provider.target.account;
  await world.stop();
  world = await startWorld({}, { apiKey: "KEY-of-someone-else" });
  const failure = await failureOf(world.provider.list("Assistant"));
  expect(failure).toMatchObject({ reason: "authentication", status: 401, attempts: 1 });
  expect(failure.message).not.toContain("someone-else");
  expect(world.provider.target.account).not.toBe(account);
});

test("succeeds although 20% of the requests fail", async () => {
  const always = { times: "always", probability: 0.1 } as const;
  world.emulator.inject({ ...always, fault: { kind: "status", status: 429 } });
  world.emulator.inject({ ...always, fault: { kind: "reset-after" } });
  const names = Array.from({ length: 100 }, (_, index) => `S${index}`);
  await Promise.all(
    names.map((name) => world.create("McpServer", { name, type: "http", url: "https://x.example" })),
  );
  expect((await world.provider.list("McpServer")).map(({ spec }) => spec["name"]).sort()).toEqual(names.sort());
});

test("a rate limit is respected: fewer requests at a time, and few refusals", async () => {
  await world.stop();
  let at = 0;
  const runtime = { ...HURRIED, now: () => new Date(at), sleep: async (wait: number) => void (at += wait) };
  const rateLimit = { limit: 10, windowSeconds: 5, retryAfter: true };
  world = await startWorld({ now: () => at, rateLimit }, { runtime });
  const ids = Array.from({ length: 60 }, (_, index) => `assistant-${index}`);
  await Promise.all(ids.map((id) => world.provider.read("Assistant", id)));
  const refused = world.emulator.requests().filter(({ status }) => status === 429);
  expect(refused.length).toBeLessThanOrEqual(4);
});
