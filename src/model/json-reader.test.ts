import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify, type Json } from "./json.ts";
import { jsonReader } from "./json-reader.ts";
import { NestingError, parseJson } from "./parse-json.ts";

const DEEPEST = 5;

/** What becomes of a text: its value with the order of its keys, or the kind of its error. */
type Result = { readonly value: string | undefined } | { readonly error: string };

function result(read: () => Json | undefined): Result {
  try {
    const value = read();
    return { value: value === undefined ? undefined : stringify(value) };
  } catch (error) {
    return {
      error: error instanceof NestingError ? "nesting" : error instanceof SyntaxError ? "syntax" : "bug",
    };
  }
}

function whole(text: string): Result {
  return result(() => (text.trim() === "" ? undefined : parseJson(text, DEEPEST)));
}

function inPieces(pieces: readonly string[]): Result {
  return result(() => {
    const reader = jsonReader(DEEPEST);
    for (const piece of pieces) reader.add(piece);
    return reader.end();
  });
}

function cut(text: string, places: readonly number[]): readonly string[] {
  const ends = [...places.toSorted((a, b) => a - b), text.length];
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom("\\", '"', "[", "}", "a") }),
);
const key = fc.oneof(fc.constantFrom("data", "0", "1", "__proto__"), text);
const space = fc.constantFrom("", " ", "\n  ");

/** JSON texts with integers of any size and keys that stand twice, some of them nested too deep. */
const { json } = fc.letrec<{ json: string; list: string; object: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: "medium" },
    fc.oneof(text, fc.boolean(), fc.constant(null)).map((value) => JSON.stringify(value)),
    fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
    tie("list"),
    tie("object"),
  ),
  list: fc
    .tuple(space, fc.array(tie("json"), { maxLength: 4 }))
    .map(([between, items]) => `[${between}${items.join(`${between},`)}]`),
  object: fc
    .tuple(space, fc.array(fc.tuple(key, tie("json")), { maxLength: 4 }))
    .map(
      ([between, members]) =>
        `{${members.map(([name, value]) => `${between}${JSON.stringify(name)}:${between}${value}`).join(",")}}`,
    ),
}));
const cuts = fc.array(fc.nat(300));

test("a text in pieces has the value that it has as a whole, wherever it is cut", () => {
  fc.assert(
    fc.property(json, cuts, (all, places) => {
      const value = whole(all);
      expect(inPieces(cut(all, places))).toEqual(value);
      expect(inPieces(all.split(""))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test("a damaged text in pieces has the value or the error that it has as a whole", () => {
  const damage = fc.tuple(fc.nat(200), fc.nat(2), fc.string({ unit: fc.constantFrom(...'[]{}",:\\1 ') }));
  fc.assert(
    fc.property(json, damage, cuts, (all, [at, length, put], places) => {
      const damaged = all.slice(0, at) + put + all.slice(at + length);
      const expected = whole(damaged);
      expect(inPieces(cut(damaged, places))).toEqual(expected);
      expect(inPieces(damaged.split(""))).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  "",
  " \n",
  "<html>[{</html>",
  '{"data":[{"a":1}',
  '{"data":[[[[[[1]]]]]]',
  '{"data":[{]}',
  "[{},[],1]",
])("%j in pieces has the value or the error that it has as a whole", (all) => {
  expect(inPieces(all.split(""))).toEqual(whole(all));
});

test("the frame is the text without the elements that are read", () => {
  const reader = jsonReader(DEEPEST);
  reader.add(' {"data": [{"long": 1}, {"lo');
  expect(reader.frame()).toBe(' {"data": [[0], ');
});
