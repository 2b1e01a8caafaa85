import fc from "fast-check";
import { expect, test } from "vitest";
import { intent } from "../../test/ledger/fixtures.ts";
import type { Json } from "../model/json.ts";
import type { LedgerEntry, LedgerState } from "../model/ledger.ts";
import { formatLedger, parseLedger } from "./format.ts";
import { pieceReader } from "./format-pieces.ts";

const LINES = [
  '\n  "entries": {',
  '\n    "x',
  "\n    }",
  "},\n",
  "\n}",
  '"',
  "\\",
  "\r\n",
  "{",
  "}",
  ",",
  "é😀",
];
const text = fc.oneof(fc.string(), fc.constantFrom(...LINES));
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }),
  text,
) as fc.Arbitrary<Json>;
const object = fc.dictionary(fc.oneof(text, fc.constantFrom("__proto__", "entries")), json, { maxKeys: 4 });
const name = fc.stringMatching(/^[a-z0-9]{1,4}$/);
const entries: fc.Arbitrary<Readonly<Record<string, LedgerEntry>>> = fc
  .array(fc.tuple(name, object, object), { maxLength: 4 })
  .map((all) =>
    Object.fromEntries(
      all.map(([id, applied, observed]) => [`Tool/${id}`, { kind: "Tool", id, applied, observed }]),
    ),
  );
const state: fc.Arbitrary<LedgerState> = fc.record({
  lineage: fc.constant("l"),
  serial: fc.nat(),
  entries,
  account: text,
  intents: fc.constantFrom([intent("1"), { ...intent("2"), after: { "\n    }": "\n    }" } }]),
});

function readIn(pieces: readonly string[]): LedgerState | undefined {
  const reader = pieceReader();
  for (const piece of pieces) reader.add(piece);
  return reader.end("ledger");
}

function cut(whole: string, places: readonly number[]): readonly string[] {
  const ends = [...places.map((place) => place % (whole.length + 1)), whole.length].sort((a, b) => a - b);
  return ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
}

test("a written ledger is read piece by piece as it is read as a whole", () => {
  fc.assert(
    fc.property(state, fc.array(fc.nat()), (value, places) => {
      const whole = formatLedger(value);
      const found = readIn(cut(whole, places));
      expect(found ?? parseLedger(whole, "ledger")).toEqual(parseLedger(whole, "ledger"));
      const isLeft = Object.keys(value.entries).length === 0 || whole.includes("__proto__");
      if (!isLeft) expect(found).toBeDefined();
    }),
  );
});

test("of a damaged ledger, nothing is read that the whole text does not say", () => {
  const edit = fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.oneof(text, fc.constant("")));
  fc.assert(
    fc.property(state, fc.array(edit, { minLength: 1, maxLength: 3 }), (value, edits) => {
      const damaged = edits.reduce((whole, [place, length, other]) => {
        const at = place % (whole.length + 1);
        return whole.slice(0, at) + other + whole.slice(at + length);
      }, formatLedger(value));
      const found = readIn([damaged]);
      if (found !== undefined) expect(found).toEqual(parseLedger(damaged, "ledger"));
    }),
  );
});
