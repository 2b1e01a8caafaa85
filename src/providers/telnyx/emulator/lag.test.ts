import { describe, expect, test } from "vitest";
import { emulatorForTests } from "../../../../test/e2e/raw-client.ts";

let now = Date.UTC(2026, 0, 1);
const { emulator, api } = await emulatorForTests({ now: () => now });
const BASICS = { name: "Front desk", instructions: "Be brief." };

const names = async () => {
  const { data } = JSON.parse((await api.get("/ai/assistants")).text) as { data: { name: string }[] };
  return data.map(({ name }) => name);
};
const create = async () => (await api.post("/ai/assistants", BASICS)).body.id;

describe("lagging reads", () => {
  test("show a write after the lag, to every reader at the same time", async () => {
    emulator.lag({ milliseconds: 5000 });
    const id = await create();
    expect(emulator.state().assistants).toHaveLength(1);
    expect([await names(), (await api.get(`/ai/assistants/${id}`)).status]).toEqual([[], 404]);
    now += 5000;
    expect([await names(), (await api.get(`/ai/assistants/${id}`)).status]).toEqual([["Front desk"], 200]);
  });

  test("show no state from before the lag began", async () => {
    await create();
    emulator.lag({ milliseconds: 5000 });
    expect(await names()).toEqual(["Front desk"]);
  });

  test("may be lists only", async () => {
    emulator.lag({ milliseconds: 5000, onlyLists: true });
    const id = await create();
    expect([await names(), (await api.get(`/ai/assistants/${id}`)).status]).toEqual([[], 200]);
  });

  test("also show changes and deletions late", async () => {
    const id = await create();
    emulator.lag({ milliseconds: 5000 });
    await api.post(`/ai/assistants/${id}`, { name: "Reception" });
    expect(await names()).toEqual(["Front desk"]);
    now += 3000;
    emulator.portal.delete("Assistant", id);
    now += 3000;
    expect(await names()).toEqual(["Reception"]);
    now += 3000;
    expect(await names()).toEqual([]);
  });

  test("are up to date again when the lag is over, and after a reset", async () => {
    emulator.lag({ milliseconds: 5000 });
    await create();
    emulator.lag();
    expect(await names()).toEqual(["Front desk"]);
    emulator.lag({ milliseconds: 5000 });
    emulator.reset();
    await create();
    expect(await names()).toEqual(["Front desk"]);
  });

  test("do not affect idempotency keys", async () => {
    emulator.lag({ milliseconds: 5000 });
    await api.post("/ai/assistants", BASICS, { "idempotency-key": "a" });
    const again = await api.post("/ai/assistants", BASICS, { "idempotency-key": "a" });
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(emulator.state().assistants).toHaveLength(1);
  });
});

describe("a fault", () => {
  test("may match writes of any kind", async () => {
    emulator.inject({ match: { writes: true }, fault: { kind: "status", status: 503 } });
    expect(await names()).toEqual([]);
    expect((await api.post("/ai/assistants", BASICS)).status).toBe(503);
    expect((await api.post("/ai/assistants", BASICS)).status).toBe(200);
  });

  test("may trigger an edit by somebody else", async () => {
    emulator.inject({
      match: { method: "GET" },
      fault: { kind: "slow", milliseconds: 0 },
      onStrike: () => void emulator.portal.create("Assistant", BASICS),
    });
    expect(await names()).toEqual(["Front desk"]);
    expect(await names()).toEqual(["Front desk"]);
  });
});
