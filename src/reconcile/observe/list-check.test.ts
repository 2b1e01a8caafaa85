import fc from "fast-check";
import { expect, test } from "vitest";
import { kinds, robot } from "../../../test/memory/kinds.ts";
import { manifest } from "../../../test/memory/memory-project.ts";
import { sampleOf } from "./list-check.ts";
import type { Match } from "./match.ts";

const [, , edition] = kinds;
const FIELDS = ["script", "greeting", "voice", "tags", "skills", "variables"];

const matchOf = (fields: readonly string[], index: number): Match => {
  const spec = Object.fromEntries(fields.map((field) => [field, "x"]));
  const resource = manifest(`Robot/r${index}`, spec);
  return {
    address: resource.address,
    kind: robot,
    desired: { resource, spec },
    live: { id: `r${index}`, spec },
  };
};

const matches = fc
  .array(fc.subarray(FIELDS, { minLength: 1 }), { minLength: 1, maxLength: 12 })
  .map((all) => all.map(matchOf));

test("every declared field is declared by an object of the sample", () => {
  fc.assert(
    fc.property(matches, fc.nat(), (all, turn) => {
      const sample = sampleOf(robot, all, turn);
      const fields = (specs: readonly (Match["live"] | undefined)[]) =>
        new Set(specs.flatMap((live) => Object.keys(live?.spec ?? {})));
      expect(fields(sample)).toEqual(fields(all.map(({ live }) => live)));
    }),
  );
});

test("each object is read once in as many plans as there are objects", () => {
  fc.assert(
    fc.property(matches, fc.nat(1e12), (all, turn) => {
      const firsts = all.map((_, step) => sampleOf(robot, all, turn + step)[0]?.id);
      expect(new Set(firsts).size).toBe(all.length);
    }),
  );
});

test("objects that declare the same fields need one read", () => {
  const all = Array.from({ length: 300 }, (_, index) => matchOf(FIELDS, index));
  expect(sampleOf(robot, all, 17)).toHaveLength(1);
});

test("fields inside a single block are all covered", () => {
  const of = (index: number, changes: object): Match => {
    const one = matchOf([], index);
    const spec = { robot: "r", changes: { ...changes } };
    return { ...one, kind: edition, desired: { resource: manifest(`Edition/e${index}`, spec), spec } };
  };
  const all = [of(0, { script: "x" }), of(1, { script: "x", greeting: "y" }), of(2, { script: "x" })];
  expect(new Set(sampleOf(edition, all, 0).map(({ id }) => id))).toEqual(new Set(["r0", "r1"]));
});

test("without objects the sample is empty", () => {
  expect(sampleOf(robot, [], 5)).toEqual([]);
});
