import fc from "fast-check";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { Lifecycle, Resource } from "../../src/model/resource.ts";
import type { PlanChoices } from "../../src/model/plan-choices.ts";
import { manifest, ref } from "../memory/memory-project.ts";
import { liveRobot, robotFields, some } from "./arbitrary.ts";

const ROBOTS = ["a", "b", "c"] as const;
const PARTS = ["p", "q"] as const;
const LABELS = ["next", "odd"] as const;

const { script = fc.constant(""), colleagues: _, skills: __, ...others } = robotFields;

interface Drawn {
  readonly name: string;
  readonly spec: JsonObject;
  readonly colleagues: readonly string[];
  readonly arms: readonly string[];
  readonly lifecycle: Partial<Lifecycle>;
}

const drawnRobot: fc.Arbitrary<Drawn> = fc.record({
  name: fc.constantFrom(...ROBOTS),
  spec: script.chain((text) => some(others, { script: text })),
  colleagues: fc.uniqueArray(fc.constantFrom(...ROBOTS), { maxLength: 3 }),
  arms: fc.uniqueArray(fc.constantFrom(...PARTS), { maxLength: 1 }),
  lifecycle: fc.constantFrom<Partial<Lifecycle>>({}, {}, {}, { protect: true }, { ignore: ["/voice/tone"] }),
});

const drawnProject = fc.record({
  robots: fc.uniqueArray(drawnRobot, { maxLength: 3, selector: ({ name }) => name }),
  parts: fc.uniqueArray(fc.constantFrom(...PARTS), { maxLength: 2 }),
  size: fc.constantFrom(5, 6),
  editions: fc.uniqueArray(fc.tuple(fc.constantFrom(...LABELS), fc.constantFrom(...ROBOTS), script), {
    maxLength: 2,
    selector: ([label]) => label,
  }),
  trials: fc.uniqueArray(fc.tuple(fc.constantFrom(...ROBOTS), fc.constantFrom(10, 20)), {
    maxLength: 2,
    selector: ([robot]) => robot,
  }),
});

type DrawnProject = typeof drawnProject extends fc.Arbitrary<infer T> ? T : never;

/** Manifests of a few robots that know each other, what they share and what lives under them. No reference dangles. */
export const project: fc.Arbitrary<readonly Resource[]> = drawnProject.map(manifestsOf);

function manifestsOf({ robots, parts, size, editions, trials }: DrawnProject): readonly Resource[] {
  const known = new Set(robots.map(({ name }) => name));
  return [
    robots.map((one) => robotManifest(one, known, new Set(parts))),
    parts.map((name) => manifest(`Part/${name}`, { size })),
    editions
      .filter(([, robot]) => known.has(robot))
      .map(([label, robot, words]) =>
        manifest(`Edition/${label}`, { robot: ref(`Robot/${robot}`), changes: { script: words } }),
      ),
    trials
      .filter(([robot]) => known.has(robot))
      .map(([robot, weight]) => trialManifest(robot, weight, editions.find((one) => one[1] === robot)?.[0])),
  ].flat();
}

function robotManifest(drawn: Drawn, robots: ReadonlySet<string>, parts: ReadonlySet<string>): Resource {
  const colleagues = drawn.colleagues
    .filter((name) => robots.has(name))
    .map((name) => ({ id: ref(`Robot/${name}`) }));
  const skills: Json[] = drawn.arms
    .filter((name) => parts.has(name))
    .map((name) => ({ type: "arm", part: ref(`Part/${name}`) }));
  const spec = {
    ...drawn.spec,
    ...(colleagues.length === 0 ? {} : { colleagues }),
    ...(skills.length === 0 ? {} : { skills }),
  };
  const ignores = drawn.lifecycle.ignore !== undefined;
  const { voice: _ignored, ...rest } = spec as JsonObject;
  return manifest(`Robot/${drawn.name}`, ignores ? rest : spec, drawn.lifecycle);
}

function trialManifest(robot: string, weight: number, label: string | undefined): Resource {
  const rule = label === undefined ? { weight } : { weight, edition: ref(`Edition/${label}`) };
  return manifest(`Trial/of-${robot}`, { robot: ref(`Robot/${robot}`), rules: [rule] });
}

/** What people do past the manifests; `which` picks an object among those that are there. */
export type Deed =
  | { readonly do: "edit"; readonly which: number; readonly values: JsonObject }
  | { readonly do: "delete"; readonly which: number }
  | { readonly do: "add"; readonly spec: JsonObject; readonly name: string }
  | { readonly do: "try"; readonly which: number };

export const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("edit" as const), which: fc.nat(9), values: liveRobot }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), which: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("add" as const),
      spec: liveRobot,
      name: fc.constantFrom("theirs", ...ROBOTS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("try" as const), which: fc.nat(9) }) },
);

export const choices: fc.Arbitrary<Partial<PlanChoices>> = fc.record({
  prune: fc.boolean(),
  onConflict: fc.constantFrom("refuse", "overwrite", "overwrite"),
});
