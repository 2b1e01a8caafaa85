import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import type { Lifecycle } from "../../src/model/resource.ts";
import { manifest, ref, world } from "../memory/memory-project.ts";

const OBSERVE: Partial<Lifecycle> = { observe: true };
const desk = (spec: JsonObject = {}, lifecycle: Partial<Lifecycle> = OBSERVE) =>
  manifest("Robot/desk", { script: "hello", ...spec }, lifecycle);

/** A world with a robot that somebody made in the portal. */
function portal(spec: JsonObject = {}) {
  const w = world();
  w.provider.put("Robot", { id: "r9", spec: { name: "desk", script: "hello", greeting: "hi", ...spec } });
  return w;
}

/** The one change of a plan, in short. */
const changeIn = (plan: Awaited<ReturnType<ReturnType<typeof world>["plan"]>>, address = "Robot/desk") => {
  const change = plan.changes.find((one) => one.address === address);
  return {
    action: change?.action,
    paths: change?.changes.map(({ path, class: of }) => `${path} ${of}`),
    refusals: plan.refusals.map(({ rule }) => rule),
    steps: plan.steps.map(({ action }) => action),
    drift: plan.drift.map(({ what, changes }) => `${what} ${changes.map(({ path }) => path).join(" ")}`.trim()),
  };
};

describe("an observed object that was matched by name", () => {
  test("is recorded in the ledger without a write", async () => {
    const w = portal({ script: "other" });
    const before = changeIn(await w.plan([desk()]));
    expect(before).toMatchObject({
      action: "observe",
      paths: ["/script no-baseline"],
      steps: ["refresh-state"],
    });
    expect(before.refusals).toEqual([]);
    expect((await w.apply([desk()])).status).toBe("done");
    expect(w.provider.writes).toEqual([]);
    expect(w.ledger.state?.entries["Robot/desk"]).toMatchObject({ id: "r9", observe: true, applied: {} });
    const after = changeIn(await w.plan([desk()]));
    expect(after).toMatchObject({ action: "observe", paths: ["/script pending"], steps: [] });
    expect(after.drift).toEqual(["changed /script"]);
  });

  test("keeps a foreign edit as drift after any number of applies", async () => {
    const w = portal();
    await w.apply([desk()]);
    w.provider.edit("Robot", "r9", { script: "edited", greeting: "hey" });
    await w.apply([desk()]);
    await w.apply([desk()]);
    expect(changeIn(await w.plan([desk()])).paths).toEqual(["/script drift"]);
    expect(w.provider.writes).toEqual([]);
    expect(changeIn(await w.plan([desk({}, {})]))).toMatchObject({
      action: "update",
      paths: ["/script drift"],
    });
  });

  test("is in conflict when it becomes managed after both sides changed", async () => {
    const w = portal();
    await w.apply([desk()]);
    w.provider.edit("Robot", "r9", { script: "edited" });
    const changed = desk({ script: "new" });
    await w.apply([changed]);
    expect(changeIn(await w.plan([changed]))).toMatchObject({ paths: ["/script conflict"], refusals: [] });
    const managed = await w.apply([desk({ script: "new" }, {})]);
    expect(managed.status).toBe("refused");
    expect(w.provider.writes).toEqual([]);
  });

  test("is in conflict if live was edited and never matched the manifest", async () => {
    const w = portal({ script: "first seen" });
    await w.apply([desk()]);
    w.provider.edit("Robot", "r9", { script: "edited" });
    await w.apply([desk()]);
    expect(changeIn(await w.plan([desk({}, {})]))).toMatchObject({
      paths: ["/script conflict"],
      refusals: ["conflict"],
    });
  });

  test("records undeclared values, and values that match the manifest", async () => {
    const w = portal();
    await w.apply([desk()]);
    w.provider.edit("Robot", "r9", { script: "new", greeting: "hey" });
    const followed = desk({ script: "new" });
    await w.apply([followed]);
    const entry = w.ledger.state?.entries["Robot/desk"];
    expect(entry).toMatchObject({ applied: { script: "new" }, observed: { script: "new", greeting: "hey" } });
    expect(changeIn(await w.plan([desk({ script: "new" }, {})])).paths).toEqual([]);
  });

  test("is no longer marked in the ledger when it becomes managed", async () => {
    const w = portal();
    await w.apply([desk()]);
    await w.apply([desk({}, {})]);
    expect(w.ledger.state?.entries["Robot/desk"]?.observe).toBeUndefined();
    expect(w.provider.writes).toEqual([]);
  });

  test("does not clear values that were removed from its manifest, also when it becomes managed", async () => {
    const w = portal();
    await w.apply([desk({ greeting: "hi" })]);
    await w.apply([desk()]);
    await w.apply([desk({}, {})]);
    expect(w.provider.writes).toEqual([]);
    expect(w.live("Robot")["desk"]?.["greeting"]).toBe("hi");
  });

  test("is not replaced when it becomes managed with a different immutable field", async () => {
    const w = portal({ serial: "1" });
    await w.apply([desk({ serial: "1" })]);
    const plan = await w.plan([desk({ serial: "2" }, {})]);
    expect(changeIn(plan)).toMatchObject({ action: "replace", refusals: ["foreign"] });
    await w.apply([desk({ serial: "2" })]);
    expect(w.provider.writes).toEqual([]);
  });
});

describe("an observed object without a manifest", () => {
  test.each([{ prune: false }, { prune: true }, { destroy: true }])("is forgotten by %o", async (choices) => {
    const w = portal();
    await w.apply([desk()]);
    const rest = [manifest("Part/p", { title: "p" })];
    const outcome = await w.apply(rest, choices);
    expect(outcome.status).toBe("done");
    expect(w.ledger.state?.entries["Robot/desk"]).toBeUndefined();
    expect(w.provider.writes.filter((one) => one.includes("Robot"))).toEqual([]);
    expect(w.live("Robot")["desk"]).toBeDefined();
  });

  test("is forgotten by destroy, with a manifest and with only the ledger", async () => {
    const w = world();
    await w.apply([desk({}, {})]);
    w.provider.writes.length = 0;
    await w.apply([desk()], { destroy: true });
    expect(w.provider.writes).toEqual([]);
    await w.apply([desk()]);
    await w.apply([desk({}, {})], { destroy: true });
    expect(w.provider.writes).toEqual([]);
    expect(w.ledger.state?.entries).toEqual({});
  });

  test("is forgotten in an environment that observes everything", async () => {
    const managed = world();
    await managed.apply([desk({}, {}), manifest("Part/p", { title: "p" })]);
    const w = world({}, { observeAll: true });
    w.ledger.state = managed.ledger.state;
    for (const [kind, objects] of managed.provider.objects)
      for (const object of objects.values()) w.provider.put(kind, object);
    const outcome = await w.apply([manifest("Part/p", { title: "p" }, OBSERVE)], { prune: true });
    expect(outcome.status).toBe("done");
    expect(w.provider.writes).toEqual([]);
    expect(Object.keys(w.ledger.state?.entries ?? {})).toEqual(["Part/p"]);
  });
});

describe("an observed object that does not exist live", () => {
  test("is reported, not created, and blocks resources that refer to it", async () => {
    const w = world();
    const part = manifest("Part/p", { title: "p" }, OBSERVE);
    expect(changeIn(await w.plan([part]), "Part/p")).toMatchObject({
      action: "observe",
      steps: [],
      refusals: [],
    });
    expect((await w.apply([part])).status).toBe("nothing-to-do");
    const user = desk({ skills: [{ type: "x", x: { name: "n" }, part: ref("Part/p") }] }, {});
    const outcome = await w.apply([part, user]);
    expect(outcome).toMatchObject({ status: "refused", plan: { refusals: [{ rule: "observed" }] } });
    expect(w.provider.writes).toEqual([]);
    w.provider.put("Part", { id: "p9", spec: { title: "p" } });
    await w.apply([part, user]);
    expect(w.provider.writes).toEqual(["create Robot r1"]);
  });

  test("is drift if it existed before, and is kept in the ledger", async () => {
    const w = portal();
    await w.apply([desk()]);
    w.provider.objects.get("Robot")?.delete("r9");
    w.provider.put("Part", { id: "p9", spec: { title: "p" } });
    const resources = [desk(), manifest("Part/p", { title: "p" })];
    expect(changeIn(await w.plan(resources))).toMatchObject({ action: "observe", drift: ["deleted"] });
    await w.apply(resources);
    expect(w.ledger.state?.entries["Robot/desk"]?.id).toBe("r9");
    expect(w.provider.writes).toEqual([]);
  });
});

describe("a child of an observed object", () => {
  test("is observed", async () => {
    const w = portal();
    const all = [
      desk(),
      manifest("Edition/next", { robot: ref("Robot/desk"), changes: { greeting: "new" } }),
      manifest("Trial/half", { robot: ref("Robot/desk"), rules: [] }),
    ];
    await w.apply(all);
    expect(w.provider.writes).toEqual([]);
    const plan = await w.plan(all);
    expect(plan.changes.map(({ action }) => action)).toEqual(["observe", "observe", "observe"]);
  });

  test("is forgotten, not deleted, when it is removed from the manifests", async () => {
    const w = world();
    const edition = manifest("Edition/next", { robot: ref("Robot/desk"), changes: { greeting: "new" } });
    await w.apply([desk({}, {}), edition]);
    w.provider.writes.length = 0;
    await w.apply([desk()], { prune: true });
    expect(w.provider.writes).toEqual([]);
    expect(Object.keys(w.ledger.state?.entries ?? {})).toEqual(["Robot/desk"]);
  });

  test("prevents a write to its parent that would remove it, also without a manifest", async () => {
    const w = world();
    const trial = (lifecycle: Partial<Lifecycle>) =>
      manifest("Trial/half", { robot: ref("Robot/desk"), rules: [] }, lifecycle);
    await w.apply([desk({}, {}), trial({})]);
    await w.apply([desk({}, {}), trial(OBSERVE)]);
    w.provider.writes.length = 0;
    const changed = desk({ script: "new" }, {});
    for (const rest of [[trial(OBSERVE)], []]) {
      const outcome = await w.apply([changed, ...rest], { prune: true, onConflict: "overwrite" });
      expect(outcome.status).toBe("refused");
      expect(outcome.plan.refusals.map(({ rule }) => rule)).toContain("observed");
    }
    expect(w.provider.writes).toEqual([]);
  });

  test("prevents the deletion of its parent", async () => {
    const w = world();
    const edition = (lifecycle: Partial<Lifecycle>) =>
      manifest("Edition/next", { robot: ref("Robot/desk"), changes: { greeting: "new" } }, lifecycle);
    await w.apply([desk({}, {}), edition({})]);
    await w.apply([desk({}, {}), edition(OBSERVE)]);
    w.provider.writes.length = 0;
    const outcome = await w.apply([desk({}, {}), edition(OBSERVE)], { destroy: true });
    expect(outcome).toMatchObject({ status: "refused", plan: { refusals: [{ rule: "referenced" }] } });
    expect(w.provider.writes).toEqual([]);
  });
});

test("a managed object that an observed one refers to is not deleted", async () => {
  const w = portal({ skills: [{ type: "x", x: { name: "n" }, part: "p1" }] });
  const part = manifest("Part/p", { title: "p" });
  await w.apply([part]);
  expect(w.live("Part")["p"]).toBeDefined();
  await w.apply([part, desk()]);
  w.provider.writes.length = 0;
  const outcome = await w.apply([desk()], { prune: true });
  expect(outcome).toMatchObject({ status: "refused", plan: { refusals: [{ rule: "referenced" }] } });
  expect(w.provider.writes).toEqual([]);
});

test("observing a managed resource keeps its ledger entry and pending changes", async () => {
  const w = world();
  await w.apply([desk({}, {})]);
  w.provider.writes.length = 0;
  await w.apply([desk({ script: "new" })]);
  expect(w.provider.writes).toEqual([]);
  expect(w.ledger.state?.entries["Robot/desk"]).toMatchObject({ observe: true, applied: { script: "hello" } });
  await w.apply([desk({ script: "new" }, {})]);
  expect(w.provider.writes).toEqual(["update Robot r1 script"]);
});
