import { expect, test } from "vitest";
import { LedgerError } from "../../src/model/ledger.ts";
import type { Recovery } from "../../src/reconcile/recover/recover.ts";
import { lostAnswer } from "../memory/provider.ts";
import { manifest, ref, world, type World } from "../memory/memory-project.ts";

/** A run whose ledger dies at the nth commit, as a killed process would leave it. */
async function killedAtCommit(one: World, nth: number, run: () => Promise<unknown>): Promise<void> {
  const { ledger } = one;
  const { open } = ledger;
  let count = 0;
  ledger.open = async (...args) => {
    const session = await open(...args);
    const { commit } = session;
    return Object.assign(Object.create(session) as typeof session, {
      commit: async (...change: Parameters<typeof commit>) => {
        count += 1;
        if (count >= nth) throw new LedgerError("unavailable", "killed");
        return commit(...change);
      },
    });
  };
  await run().catch(() => undefined);
  ledger.open = open;
}

const project = (script = "Be kind.") => [
  manifest("Robot/desk", { script, tags: ["a"], skills: [{ type: "arm", part: ref("Part/arm") }] }),
  manifest("Part/arm", { title: "arm" }),
];

test("the intents of a run are in the ledger before its first write and are closed at its end", async () => {
  const { apply, provider, ledger } = world();
  const seen: unknown[] = [];
  provider.beforeWrite = () => seen.push(ledger.state?.intents?.map(({ step }) => step));
  await apply(project());
  expect(seen).toEqual([["Part/arm", "Robot/desk"], ["Robot/desk"]]);
  expect(ledger.state?.intents).toBeUndefined();
});

test.each([
  [2, "before the answer is on record", "matched by name"],
  [3, "after it", "created"],
])(
  "killed at commit %i, %s: the next run finds the created object, reports that it was %s, and creates no second one",
  async (nth, _, word) => {
    const one = world();
    await killedAtCommit(one, nth, () => one.apply(project()));
    const found: Recovery[] = [];
    const outcome = await one.apply(project(), { onRecovery: (recovery) => found.push(recovery) });
    expect(outcome.plan.refusals).toEqual([]);
    expect(found[0]?.recovered.filter(({ what }) => what === word).length).toBe(1);
    expect(one.provider.objects.get("Part")?.size).toBe(1);
    expect(one.provider.objects.get("Robot")?.size).toBe(1);
    expect((await one.plan(project())).steps).toEqual([]);
    expect(one.ledger.state?.intents).toBeUndefined();
  },
);

test("an undeclared creation that was not found stays open while lists may lag", async () => {
  let now = "2026-01-01T00:00:00Z";
  const one = world({ now: () => new Date(now) });
  const desk = project()[1] ?? manifest("Part/arm", {});
  await one.apply([desk]);
  one.provider.beforeWrite = () => {
    throw lostAnswer();
  };
  await one.apply([desk, manifest("Robot/other", { script: "o" })]);
  expect(one.ledger.state?.intents).toMatchObject([{ address: "Robot/other", action: "create" }]);
  const open = one.ledger.state?.intents;
  expect(await one.apply([desk])).toMatchObject({ status: "nothing-to-do" });
  expect(one.ledger.state?.intents).toEqual(
    open?.map((intent) => Object.assign({}, intent, { reported: true })),
  );
  now = "2026-01-01T02:00:00Z";
  expect(await one.apply([desk])).toMatchObject({ status: "nothing-to-do" });
  expect(one.ledger.state?.intents).toBeUndefined();
});

test("a portal edit after the kill is drift", async () => {
  const one = world();
  await killedAtCommit(one, 5, () => one.apply(project()));
  await one.apply([], { onRecovery: () => undefined });
  one.provider.edit("Robot", "r2", { script: "Shout." });
  const { plan } = await one.apply(project());
  expect(plan.changes[0]?.changes.map((change) => change.class)).toEqual(["drift"]);
});

test("an object that was deleted outside Git and recreated by a killed run is adopted", async () => {
  const one = world();
  await one.apply(project());
  one.provider.objects.get("Robot")?.clear();
  await killedAtCommit(one, 2, () => one.apply(project()));
  expect(one.provider.objects.get("Robot")?.size).toBe(1);
  const found: Recovery[] = [];
  const { plan } = await one.apply(project(), { onRecovery: (recovery) => found.push(recovery) });
  expect(found[0]?.recovered).toMatchObject([{ address: "Robot/desk", what: "matched by name" }]);
  expect(plan.changes.map(({ action }) => action)).toEqual(["adopt", "no-op"]);
  expect(plan.drift).toMatchObject([{ address: "Robot/desk", what: "deleted" }]);
});

test("after such a run, an object that differs from the creation has no baseline", async () => {
  const one = world();
  await one.apply(project());
  one.provider.objects.get("Robot")?.clear();
  await killedAtCommit(one, 2, () => one.apply(project()));
  const [id = ""] = one.provider.objects.get("Robot")?.keys() ?? [];
  one.provider.edit("Robot", id, { script: "Theirs." });
  const next = await one.plan(project());
  expect(next.changes.map(({ action }) => action)).toEqual(["adopt", "no-op"]);
  expect(next.changes[0]?.changes).toMatchObject([{ path: "/script", class: "no-baseline" }]);
});

test("an unnoticed update is not a conflict when the manifest changes again", async () => {
  const one = world();
  await one.apply(project());
  await killedAtCommit(one, 2, () => one.apply(project("Be brief.")));
  expect(one.live("Robot")["desk"]).toMatchObject({ script: "Be brief." });
  const { plan } = await one.apply(project("Be quick."));
  expect(plan.changes[0]?.changes.map((change) => change.class)).toEqual(["pending"]);
  expect(one.live("Robot")["desk"]).toMatchObject({ script: "Be quick." });
});

test("an unnoticed deletion is removed from the ledger", async () => {
  const one = world();
  await one.apply([...project(), manifest("Robot/gone", { script: "x" })]);
  await killedAtCommit(one, 2, () => one.apply(project(), { prune: true }));
  expect(one.ledger.state?.entries).toHaveProperty(["Robot/gone"]);
  const found: Recovery[] = [];
  await one.apply(project(), { prune: true, onRecovery: (recovery) => found.push(recovery) });
  expect(found[0]?.recovered).toEqual([{ address: "Robot/gone", what: "deleted" }]);
  expect(one.ledger.state?.entries).not.toHaveProperty(["Robot/gone"]);
});

test("a creation with a lost response that cannot be found is repeated under the same key in the next run", async () => {
  const one = world();
  const keys: string[] = [];
  const { create } = one.provider;
  Object.assign(one.provider, {
    create: async (request: Parameters<typeof create>[0]) => {
      keys.push(request.idempotencyKey);
      throw lostAnswer();
    },
  });
  const outcome = await one.apply([manifest("Part/arm", {})]);
  expect(outcome).toMatchObject({ result: { steps: [{ outcome: { status: "failed", wrote: true } }] } });
  Object.assign(one.provider, {
    create: async (request: Parameters<typeof create>[0]) => {
      keys.push(request.idempotencyKey);
      return create(request);
    },
  });
  await one.apply([manifest("Part/arm", {})]);
  expect(keys.length).toBe(6);
  expect(new Set(keys).size).toBe(1);
});

test("a cycle of hand-offs is destroyed after one is detached", async () => {
  const one = world();
  const circle = ["front", "a", "b"].map((name) =>
    manifest(`Robot/${name}`, {
      script: name,
      colleagues: (name === "front" ? ["a", "b"] : ["front"]).map((other) => ({ id: ref(`Robot/${other}`) })),
    }),
  );
  await one.apply([...circle, manifest("Robot/keep", { script: "k" })]);
  one.provider.writes.length = 0;
  const outcome = await one.apply([manifest("Robot/keep", { script: "k" })], { prune: true });
  expect(outcome).toMatchObject({ status: "done" });
  expect(one.provider.writes.filter((what) => what.startsWith("update"))).toHaveLength(1);
  expect(Object.keys(one.live("Robot"))).toEqual(["keep"]);
});
