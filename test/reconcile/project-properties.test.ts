import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/model/json.ts";
import type { LiveObject } from "../../src/model/provider.ts";
import type { Resource } from "../../src/model/resource.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { PlanChoices } from "../../src/model/plan-choices.ts";
import { desiredResources } from "../../src/reconcile/observe/desired.ts";
import { makePlan } from "../../src/reconcile/plan/plan.ts";
import { takeSnapshot } from "../../src/reconcile/observe/snapshot.ts";
import { compareAll } from "../../src/reconcile/compare/threeway.ts";
import { planJson } from "../../src/report/json/plan.ts";
import { world, type World } from "../memory/memory-project.ts";
import { search } from "./arbitrary.ts";
import { choices, deed, project, type Deed } from "./arbitrary-project.ts";

const story = fc.record({ first: project, deeds: fc.array(deed, { maxLength: 4 }), second: project, choices });

interface Story {
  readonly first: readonly Resource[];
  readonly deeds: readonly Deed[];
  readonly second: readonly Resource[];
  readonly choices: Partial<PlanChoices>;
}

/** A world in which the first manifests were applied and people were at work since. */
async function told({ first, deeds }: Story): Promise<World> {
  const one = world();
  await one.apply(first);
  for (const [index, act] of deeds.entries()) perform(one, act, index);
  one.provider.writes.length = 0;
  return one;
}

function perform({ provider }: World, act: Deed, index: number): void {
  const robots = [...(provider.objects.get("Robot")?.values() ?? [])];
  const robot = "which" in act ? robots[act.which % Math.max(1, robots.length)] : undefined;
  if (act.do === "add") provider.put("Robot", { id: `f${index}`, spec: { ...act.spec, name: act.name } });
  if (robot === undefined) return;
  if (act.do === "edit") provider.edit("Robot", robot.id, act.values);
  if (act.do === "delete") provider.objects.get("Robot")?.delete(robot.id);
  if (act.do === "try")
    provider.put("Trial", { id: robot.id, spec: { robot: robot.id, rules: [{ weight: 5 }] } });
}

/** The live objects that neither the ledger nor any manifest's name speaks for. */
function foreign({ provider, ledger }: World, resources: readonly Resource[]): readonly LiveObject[] {
  const owned = new Set(Object.values(ledger.state?.entries ?? {}).map(({ id }) => id));
  const names = new Set<Json>(resources.map(({ name, spec }) => spec["name"] ?? name));
  return [...(provider.objects.get("Robot")?.values() ?? [])].filter(
    ({ id, spec }) => !owned.has(id) && !names.has(spec["name"] ?? ""),
  );
}

const text = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner));

/** What was made of a story: the plan of its second manifests. */
interface Planned {
  readonly one: Story;
  readonly there: World;
  readonly plan: Plan;
}

/** The same when every resource is compared by path, and when it is made again from the same values. */
async function isMadeOfValues({ one, there }: Planned): Promise<void> {
  const { provider, ledger } = there;
  const { kinds, target } = provider;
  const resources = one.second;
  const snapshot = await takeSnapshot(provider, desiredResources(resources, kinds), ledger.state, {
    mode: "each",
  });
  const options = {
    prune: false,
    onConflict: "refuse" as const,
    allowMassChange: false,
    protectAll: false,
    ...one.choices,
  };
  const input = { project: "works", environment: "default", target, kinds, resources, options };
  const plan = makePlan({ ...input, ledger: ledger.state, snapshot });
  const copy = { ledger: structuredClone(ledger.state), snapshot: structuredClone(snapshot) };
  const thorough = makePlan({ ...input, ...copy, options: { ...options, compare: compareAll } });
  expect(text(plan)).toBe(text(thorough));
  const again = makePlan({ ...input, ledger: ledger.state, snapshot: structuredClone(snapshot) });
  expect(text(again)).toBe(text(thorough));
}

function hasNoStepForForeignObjects({ one, there, plan }: Planned): void {
  const strangers = new Set(foreign(there, one.second).map(({ id }) => id));
  expect(plan.steps.filter(({ objectId = "" }) => strangers.has(objectId))).toEqual([]);
}

function hasItsStepsInDependencyOrder({ plan: { steps, refusals } }: Planned): void {
  const ids = steps.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(refusals.filter(({ rule }) => rule === "cycle")).toEqual([]);
  for (const [index, { id, needs }] of steps.entries()) {
    for (const need of needs) {
      expect([id, need, ids.indexOf(need) >= 0 && ids.indexOf(need) < index]).toEqual([id, need, true]);
    }
  }
}

/** Nor does the ledger. */
function containsNoSecret({ there, plan }: Planned): void {
  expect(text({ ...plan, steps: [] })).not.toContain("-clear");
  expect(text(planJson(plan, { rollcallVersion: "0" }))).not.toContain("-clear");
  expect(text(there.ledger.state)).not.toContain("-clear");
}

/** Reverses the lists and the ledger. */
async function doesNotDependOnOrder({ one, there, plan }: Planned): Promise<void> {
  for (const objects of there.provider.objects.values()) {
    const reversed = [...objects].toReversed();
    objects.clear();
    for (const [id, object] of reversed) objects.set(id, object);
  }
  const { state } = there.ledger;
  if (state !== undefined) {
    there.ledger.state = { ...state, entries: Object.fromEntries(Object.entries(state.entries).toReversed()) };
  }
  expect(text(await there.plan(one.second.toReversed(), one.choices))).toBe(text(plan));
}

describe("a plan", () => {
  // One test, because the stories of each would be the same ones, and a story takes longer than a look at its plan.
  test("is made of values, in dependency order, without foreign objects and secrets, whatever the order of what is read, and writes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (one) => {
        const there = await told(one);
        const planned = { one, there, plan: await there.plan(one.second, one.choices) };
        await isMadeOfValues(planned);
        hasNoStepForForeignObjects(planned);
        hasItsStepsInDependencyOrder(planned);
        containsNoSecret(planned);
        await doesNotDependOnOrder(planned);
        expect(there.provider.writes).toEqual([]);
      }),
      search(200),
    );
  });

  test("is the same in a program that planned before", async () => {
    let repeated = 0;
    await fc.assert(
      fc.asyncProperty(story, async (one) => {
        const there = await told({ ...one, deeds: [] });
        const check = async (resources: readonly Resource[], chosen: Partial<PlanChoices>) => {
          const plan = await there.planAgain(resources, chosen);
          expect(text(plan)).toBe(text(await there.plan(resources, chosen)));
          return plan;
        };
        const first = await check(one.first, {});
        const same = await check(one.first, {});
        if (same.changes === first.changes) repeated += 1;
        for (const [index, act] of one.deeds.entries()) {
          perform(there, act, index);
          await check(one.first, {});
        }
        await check(one.second, {});
        await check(one.second, one.choices);
        await there.apply(one.first, one.choices);
        await check(one.first, {});
      }),
      search(60),
    );
    expect(repeated).toBeGreaterThan(50);
  });
});

describe("after an apply", () => {
  test("nothing is left to do, no foreign object has changed, and every address has one object", async () => {
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(story, async (one) => {
        const there = await told(one);
        const strangers = foreign(there, one.second);
        const outcome = await there.apply(one.second, one.choices);
        const now = new Set(there.provider.objects.get("Robot")?.values());
        expect(strangers.filter((object) => !now.has(object))).toEqual([]);
        if (outcome.status !== "done") {
          expect(there.provider.writes).toEqual([]);
          return;
        }
        applied += 1;
        const failed = outcome.result.steps.filter(
          (step) => step.outcome.status !== "applied" && step.outcome.status !== "unchanged",
        );
        expect(failed).toEqual([]);
        const again = await there.plan(one.second, one.choices);
        // A trial that left the manifests, and that an overwrite lets go, is forgotten by the next apply.
        const isOrphan = (id: string) => !one.second.some(({ address }) => address === id);
        const isLeft = (id: string) => id.startsWith("Trial/") && isOrphan(id);
        const left = again.steps.filter(({ address, action }) => action !== "forget" || !isLeft(address));
        // What left the manifests and is not pruned is not put back either.
        const drifted = again.drift.filter(
          ({ address, what }) => !(what === "deleted" ? isLeft(address) : isOrphan(address)),
        );
        expect({ left, drifted, refusals: again.refusals }).toEqual({ left: [], drifted: [], refusals: [] });
        const ids = Object.values(there.ledger.state?.entries ?? {}).map(({ kind, id }) => `${kind} ${id}`);
        expect(new Set(ids).size).toBe(ids.length);
        expect(there.ledger.state?.intents).toBeUndefined();
      }),
      search(300),
    );
    expect(applied).toBeGreaterThan(50);
  });
});
