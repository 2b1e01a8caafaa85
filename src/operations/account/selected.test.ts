import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kinds, robot } from "../../../test/memory/kinds.ts";
import type { AccountObject } from "./inventory.ts";
import { selected, unmatched } from "./selected.ts";

const [, part] = kinds;

function object(name: string, more: Partial<AccountObject> = {}): AccountObject {
  return { kind: robot, live: { id: `id-${name}`, spec: {} }, name, tags: [], ...more };
}

const owned = (address: `${string}/${string}`, isElsewhere = false) => ({
  owner: { address, environment: "x", ...(isElsewhere && { isElsewhere: true as const }) },
});

const objects = [
  object("Front desk", owned("Robot/front")),
  object("front"),
  object("front", { kind: part, live: { id: "part-1", spec: {} }, tags: ["a", "b"] }),
  object("Legacy (1).*", { tags: ["a"] }),
  object("there", owned("Robot/there", true)),
  object("", { live: { id: "nameless", spec: {} } }),
];

const at = (...indexes: readonly number[]) => indexes.map((index) => objects[index]);

describe("a selector", () => {
  test.each<[string, readonly number[]]>([
    ["front", [1, 2]],
    ["Front desk", [0]],
    ["Robot/front", [0]],
    ["robots/front", [0]],
    ["Robot/front*", [0, 1]],
    ["robot/Front?desk", [0]],
    ["parts/front", [2]],
    ["part-1", [2]],
    ["id-there", [4]],
    ["Legacy (1).*", [3]],
    ["Legacy (1)x*", []],
    ["f*", [1, 2]],
    ["*", [0, 1, 2, 3, 4, 5]],
    ["Part/*", [2]],
    ["Robot/nothing", []],
    ["Robot/", []],
    ["Part/ ", []],
    ["", []],
  ])("%s", (selector, expected) => {
    expect(selected(objects, [selector])).toEqual(at(...expected));
    expect(unmatched(objects, [selector])).toEqual(expected.length === 0 ? [selector] : []);
  });

  test("an address of another environment is not found", () => {
    const same = [object("x", owned("Robot/a", true)), object("y", owned("Robot/a"))];
    expect(selected(same, ["Robot/a"])).toEqual([same[1]]);
  });
});

test("filters and selectors are combined", () => {
  expect(selected(objects, [], { managed: true })).toEqual(at(0, 4));
  expect(selected(objects, [], { managed: false })).toEqual(at(1, 2, 3, 5));
  expect(selected(objects, [], { tags: ["a"] })).toEqual(at(2, 3));
  expect(selected(objects, [], { tags: ["a", "b"] })).toEqual(at(2));
  expect(selected(objects, ["front*"], { managed: false, tags: ["b"] })).toEqual(at(2));
});

const anyName = fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).filter((name) => name.trim() !== "");
const anyObjects = fc
  .uniqueArray(anyName)
  .map((names) => names.map((name, index) => object(name, { live: { id: `${index}`, spec: {} } })));

test("every object can be selected by its id and by its name", () => {
  fc.assert(
    fc.property(anyObjects, (all) => {
      for (const one of all) {
        expect(selected(all, [one.live.id])).toContain(one);
        expect(selected(all, [one.name])).not.toEqual([]);
      }
    }),
  );
});

test("several selectors select the union, in order and without duplicates", () => {
  fc.assert(
    fc.property(
      anyObjects,
      fc.array(fc.oneof(anyName, fc.constantFrom("*", "a*", "?", "*b"))),
      (all, selectors) => {
        const each = new Set(selectors.flatMap((selector) => selected(all, [selector])));
        const expected = selectors.length === 0 ? all : all.filter((one) => each.has(one));
        expect(selected(all, selectors)).toEqual(expected);
      },
    ),
  );
});
