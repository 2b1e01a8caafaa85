import { describe, expect, test } from "vitest";
import type { Address } from "../../src/model/address.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Provider } from "../../src/model/provider.ts";
import { newMemory, type Memory } from "../../src/operations/memory.ts";
import { planProject } from "../../src/operations/plan.ts";
import { makeDecisions } from "../../src/reconcile/plan/decisions.ts";
import { lostAnswer, refused } from "../memory/provider.ts";
import { manifest, ref, world } from "../memory/memory-project.ts";

const desk = (script = "Be kind.", more = {}) => manifest("Robot/desk", { script, ...more });

function pathsOf(plan: Plan): string[] {
  return plan.changes.flatMap(({ address, changes }) =>
    changes.map((change) => `${address} ${change.label} ${change.class}`),
  );
}

function actionsOf(plan: Plan): string[] {
  return plan.changes.map(({ address, action }) => `${address} ${action}`);
}

describe("the classes of a path", () => {
  test("pending: only the manifest changed", async () => {
    const { plan, apply } = world();
    await apply([desk()]);
    const next = await plan([desk("Be brief.")]);
    expect(pathsOf(next)).toEqual(["Robot/desk script pending"]);
    expect(next.drift).toEqual([]);
  });

  test("drift: only the live value changed, and apply restores it", async () => {
    const { plan, apply, provider, live } = world();
    await apply([desk()]);
    provider.edit("Robot", "r1", { script: "Shout." });
    const next = await plan([desk()]);
    expect(pathsOf(next)).toEqual(["Robot/desk script drift"]);
    expect(next.drift[0]?.changes[0]).toMatchObject({
      before: "Shout.",
      after: "Be kind.",
      baseline: "Be kind.",
    });
    await apply([desk()]);
    expect(live("Robot")["desk"]).toMatchObject({ script: "Be kind." });
  });

  test("conflict: both changed, nothing is written, and all three values are shown", async () => {
    const { apply, provider, live } = world();
    await apply([desk()]);
    provider.edit("Robot", "r1", { script: "Shout." });
    provider.writes.length = 0;
    const outcome = await apply([desk("Be brief.")]);
    expect(outcome.status).toBe("refused");
    expect(outcome.plan.refusals.map(({ rule }) => rule)).toEqual(["conflict"]);
    expect(outcome.plan.changes[0]?.changes[0]).toMatchObject({
      class: "conflict",
      before: "Shout.",
      after: "Be brief.",
      baseline: "Be kind.",
    });
    expect(provider.writes).toEqual([]);
    await apply([desk("Be brief.")], { onConflict: "overwrite" });
    expect(live("Robot")["desk"]).toMatchObject({ script: "Be brief." });
  });

  test("both changed to the same value: in sync, and the baseline is refreshed", async () => {
    const { plan, apply, provider } = world();
    await apply([desk()]);
    provider.edit("Robot", "r1", { script: "Be brief." });
    expect(pathsOf(await plan([desk("Be brief.")]))).toEqual([]);
    await apply([desk("Be brief.")]);
    expect(pathsOf(await plan([desk("Be kind.")]))).toEqual(["Robot/desk script pending"]);
  });

  test("unset: a removed key with a clearing value is cleared; released: without one it is kept and reported", async () => {
    const { plan, apply, live } = world();
    await apply([desk("Be kind.", { greeting: "Hi", voice: { tone: "warm" } })]);
    expect(pathsOf(await plan([desk()]))).toEqual([
      "Robot/desk greeting unset",
      "Robot/desk voice.tone released",
    ]);
    await apply([desk()]);
    expect(live("Robot")["desk"]).toMatchObject({ greeting: "", voice: { tone: "warm" } });
    expect(pathsOf(await plan([desk()]))).toEqual([]);
  });

  test("a map entry that was removed from the manifest is removed; an entry that somebody else added is kept", async () => {
    const { plan, apply, provider, live } = world();
    await apply([desk("x", { variables: { a: 1, b: null } })]);
    provider.edit("Robot", "r1", { variables: { a: 1, b: null, theirs: true } });
    expect(pathsOf(await plan([desk("x", { variables: { b: null } })]))).toEqual([
      "Robot/desk variables.a unset",
    ]);
    await apply([desk("x", { variables: { b: null } })]);
    expect(live("Robot")["desk"]).toMatchObject({ variables: { b: null, theirs: true } });
    expect(live("Robot")["desk"]?.["variables"]).not.toHaveProperty("a");
  });

  test("unset of a value that was edited live is a conflict", async () => {
    const { plan, apply, provider } = world();
    await apply([desk("Be kind.", { greeting: "Hi" })]);
    provider.edit("Robot", "r1", { greeting: "Ahoy" });
    expect(pathsOf(await plan([desk()]))).toEqual(["Robot/desk greeting conflict"]);
  });

  test("unmanaged: undeclared values in a written block are kept", async () => {
    const { plan, apply, provider, live } = world();
    await apply([desk("Be kind.", { voice: { tone: "warm" } })]);
    provider.edit("Robot", "r1", { voice: { tone: "warm", pitch: 7 }, secretFlag: true });
    const next = await plan([desk("Be kind.", { voice: { tone: "cold" } })]);
    expect(pathsOf(next)).toEqual(["Robot/desk voice.tone pending"]);
    expect(next.drift[0]?.unmanaged.map(({ label }) => label)).toEqual(["secretFlag", "voice.pitch"]);
    await apply([desk("Be kind.", { voice: { tone: "cold" } })]);
    expect(live("Robot")["desk"]).toMatchObject({ voice: { tone: "cold", pitch: 7 }, secretFlag: true });
  });

  test("an unmanaged path that was edited live and is now declared is a conflict", async () => {
    const { plan, apply, provider } = world();
    await apply([desk("Be kind.")]);
    provider.edit("Robot", "r1", { model: "chosen in the portal" });
    expect(pathsOf(await plan([desk("Be kind.", { model: "declared" })]))).toEqual([
      "Robot/desk model conflict",
    ]);
  });

  test("no baseline: adopted by name, compared with live only", async () => {
    const { plan, provider } = world();
    provider.put("Robot", { id: "r9", spec: { name: "desk", script: "Old." } });
    const next = await plan([desk()]);
    expect(actionsOf(next)).toEqual(["Robot/desk adopt"]);
    expect(pathsOf(next)).toEqual(["Robot/desk script no-baseline"]);
  });

  test("documented defaults, line endings and trailing white space are not a difference", async () => {
    const { plan, apply, provider } = world();
    await apply([desk("Line one.\nLine two.", { voice: { tone: "warm" } })]);
    provider.edit("Robot", "r1", {
      script: "Line one.\r\nLine two. \n",
      voice: { tone: "warm", speed: 1, boost: null },
      tags: [],
    });
    const next = await plan([desk("Line one.\nLine two.", { voice: { tone: "warm" } })]);
    expect(pathsOf(next)).toEqual([]);
    expect(next.steps.filter(({ action }) => action !== "refresh-state")).toEqual([]);
  });
});

describe("lists", () => {
  test("an open set keeps foreign elements and removes only its own", async () => {
    const { apply, provider, live } = world();
    await apply([desk("x", { tags: ["a", "b"] })]);
    provider.edit("Robot", "r1", { tags: ["a", "b", "theirs"] });
    await apply([desk("x", { tags: ["b", "c"] })]);
    expect(live("Robot")["desk"]?.["tags"]).toEqual(["b", "c", "theirs"]);
    await apply([desk("x")]);
    expect(live("Robot")["desk"]?.["tags"]).toEqual(["theirs"]);
  });

  test("a declared keyed list is complete; elements are compared by key; undeclared members of an element stay", async () => {
    const { plan, apply, provider, live } = world();
    const skills = [
      { type: "call", call: { name: "lookup", url: "https://a.example" } },
      { type: "hangup", hangup: {} },
    ];
    await apply([desk("x", { skills })]);
    provider.edit("Robot", "r1", {
      skills: [
        { type: "dance", dance: {} },
        skills[1] ?? {},
        { type: "call", call: { name: "lookup", url: "https://a.example", timeout: 5 } },
      ],
    });
    const changed = [{ type: "call", call: { name: "lookup", url: "https://b.example" } }, skills[1] ?? {}];
    expect(pathsOf(await plan([desk("x", { skills: changed })]))).toEqual([
      "Robot/desk skills[call:lookup].call.url pending",
      "Robot/desk skills[dance] drift",
    ]);
    await apply([desk("x", { skills: changed })]);
    expect(live("Robot")["desk"]?.["skills"]).toEqual([
      { type: "call", call: { name: "lookup", url: "https://b.example", timeout: 5 } },
      { type: "hangup", hangup: {} },
    ]);
  });

  test("the order of an ordered list is a separate difference", async () => {
    const { plan, apply, provider } = world();
    const both = [{ id: "literal-1" }, { id: "literal-2" }];
    await apply([desk("x", { colleagues: both })]);
    provider.edit("Robot", "r1", { colleagues: both.toReversed() });
    expect(pathsOf(await plan([desk("x", { colleagues: both })]))).toEqual([
      "Robot/desk colleagues[order] drift",
    ]);
  });

  test("another variant of a one-of does not keep members of the previous one", async () => {
    const { apply, live } = world();
    await apply([desk("x", { sound: { type: "preset", volume: 0.5 } })]);
    await apply([desk("x", { sound: { type: "file", value: "hold.mp3" } })]);
    expect(live("Robot")["desk"]?.["sound"]).toEqual({ type: "file", value: "hold.mp3" });
  });
});

describe("references and order", () => {
  const cycle = [
    manifest("Robot/front", { script: "f", colleagues: [{ id: ref("Robot/a") }, { id: ref("Robot/b") }] }),
    manifest("Robot/a", { script: "a", colleagues: [{ id: ref("Robot/front") }] }),
    manifest("Robot/b", {
      script: "b",
      colleagues: [{ id: ref("Robot/front") }],
      skills: [{ type: "arm", part: ref("Part/arm") }],
    }),
    manifest("Part/arm", { title: "arm" }),
  ];

  test("a cycle of robots is created with one completion, and is then in sync", async () => {
    const { plan, apply, provider, live } = world();
    const { steps } = await plan(cycle);
    expect(steps.map(({ id, omit }) => `${id}${omit === undefined ? "" : ` without ${omit.join()}`}`)).toEqual([
      "Part/arm",
      "Robot/front without colleagues",
      "Robot/a",
      "Robot/b",
      "Robot/front#complete",
    ]);
    const outcome = await apply(cycle);
    expect(outcome).toMatchObject({ status: "done" });
    const ids = new Map([...(provider.objects.get("Robot") ?? [])].map(([id, { spec }]) => [spec["name"], id]));
    expect(live("Robot")["front"]?.["colleagues"]).toEqual([{ id: ids.get("a") }, { id: ids.get("b") }]);
    provider.writes.length = 0;
    expect(actionsOf(await plan(cycle))).toEqual([
      "Robot/a no-op",
      "Robot/b no-op",
      "Robot/front no-op",
      "Part/arm no-op",
    ]);
    expect(await apply(cycle)).toMatchObject({ status: "nothing-to-do" });
    expect(provider.writes).toEqual([]);
  });

  test("names are shown instead of ids", async () => {
    const { plan, apply } = world();
    await apply(cycle);
    const [front, ...others] = cycle;
    const fewer = {
      ...(front ?? cycle[0]),
      spec: { script: "f", colleagues: [{ id: ref("Robot/a") }] },
    } as (typeof cycle)[0];
    expect(pathsOf(await plan([fewer, ...others] as typeof cycle))).toEqual([
      "Robot/front colleagues[b] pending",
    ]);
  });

  test("an edition follows the robot that it inherits from; a trial is restored after the write to the robot", async () => {
    const { plan, apply, live, provider } = world();
    const project = (script: string) => [
      manifest("Robot/desk", { script, voice: { tone: "warm", speed: 2 } }),
      manifest("Edition/next", { robot: ref("Robot/desk"), changes: { voice: { tone: "cold" } } }),
      manifest("Trial/ten", {
        robot: ref("Robot/desk"),
        rules: [{ edition: ref("Edition/next"), weight: 10 }],
      }),
    ];
    expect(await apply(project("one"))).toMatchObject({ status: "done" });
    expect(live("Edition")["next"]).toMatchObject({
      changes: { script: "one", voice: { tone: "cold", speed: 2 } },
    });
    expect((await plan(project("one"))).steps).toEqual([]);
    const next = await plan(project("two"));
    expect(next.steps.map(({ id, action, needs }) => [id, action, needs])).toEqual([
      ["Robot/desk", "update", []],
      ["Edition/next", "update", ["Robot/desk"]],
      ["Trial/ten", "restore", ["Robot/desk"]],
    ]);
    expect(next.changes.find(({ kind }) => kind === "Robot")?.risks).toEqual([
      "reaches-callers",
      "child-reset",
    ]);
    expect(await apply(project("two"))).toMatchObject({ status: "done" });
    expect(live("Trial")).toHaveProperty("r1");
    expect(provider.writes.at(-3)).toMatch(/^update Robot r1/);
    expect(provider.writes.slice(-2)).toContain("create Trial r1");
  });

  test("a trial with the id of its robot is a separate object", async () => {
    const { plan, apply, provider, live } = world();
    const project = (weight: number) => [
      desk(),
      manifest("Robot/friend", { script: "f", colleagues: [{ id: ref("Robot/desk") }] }),
      manifest("Edition/next", { robot: ref("Robot/desk"), changes: { script: "n" } }),
      manifest("Trial/ten", { robot: ref("Robot/desk"), rules: [{ edition: ref("Edition/next"), weight }] }),
    ];
    await apply(project(10));
    const next = await plan(project(20));
    expect(next.steps.map(({ id, action }) => [id, action])).toEqual([["Trial/ten", "update"]]);
    expect(next.names["r1"]).toBe("Robot/desk");
    expect(next.changes.find(({ kind }) => kind === "Trial")).toMatchObject({ risks: [] });
    provider.writes.length = 0;
    expect(await apply(project(10).slice(0, 3), { prune: true })).toMatchObject({ status: "done" });
    expect(provider.writes).toEqual(["delete Trial r1"]);
    expect(live("Trial")).toEqual({});
  });

  test("a trial under another name is the same trial, because a robot has at most one", async () => {
    const { plan, apply, provider } = world();
    const trial = (name: string, weight: number) =>
      manifest(`Trial/${name}`, { robot: ref("Robot/desk"), rules: [{ weight }] });
    await apply([desk(), trial("ten", 10)]);
    provider.writes.length = 0;
    const next = [desk(), trial("twenty", 20)];
    expect(actionsOf(await plan(next, { prune: true }))).toEqual(["Robot/desk no-op", "Trial/twenty update"]);
    await apply(next, { prune: true });
    expect(provider.writes).toEqual(["update Trial r1 rules"]);
    expect((await plan(next)).steps).toEqual([]);
  });

  test("an edition and its trial are deleted together: the trial first, without detaching", async () => {
    const { plan, apply, live } = world();
    const robot = desk("x", { colleagues: [{ id: ref("Robot/desk") }] });
    await apply([
      robot,
      manifest("Edition/next", { robot: ref("Robot/desk"), changes: { script: "n" } }),
      manifest("Trial/ten", {
        robot: ref("Robot/desk"),
        rules: [{ edition: ref("Edition/next"), weight: 10 }],
      }),
    ]);
    const next = await plan([robot], { prune: true });
    expect(next.steps.map(({ id, action, needs }) => [id, action, needs])).toEqual([
      ["Trial/ten", "delete", []],
      ["Edition/next", "delete", ["Trial/ten"]],
    ]);
    await apply([robot], { prune: true });
    expect([live("Trial"), live("Edition")]).toEqual([{}, {}]);
  });

  test("children of a robot wait until the robot is complete", async () => {
    const { plan, apply, live } = world();
    const project = [...cycle, manifest("Trial/ten", { robot: ref("Robot/front"), rules: [{ weight: 10 }] })];
    const { steps } = await plan(project);
    expect(steps.at(-1)).toMatchObject({ id: "Trial/ten", needs: ["Robot/front", "Robot/front#complete"] });
    await apply(project);
    expect(Object.keys(live("Trial"))).toHaveLength(1);
  });

  test("selecting a robot includes its trial, which the write would end", async () => {
    const { plan, apply } = world();
    const project = (script: string) => [
      desk(script),
      manifest("Robot/other", { script }),
      manifest("Trial/ten", { robot: ref("Robot/desk"), rules: [{ weight: 10 }] }),
    ];
    await apply(project("one"));
    const { steps } = await plan(project("two"), { only: new Set(["Robot/desk"] as const) });
    expect(steps.map(({ id, action }) => `${id} ${action}`)).toEqual([
      "Robot/desk update",
      "Trial/ten restore",
    ]);
  });

  test("an undeclared trial stops a write that would end it", async () => {
    const { apply, provider, live } = world();
    await apply([desk()]);
    provider.put("Trial", { id: "r1", spec: { robot: "r1", rules: [{ weight: 5 }] } });
    const refused = await apply([desk("Be brief.")]);
    expect(refused.plan.refusals.map(({ rule }) => rule)).toEqual(["undeclared-child"]);
    expect(live("Trial")).toHaveProperty("r1");
  });
});

describe("ownership", () => {
  test("foreign objects are counted and not changed", async () => {
    const { apply, plan, provider } = world();
    provider.put("Robot", { id: "r9", spec: { name: "theirs", script: "!" } });
    await apply([desk()]);
    expect((await plan([desk()])).foreign).toEqual({ Robot: 1 });
    await apply([desk("new")], { prune: true });
    expect(provider.writes.filter((write) => write.includes("r9"))).toEqual([]);
  });

  describe("a name that another resource gives up", () => {
    const first = manifest("Robot/first", { name: "desk", script: "one" });
    const renamed = manifest("Robot/first", { name: "door", script: "one" });
    const second = manifest("Robot/second", { name: "desk", script: "two" });
    const only = (address: Address) => ({ only: new Set([address]) });

    test("is taken after it is free", async () => {
      const { apply, plan, live } = world();
      await apply([first]);
      const { steps } = await plan([renamed, second]);
      expect(steps).toMatchObject([{ id: "Robot/first" }, { id: "Robot/second", needs: ["Robot/first"] }]);
      expect((await apply([renamed, second])).status).toBe("done");
      expect(Object.keys(live("Robot")).sort()).toEqual(["desk", "door"]);
    });

    test("is not taken if the other resource keeps it", async () => {
      const { apply, provider } = world();
      await apply([first]);
      const before = provider.writes.length;
      const outcome = await apply([renamed, second], only("Robot/second"));
      expect(outcome).toMatchObject({ status: "refused", plan: { refusals: [{ rule: "ambiguous" }] } });
      expect(provider.writes).toHaveLength(before);
      expect((await apply([renamed, second], only("Robot/first"))).status).toBe("done");
      expect((await apply([renamed, second], only("Robot/second"))).status).toBe("done");
    });

    test("is not taken by a rename, unless both renames are applied", async () => {
      const { apply, live } = world();
      await apply([first, manifest("Robot/second", { name: "door", script: "two" })]);
      expect((await apply([renamed, second], only("Robot/second"))).status).toBe("refused");
      expect((await apply([renamed, second])).status).toBe("done");
      expect(live("Robot")).toMatchObject({ door: { script: "one" }, desk: { script: "two" } });
    });

    test("is taken earlier if the other resource refers to the created one", async () => {
      const { apply, live } = world();
      await apply([first]);
      const refers = { name: "door", script: "one", colleagues: [{ id: ref("Robot/second") }] };
      expect((await apply([manifest("Robot/first", refers), second])).status).toBe("done");
      expect(Object.keys(live("Robot")).sort()).toEqual(["desk", "door"]);
    });
  });

  test("of two objects with the name, none is adopted", async () => {
    const { apply, provider } = world();
    for (const id of ["r8", "r9"]) provider.put("Robot", { id, spec: { name: "desk", script: id } });
    const outcome = await apply([desk()]);
    expect(outcome.plan.refusals[0]).toMatchObject({ rule: "ambiguous" });
    expect(provider.writes).toEqual([]);
  });

  test("a resource that was removed from the manifests is deleted only with prune, not if protected or in use", async () => {
    const { apply, plan, live } = world();
    const arm = manifest("Part/arm", { title: "arm" });
    const holder = manifest("Robot/holder", { script: "h", skills: [{ type: "arm", part: ref("Part/arm") }] });
    await apply([arm, holder, manifest("Robot/safe", { script: "s" }, { protect: true })]);
    expect(actionsOf(await plan([holder]))).toContain("Robot/safe no-op");
    const rules = (
      await plan([manifest("Robot/holder", { script: "h", skills: [{ type: "arm", part: "p1" }] })], {
        prune: true,
      })
    ).refusals;
    expect(rules.map(({ rule, address }) => `${address} ${rule}`)).toEqual([
      "Robot/safe protected",
      "Part/arm referenced",
    ]);
    const unprotected = manifest("Robot/safe", { script: "s" }, { protect: false });
    await apply([arm, holder, unprotected]);
    const outcome = await apply([manifest("Robot/holder", { script: "h" })], { prune: true });
    expect(outcome.status).toBe("done");
    expect(Object.keys(live("Robot"))).toEqual(["holder"]);
    expect(live("Part")).toEqual({});
  });

  test("protection outlasts its block; only an explicit false ends it", async () => {
    const { apply, plan } = world();
    const other = manifest("Robot/other", { script: "o" });
    await apply([other, manifest("Robot/safe", { script: "s" }, { protect: true })]);
    await apply([other, manifest("Robot/safe", { script: "changed" })]);
    expect((await plan([other], { prune: true })).refusals.map(({ rule }) => rule)).toEqual(["protected"]);
    await apply([other, manifest("Robot/safe", { script: "changed" }, { protect: false })]);
    expect((await plan([other], { prune: true })).refusals).toEqual([]);
  });

  test("changing more than 30 % of at least 10 objects is refused, unless they are selected", async () => {
    const { apply, plan } = world();
    const fleet = (script: string) =>
      Array.from({ length: 10 }, (_, index) => manifest(`Robot/r-${index}`, { script }));
    await apply(fleet("one"));
    const guarded = { allowMassChange: false };
    expect((await plan(fleet("two"), guarded)).refusals.map(({ rule }) => rule)).toEqual(["mass-change"]);
    expect((await plan([...fleet("two").slice(0, 3), ...fleet("one").slice(3)], guarded)).refusals).toEqual([]);
    expect((await plan(fleet("two"), { ...guarded, only: new Set(["Robot/r-1"] as const) })).refusals).toEqual(
      [],
    );
    expect((await plan(fleet("two"), { allowMassChange: true })).refusals).toEqual([]);
  });

  test("an empty set of manifests deletes nothing", async () => {
    const { apply, provider } = world();
    await apply([desk()]);
    provider.writes.length = 0;
    expect((await apply([], { prune: true })).plan.refusals.map(({ rule }) => rule)).toEqual(["empty"]);
    expect(provider.writes).toEqual([]);
  });

  test("deleted outside Git: created again and reported", async () => {
    const { apply, plan, provider } = world();
    await apply([desk()]);
    provider.objects.get("Robot")?.clear();
    const next = await plan([desk()]);
    expect(next.changes[0]).toMatchObject({ action: "create", reason: "it was deleted outside Git" });
    expect(next.drift[0]).toMatchObject({ what: "deleted" });
  });

  test("deleted, and another object has its name: adopted without a baseline and reported", async () => {
    const { apply, plan, provider, ledger } = world();
    await apply([desk()]);
    provider.objects.get("Robot")?.clear();
    provider.put("Robot", { id: "r9", spec: { name: "desk", script: "Theirs." } });
    const next = await plan([desk()]);
    expect(next.changes[0]).toMatchObject({
      action: "adopt",
      id: "r9",
      reason: "the managed object no longer exists; another object with the same name, r9, will be adopted",
    });
    expect(pathsOf(next)).toEqual(["Robot/desk script no-baseline"]);
    expect(next.drift).toMatchObject([{ what: "deleted", id: "r1", changes: [] }]);
    expect((await apply([desk()])).plan.refusals).toMatchObject([{ rule: "adoption" }]);
    await apply([desk()], { adopt: true });
    expect(ledger.state?.entries["Robot/desk"]?.id).toBe("r9");
    expect(provider.objects.get("Robot")?.size).toBe(1);
  });

  test("deleted, and another object has its name that would be replaced: refused", async () => {
    const { apply, provider } = world();
    await apply([desk("x", { serial: "1" })]);
    provider.objects.get("Robot")?.clear();
    provider.put("Robot", { id: "r9", spec: { name: "desk", script: "x", serial: "2" } });
    provider.writes.length = 0;
    const outcome = await apply([desk("x", { serial: "1" })]);
    expect(outcome.plan.refusals.map(({ rule }) => rule)).toEqual(["foreign"]);
    expect(provider.writes).toEqual([]);
  });

  test("deleted, and another object has its name and rejects the change: it does not get the old baseline", async () => {
    const { apply, plan, provider } = world();
    await apply([desk()]);
    provider.objects.get("Robot")?.clear();
    provider.put("Robot", { id: "r9", spec: { name: "desk", script: "Theirs." } });
    const { update } = provider;
    Object.assign(provider, {
      update: async (request: Parameters<typeof update>[0]) => update({ ...request, target: request.live }),
    });
    await apply([desk()], { adopt: true });
    const next = await plan([desk()]);
    expect(pathsOf(next)).toEqual(["Robot/desk script pending"]);
    expect(next.drift).toEqual([]);
  });

  test("an object that the list lacks is read by id before another object of its name is adopted", async () => {
    const { apply, plan, provider } = world();
    await apply([desk()]);
    provider.put("Robot", { id: "r9", spec: { name: "desk", script: "Theirs." } });
    const { list } = provider;
    Object.assign(provider, {
      list: async (...args: Parameters<typeof list>) => (await list(...args)).filter(({ id }) => id !== "r1"),
    });
    expect((await plan([desk()])).steps).toEqual([]);
  });

  test("an edition is not replaced while an undeclared trial refers to it", async () => {
    const { apply, provider } = world();
    const project = (robot: "a" | "b") => [
      manifest("Robot/a", { script: "a" }),
      manifest("Robot/b", { script: "b" }),
      manifest("Edition/next", { robot: ref(`Robot/${robot}`), changes: {} }),
    ];
    const rules = [{ edition: ref("Edition/next"), weight: 10 }];
    await apply([...project("a"), manifest("Trial/ten", { robot: ref("Robot/a"), rules })]);
    provider.writes.length = 0;
    const outcome = await apply(project("b"));
    expect(outcome.plan.refusals).toMatchObject([
      { rule: "referenced", message: "Edition/next would be replaced, but Trial/ten will still refer to it" },
    ]);
    expect(provider.writes).toEqual([]);
  });

  test("references to a replaced object are updated", async () => {
    const { apply, live } = world();
    const pair = (serial: string) => [
      desk("x", { serial }),
      manifest("Robot/friend", { script: "f", colleagues: [{ id: ref("Robot/desk") }] }),
    ];
    await apply(pair("1"));
    await apply(pair("2"));
    expect(live("Robot")["friend"]).toMatchObject({ colleagues: [{ id: "r3" }] });
  });

  test("a moved address keeps its object; a changed remote name is an update", async () => {
    const { apply, plan, provider } = world();
    await apply([desk()]);
    const renamed = manifest(
      "Robot/reception",
      { name: "desk", script: "Be kind." },
      { movedFrom: ["Robot/desk"] },
    );
    expect(actionsOf(await plan([renamed]))).toEqual(["Robot/reception move"]);
    await apply([renamed]);
    expect(provider.writes).toEqual(["create Robot r1"]);
    await apply([manifest("Robot/reception", { name: "Reception", script: "Be kind." })]);
    expect(provider.writes.at(-1)).toBe("update Robot r1 name");
  });

  test("changing an immutable field is a replacement", async () => {
    const { apply, plan, live } = world();
    await apply([desk("x", { serial: "1" })]);
    expect(actionsOf(await plan([desk("x", { serial: "2" })]))).toEqual(["Robot/desk replace"]);
    await apply([desk("x", { serial: "2" })]);
    expect(live("Robot")).toMatchObject({ desk: { serial: "2" } });
  });
});

describe("apply", () => {
  test("a failed step blocks its dependents, and other steps continue", async () => {
    const { apply, provider } = world();
    const project = [
      manifest("Part/arm", {}),
      manifest("Robot/desk", { script: "x", skills: [{ type: "arm", part: ref("Part/arm") }] }),
      manifest("Robot/other", { script: "y" }),
    ];
    provider.beforeWrite = (what) => {
      if (what.startsWith("create Part")) throw refused();
    };
    const outcome = await apply(project);
    if (outcome.status !== "done") throw new Error(outcome.status);
    expect(outcome.result.steps.map(({ step, outcome }) => `${step.id} ${outcome.status}`)).toEqual([
      "Part/arm failed",
      "Robot/desk blocked",
      "Robot/other applied",
    ]);
    provider.beforeWrite = () => undefined;
    expect(await apply(project)).toMatchObject({ status: "done" });
    const kinds = provider.writes.map((what) => what.replace(/ \w+$/, ""));
    expect(kinds).toEqual(["create Robot", "create Part", "create Robot"]);
  });

  test("a refused key stops the run; a bug is thrown after running steps end", async () => {
    const { apply, provider } = world();
    const project = ["a", "b", "c"].map((name) => manifest(`Robot/${name}`, { script: name }));
    provider.beforeWrite = () => {
      throw refused("authentication");
    };
    const outcome = await apply(project, { parallelism: 1 });
    if (outcome.status !== "done") throw new Error(outcome.status);
    expect(outcome.result.steps.map(({ outcome }) => outcome.status)).toEqual([
      "failed",
      "not-started",
      "not-started",
    ]);
    provider.beforeWrite = () => {
      throw new TypeError("a bug");
    };
    await expect(apply(project)).rejects.toThrow("a bug");
  });

  test("after a lost response to a creation, the object is looked up and not created again", async () => {
    const { apply, provider } = world();
    provider.afterWrite = (what) => {
      if (what.startsWith("create")) throw lostAnswer();
    };
    const outcome = await apply([desk()]);
    expect(outcome).toMatchObject({ status: "done", result: { steps: [{ outcome: { status: "applied" } }] } });
    expect(provider.writes).toEqual(["create Robot r1"]);
  });

  test("a replacement with a lost creation is not confused with the replaced object", async () => {
    const { apply, provider, live } = world();
    await apply([desk("x", { serial: "1" })]);
    let lost = 0;
    provider.beforeWrite = (what) => {
      if (what.startsWith("create") && (lost += 1) === 1) throw lostAnswer();
    };
    expect(await apply([desk("x", { serial: "2" })])).toMatchObject({ status: "done" });
    expect(provider.writes).toEqual(["create Robot r1", "create Robot r3", "delete Robot r1"]);
    expect(live("Robot")).toMatchObject({ desk: { serial: "2" } });
  });

  test("after a lost response to an update, the object is compared and not updated again", async () => {
    const { apply, provider } = world();
    await apply([desk()]);
    provider.writes.length = 0;
    provider.afterWrite = () => {
      throw lostAnswer();
    };
    expect(await apply([desk("Be brief.")])).toMatchObject({
      status: "done",
      result: { steps: [{ outcome: { status: "applied" } }] },
    });
    expect(provider.writes).toEqual(["update Robot r1 script"]);
  });

  test("a deletion that cannot be verified fails as possibly done; the next apply finds it done", async () => {
    const { apply, provider } = world();
    const other = manifest("Robot/other", { script: "o" });
    await apply([desk(), other]);
    const { read } = provider;
    provider.afterWrite = () => {
      provider.read = async () => {
        throw refused();
      };
    };
    expect(await apply([other], { prune: true, allowMassChange: true })).toMatchObject({
      status: "done",
      result: { steps: [{ outcome: { status: "failed", wrote: true } }] },
    });
    provider.read = read;
    expect(await apply([other], { prune: true, allowMassChange: true })).toMatchObject({
      status: "nothing-to-do",
    });
    expect(provider.writes.filter((what) => what.startsWith("delete"))).toEqual(["delete Robot r1"]);
  });

  test("a value that is not stored fails, and the next plan shows it again", async () => {
    const { apply, plan, provider } = world();
    await apply([desk()]);
    const { update } = provider;
    Object.assign(provider, {
      update: async (request: Parameters<typeof update>[0]) => update({ ...request, target: request.live }),
    });
    const outcome = await apply([desk("Be brief.")]);
    expect(outcome).toMatchObject({
      result: {
        steps: [
          {
            outcome: {
              status: "failed",
              failure: {
                why: "unverified",
                mismatches: [{ path: "/script", sent: "Be brief.", live: "Be kind." }],
              },
            },
          },
        ],
      },
    });
    expect(pathsOf(await plan([desk("Be brief.")]))).toEqual(["Robot/desk script pending"]);
  });

  test("a secret is not in the plan or the ledger, and its change is noticed", async () => {
    const { apply, plan, ledger } = world();
    await apply([desk("x", { password: "hunter2" })]);
    expect(JSON.stringify(ledger.state)).not.toContain("hunter2");
    expect((await plan([desk("x", { password: "hunter2" })])).steps).toEqual([]);
    const next = await plan([desk("x", { password: "hunter3" })]);
    expect(pathsOf(next)).toEqual(["Robot/desk password pending"]);
    expect(JSON.stringify({ ...next, steps: [] })).not.toContain("hunter");
  });

  test("an ignored path keeps its live value", async () => {
    const { apply, plan, provider, live } = world();
    await apply([desk("x", { voice: { tone: "warm" } })]);
    provider.edit("Robot", "r1", { voice: { tone: "edited" } });
    const ignoring = manifest(
      "Robot/desk",
      { script: "y", voice: { tone: "warm" } },
      { ignore: ["/voice/tone"] },
    );
    expect(pathsOf(await plan([ignoring]))).toEqual(["Robot/desk script pending"]);
    await apply([ignoring]);
    expect(live("Robot")["desk"]).toMatchObject({ script: "y", voice: { tone: "edited" } });
  });
});

describe("decisions", () => {
  const both = (script: string) => [desk(script), manifest("Robot/bar", { script })];

  /** How often a plan decides if the second object that it reads is edited after it was listed. */
  async function decisionsOf(edit: JsonObject): Promise<number> {
    const { apply, provider, ledger, workspace } = world();
    await apply(both("Be kind."));
    const read = new Set<string>();
    let count = 0;
    const memory: Memory = {
      ...newMemory(),
      decisions: (input) => {
        count += 1;
        return makeDecisions(input);
      },
    };
    const edited: Provider = {
      ...provider,
      read: async (kind, id) => {
        if (kind === "Robot" && read.add(id).size === 2) provider.edit(kind, id, edit);
        return provider.read(kind, id);
      },
    };
    const choices = { prune: false, onConflict: "refuse", allowMassChange: true } as const;
    const space = { ...workspace(both("Be brief.")), provider: edited, memory };
    const plan = await planProject(space, choices, ledger.state);
    expect(actionsOf(plan)).toEqual(["Robot/bar update", "Robot/desk update"]);
    return count;
  }

  test("are made once if the reads agree with the lists", async () => {
    expect(await decisionsOf({})).toBe(1);
  });

  test("are made again if a read shows another value", async () => {
    expect(await decisionsOf({ script: "Shout." })).toBe(2);
  });
});
