/** Promotions, with invented kinds: an edition of a robot that left the manifests becomes the robot. */
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import type { Kind } from "../../src/model/kind.ts";
import type { PlanChoices } from "../../src/model/plan-choices.ts";
import { isObject } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { manifest, ref, world, type World } from "../memory/memory-project.ts";

const robot = (greeting: string, more: JsonObject = {}) =>
  manifest("Robot/desk", { name: "Desk", script: "Answer.", greeting, tags: ["vip"], ...more });
const EDITION = manifest("Edition/warm", {
  robot: ref("Robot/desk"),
  label: "warm",
  changes: { greeting: "A warm hello." },
});
const TRIAL = manifest("Trial/desk", { robot: ref("Robot/desk"), rules: [{ edition: ref("Edition/warm") }] });
const PROMOTED = robot("A warm hello.");

/** What no edition has stays with the robot. */
const LOCAL = { set: "open", unset: [], local: true } as const;

interface Works extends World {
  readonly edition: string;
  /** What somebody does to the edition. */
  editContent(values: JsonObject): void;
}

/** A robot with an edition, applied; editions can become the robot. */
async function works(
  more: readonly Resource[] = [],
  traits: Partial<Kind> = { isPromotable: true },
): Promise<Works> {
  const one = world();
  const { provider } = one;
  const kinds = provider.kinds as Map<string, Kind>;
  const change = (name: string, traitsOf: (kind: Kind) => Partial<Kind>) => {
    const kind = kinds.get(name);
    if (kind !== undefined) kinds.set(name, { ...kind, ...traitsOf(kind) });
  };
  change("Edition", ({ fields }) => ({ ...traits, fields: { ...fields, "/changes/tags": LOCAL } }));
  provider.promote = async (kind, id) => {
    const [parent = "", versionId = ""] = id.split("/");
    const content = provider.objects.get(kind)?.get(id)?.spec ?? {};
    const { changes, label } = content;
    const before = provider.objects.get("Robot")?.get(parent);
    provider.writes.push(`promote ${kind} ${id}`);
    if (before === undefined || !isObject(changes)) throw new Error("nothing to promote");
    const { tags } = before.spec;
    provider.put("Robot", {
      ...before,
      versionId,
      spec: { ...changes, label: label ?? null, tags: tags ?? null },
    });
    provider.objects.get("Trial")?.delete(parent);
  };
  await one.apply([robot("Hello."), EDITION, ...more]);
  const edition = [...(provider.objects.get("Edition")?.keys() ?? [])][0] ?? "";
  const editContent = (values: JsonObject) => {
    const changes = provider.objects.get("Edition")?.get(edition)?.spec["changes"];
    provider.edit("Edition", edition, { changes: { ...(isObject(changes) ? changes : {}), ...values } });
  };
  // As the API has it, an edition is all of a robot.
  editContent({ model: "server-chosen" });
  provider.writes.length = 0;
  return { ...one, edition, editContent };
}

const settled = async (one: Works, resources: readonly Resource[], choices: Partial<PlanChoices> = {}) => {
  const plan = await one.plan(resources, choices);
  expect(plan.refusals).toEqual([]);
  return plan.steps.map(({ address, action }) => `${action} ${address}`);
};

test("an update to exactly what an edition is promotes it, and the edition is forgotten", async () => {
  const one = await works();
  const plan = await one.plan([PROMOTED]);
  expect(plan.steps.map(({ address, action, promotes }) => [address, action, promotes?.id])).toEqual([
    ["Robot/desk", "update", one.edition],
    ["Edition/warm", "forget", undefined],
  ]);
  const { status } = await one.apply([PROMOTED]);
  expect(status).toBe("done");
  expect(one.provider.writes).toEqual([`promote Edition ${one.edition}`]);
  expect(one.live("Robot")["Desk"]).toMatchObject({ greeting: "A warm hello.", tags: ["vip"], label: "warm" });
  expect(Object.keys(one.ledger.state?.entries ?? {})).toEqual(["Robot/desk"]);
  expect(await settled(one, [PROMOTED])).toEqual([]);
});

const UPDATES: readonly (readonly [string, (one: Works) => readonly Resource[], Partial<Kind> | undefined])[] =
  [
    ["an edition that a manifest declares", () => [PROMOTED, EDITION], undefined],
    ["an edition of a kind that cannot be promoted", () => [PROMOTED], {}],
    [
      "an edition that lacks a field of the manifest",
      () => [robot("A warm hello.", { voice: { tone: "low" } })],
      undefined,
    ],
    [
      "an edition that somebody has edited",
      (one) => {
        one.editContent({ script: "Mine." });
        return [PROMOTED];
      },
      undefined,
    ],
    [
      "an edition with a field that the robot does not have",
      (one) => {
        one.editContent({ serial: "7" });
        return [PROMOTED];
      },
      undefined,
    ],
    [
      "a manifest with other tags, which no edition has",
      () => [robot("A warm hello.", { tags: ["other"] })],
      undefined,
    ],
  ];

test.each(UPDATES)("%s: a plain update", async (_, resources, traits) => {
  const one = await works([], traits);
  await one.apply(resources(one));
  expect(one.provider.writes.join("\n")).not.toContain("promote");
  expect(one.provider.writes[0]).toMatch(/^update Robot/);
});

test("a robot that is not updated promotes nothing", async () => {
  const one = await works();
  one.editContent({ greeting: "Hello." });
  const { steps } = await one.plan([robot("Hello.")]);
  expect(steps.filter(({ promotes }) => promotes !== undefined)).toEqual([]);
});

test("of two editions that are the same, one is promoted", async () => {
  const twin = { ...EDITION, address: "Edition/twin", name: "twin" } as const;
  const other = { ...twin, spec: { ...twin.spec, label: "twin" } };
  const one = await works([other]);
  const [, second = ""] = [...(one.provider.objects.get("Edition")?.keys() ?? [])];
  const changes = one.provider.objects.get("Edition")?.get(one.edition)?.spec["changes"];
  one.provider.edit("Edition", second, { changes: changes ?? null });
  await one.apply([PROMOTED]);
  expect(one.provider.writes.filter((what) => what.startsWith("promote"))).toHaveLength(1);
});

test("the trial that left the manifests is deleted after the promotion, and only with prune", async () => {
  const one = await works([TRIAL]);
  const kept = await one.plan([PROMOTED]);
  expect(kept.refusals.map(({ rule }) => rule)).toEqual(["undeclared-child"]);
  const { steps } = await one.plan([PROMOTED], { prune: true });
  const promotion = steps.find(({ promotes }) => promotes !== undefined);
  const deletion = steps.find(({ address }) => address === "Trial/desk");
  expect(deletion).toMatchObject({ action: "delete", needs: expect.arrayContaining([promotion?.id]) });
  const { status } = await one.apply([PROMOTED], { prune: true });
  expect(status).toBe("done");
  expect(one.provider.writes[0]).toBe(`promote Edition ${one.edition}`);
  expect(await settled(one, [PROMOTED], { prune: true })).toEqual([]);
});

test("an edition that is edited after the plan is not promoted", async () => {
  const one = await works();
  const { status } = await one.apply([PROMOTED], {
    approve: async () => {
      one.editContent({ script: "Mine." });
      return true;
    },
  });
  expect(status).toBe("done");
  expect(one.provider.writes).toEqual([]);
  expect(one.live("Robot")["Desk"]).toMatchObject({ greeting: "Hello." });
});

test("a promotion whose answer is lost is found by the next plan", async () => {
  const one = await works();
  const promote = one.provider.promote;
  one.provider.promote = async (kind, id) => {
    await promote?.(kind, id);
    throw new Error("killed");
  };
  await one.apply([PROMOTED]).catch(() => undefined);
  one.provider.writes.length = 0;
  await one.apply([PROMOTED]);
  expect(one.provider.writes).toEqual([]);
  expect(await settled(one, [PROMOTED])).toEqual([]);
});
