import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isList, isObject, property, type Json, type JsonObject } from "../../src/model/json.ts";
import { canonical, hasKeys, keyed } from "../../src/reconcile/compare/canonical.ts";
import {
  comparePaths,
  differences,
  leafDifferences,
  leaves,
  valueAt,
} from "../../src/reconcile/compare/difference.ts";
import { hintsOf, type Hints } from "../../src/reconcile/compare/hints.ts";
import { overlay } from "../../src/reconcile/compare/overlay.ts";
import { isInPlace } from "../../src/reconcile/compare/in-place.ts";
import { compare, compareAll, type ObjectStates } from "../../src/reconcile/compare/threeway.ts";
import { robot } from "../memory/kinds.ts";
import { liveRobot, robotSpec, search } from "./arbitrary.ts";
import { disguised } from "./disguise.ts";

const HINTS = hintsOf(robot);

type Path = readonly string[];

const startsWith = (path: Path, prefix: Path) => prefix.every((segment, at) => path[at] === segment);
const related = (a: Path, b: Path) => startsWith(a, b) || startsWith(b, a);

/** What a manifest speaks for: the paths of its values, and of its lists, which are complete. */
function spokenFor(desired: Json, hints: Hints, path: Path = []): readonly Path[] {
  if (hints.hint.whole === true) return [path];
  if (isList(desired)) {
    if (hints.hint.set !== "open") return [path];
    return keyed(desired, hints).map(([key]) => path.concat(key));
  }
  if (!isObject(desired)) return [path];
  return Object.entries(desired).flatMap(([key, value]) => spokenFor(value, hints.child(key), [...path, key]));
}

/** The paths of single values in a manifest, elements of keyed lists by their keys. */
function declaredValues(desired: Json, hints: Hints, path: Path = []): readonly Path[] {
  if (hints.hint.whole === true) return [path];
  if (isList(desired)) {
    if (!hasKeys(hints)) return [path];
    return keyed(desired, hints).flatMap(([key, item]) =>
      declaredValues(item, hints.child(key), [...path, key]),
    );
  }
  if (!isObject(desired)) return [path];
  return Object.entries(desired).flatMap(([key, value]) =>
    declaredValues(value, hints.child(key), [...path, key]),
  );
}

/** The members of a block mean nothing any more when it is of another variant. */
function isOtherVariant(live: JsonObject, desired: JsonObject): boolean {
  const [before, after] = [property(live["sound"], "type"), property(desired["sound"], "type")];
  return after !== undefined && before !== after;
}

/** The value that clears a field, or the value that stays where there is none. */
function clearedTo(path: Path, live: Json): Json | undefined {
  if (path[0] === "variables" || path.join("/") === "voice/boost") return undefined;
  return path[0] === "greeting" ? "" : live;
}

function patched(value: JsonObject, path: Path, after: Json | undefined): JsonObject {
  const [segment = "", ...rest] = path;
  const { [segment]: inner, ...others } = value;
  const next = rest.length === 0 ? after : patched(isObject(inner) ? inner : {}, rest, after);
  return next === undefined ? others : { ...others, [segment]: next };
}

describe("comparison", () => {
  test("an object has no difference from itself, with any baseline", () => {
    fc.assert(
      fc.property(liveRobot, fc.option(liveRobot, { nil: undefined }), (live, before) => {
        const baseline = before === undefined ? undefined : { applied: live, observed: before };
        const { changes, released } = compare({ live, desired: live, baseline }, HINTS);
        expect([changes, released]).toEqual([[], []]);
      }),
      search(500),
    );
  });

  test("applying all differences to one value gives the other", () => {
    fc.assert(
      fc.property(liveRobot, liveRobot, (a, b) => {
        const [from, to] = [canonical(a, HINTS), canonical(b, HINTS)];
        const found = differences(from, to);
        const carried = found.reduce((value, { path, after }) => patched(value, path, after), from);
        // What remains may only be the order of elements that came or went.
        expect(differences(carried, to)).toEqual([]);
        expect(found.map(({ path }) => path)).toEqual(found.map(({ path }) => path).sort(comparePaths));
      }),
      search(1000),
    );
  });

  test("every difference has one class, and written paths are never unmanaged or released", () => {
    fc.assert(
      fc.property(liveRobot, robotSpec, robotSpec, liveRobot, (live, desired, applied, observed) => {
        const { changes, released, target } = compare(
          { live, desired, baseline: { applied, observed } },
          HINTS,
        );
        const paths = [...changes, ...released].map(({ path }) => path.join("/"));
        expect(new Set(paths).size).toBe(paths.length);
        const leaves = leafDifferences(canonical(live, HINTS), canonical(target, HINTS));
        const told = leaves.map(
          ({ path }) =>
            changes.filter((change) => change.path.every((segment, at) => path[at] === segment)).length,
        );
        expect(told.every((count) => count === 1)).toBe(true);
        for (const change of changes) expect(["pending", "drift", "conflict", "unset"]).toContain(change.class);
        for (const { path } of released) {
          expect(valueAt(canonical(target, HINTS), path)).toEqual(valueAt(canonical(live, HINTS), path));
        }
      }),
      search(1000),
    );
  });
});

/** An object that was applied, and what may have become of one of its three pictures since. */
const pictures: fc.Arbitrary<ObjectStates> = fc
  .record({
    base: liveRobot,
    desired: robotSpec,
    other: liveRobot,
    chance: fc.infiniteStream(fc.nat()),
    moved: fc.constantFrom("nothing", "live", "manifest", "applied", "observed", "clothes", "one field"),
    key: fc.constantFrom("greeting", "voice", "tags", "skills", "colleagues", "sound", "plan", "model"),
  })
  .map(({ base, desired, other, chance, moved, key }) => {
    const live = overlay(base, desired, undefined, HINTS);
    const baseline = { applied: desired, observed: live };
    const { [key]: _, ...without } = live;
    const member = property(other, key);
    switch (moved) {
      case "live":
        return { live: other, desired, baseline };
      case "manifest":
        return { live, desired: other, baseline };
      case "applied":
        return { live, desired, baseline: { ...baseline, applied: other } };
      case "observed":
        return { live, desired, baseline: { ...baseline, observed: other } };
      case "clothes":
        return { live: disguised(live, chance), desired, baseline };
      case "one field": {
        const changed = member === undefined ? without : { ...without, [key]: member };
        return { live: changed, desired, baseline: { ...baseline, observed: changed } };
      }
      default:
        return { live: structuredClone(live), desired: structuredClone(desired), baseline };
    }
  });

describe("the quick comparison", () => {
  test("agrees with the comparison by path, also when repeated", () => {
    fc.assert(
      fc.property(pictures, (one) => {
        const all = compareAll(structuredClone(one), HINTS);
        expect(compare(one, HINTS)).toEqual(all);
        expect(compare({ ...one, live: structuredClone(one.live) }, HINTS)).toEqual(all);
      }),
      search(1000),
    );
  });

  test("finds in sync only what an apply would not change", () => {
    fc.assert(
      fc.property(liveRobot, robotSpec, fc.boolean(), (base, desired, isLaid) => {
        const live = isLaid ? overlay(base, desired, undefined, HINTS) : base;
        fc.pre(isInPlace(live, desired, HINTS));
        expect(overlay(live, desired, desired, HINTS)).toEqual(live);
        expect(compareAll({ live, desired, baseline: undefined }, HINTS).changes).toEqual([]);
      }),
      search(1000),
    );
  });

  test("works with undeclared values next to declared ones", () => {
    const desired = {
      script: "a",
      voice: { tone: "b" },
      skills: [{ type: "call", call: { name: "x" } }],
      colleagues: [{ id: "id-1" }],
    };
    const live = {
      ...desired,
      model: "m",
      voice: { tone: "b", pitch: 2 },
      skills: [{ type: "call", call: { name: "x", limit: 2 } }],
      colleagues: [{ id: "id-1", note: "n" }],
    };
    expect(isInPlace(live, desired, HINTS)).toBe(true);
    expect(isInPlace({ ...live, voice: { pitch: 2 } }, desired, HINTS)).toBe(false);
    expect(isInPlace({ ...live, skills: [] }, desired, HINTS)).toBe(false);
  });
});

describe("overlay", () => {
  test("every declared value is in place afterwards", () => {
    fc.assert(
      fc.property(liveRobot, robotSpec, fc.option(robotSpec, { nil: undefined }), (live, desired, applied) => {
        const target = canonical(overlay(live, desired, applied, HINTS), HINTS);
        const wanted = canonical(desired, HINTS);
        for (const path of declaredValues(desired, HINTS)) {
          expect([path, valueAt(target, path)]).toEqual([path, valueAt(wanted, path)]);
        }
      }),
      search(1000),
    );
  });

  test("undeclared values stay unchanged", () => {
    fc.assert(
      fc.property(liveRobot, robotSpec, (live, desired) => {
        const [before, after] = [
          canonical(live, HINTS),
          canonical(overlay(live, desired, undefined, HINTS), HINTS),
        ];
        const managed = [...spokenFor(desired, HINTS), ...(isOtherVariant(live, desired) ? [["sound"]] : [])];
        const isFree = ([path]: readonly [Path, Json]) => !managed.some((one) => related(path, one));
        expect(leaves(after).filter(isFree)).toEqual(leaves(before).filter(isFree));
      }),
      search(1000),
    );
  });

  test("values that are no longer declared are cleared, or kept without a clearing value", () => {
    fc.assert(
      fc.property(liveRobot, robotSpec, robotSpec, (live, desired, applied) => {
        const target = overlay(live, desired, applied, HINTS);
        const [before, after] = [canonical(live, HINTS), canonical(target, HINTS)];
        const managed = [...spokenFor(desired, HINTS), ["tags"], ["skills"], ["colleagues"]];
        for (const path of spokenFor(applied, HINTS)) {
          if (managed.some((one) => related(path, one)) || isOtherVariant(live, desired)) continue;
          const stays = valueAt(before, path);
          const expected = stays === undefined ? undefined : clearedTo(path, stays);
          expect([path, valueAt(after, path)]).toEqual([path, expected]);
        }
      }),
      search(1000),
    );
  });

  test("values in place are not changed", () => {
    fc.assert(
      fc.property(liveRobot, robotSpec, robotSpec, (live, desired, applied) => {
        const target = overlay(live, desired, applied, HINTS);
        const again = compare(
          { live: target, desired, baseline: { applied: desired, observed: target } },
          HINTS,
        );
        expect(again.changes).toEqual([]);
      }),
      search(1000),
    );
  });
});

describe("canonical form", () => {
  test("ignores line endings, the order of sets and keys, documented defaults, nulls and empty blocks", () => {
    fc.assert(
      fc.property(liveRobot, fc.infiniteStream(fc.nat()), (live, chance) => {
        const other = disguised(live, chance);
        expect(canonical(other, HINTS)).toEqual(canonical(live, HINTS));
      }),
      search(1000),
    );
  });

  test("keeps every other difference", () => {
    fc.assert(
      fc.property(liveRobot, liveRobot, (a, b) => {
        fc.pre(a["script"] !== b["script"]);
        const lines = (value: JsonObject) => String(value["script"]).replaceAll("\r\n", "\n").trimEnd();
        expect(canonical(a, HINTS)["script"] === canonical(b, HINTS)["script"]).toBe(lines(a) === lines(b));
      }),
      search(300),
    );
  });

  test("contains no plain-text secret", () => {
    fc.assert(
      fc.property(liveRobot, (live) => {
        expect(
          JSON.stringify(canonical(live, HINTS), (_, v) => (typeof v === "bigint" ? String(v) : v)),
        ).not.toMatch(/-clear/);
      }),
      search(200),
    );
  });
});
