import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { equal, sorted, stringify, type Json, type JsonObject } from "../model/json.ts";
import { intent } from "../../test/ledger/fixtures.ts";
import type { LedgerState } from "../model/ledger.ts";
import { formatLedger, parseLedger } from "./format.ts";

const STATE: LedgerState = {
  lineage: "l",
  serial: 3,
  entries: {
    "Tool/b": {
      kind: "Tool",
      id: "2",
      applied: { z: 1, a: [1, 2] },
      observed: {},
      versionId: "v",
      protect: true,
    },
    "Tool/a": { kind: "Tool", id: "1", applied: {}, observed: {} },
  },
};

test("the text is stable: sorted keys, one value per line, a final line ending", () => {
  const text = formatLedger(STATE);
  expect(text.split("\n").slice(0, 12)).toEqual([
    "{",
    expect.stringMatching(/^ {2}"checksum": "[0-9a-f]{64}",$/),
    '  "entries": {',
    '    "Tool/a": {',
    '      "applied": {},',
    '      "id": "1",',
    '      "kind": "Tool",',
    '      "observed": {}',
    "    },",
    '    "Tool/b": {',
    '      "applied": {',
    '        "a": [',
  ]);
  expect(text.endsWith('"format": 3,\n  "lineage": "l",\n  "serial": 3\n}\n')).toBe(true);
});

test("values kept in memory between commits do not change the text", () => {
  const intents = ["2", "1"].map((id) => Object.assign(intent(id), { after: { text: "a\nb", list: [] } }));
  for (const state of [STATE, { ...STATE, intents }, { ...STATE, intents: intents.slice(1) }]) {
    const anew = formatLedger(structuredClone(state));
    expect(formatLedger(state)).toBe(anew);
    expect(anew).toBe(`${stringify(sorted(JSON.parse(anew)), 2)}\n`);
    expect(parseLedger(anew, "ledger")).toEqual(state);
  }
});

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }),
) as fc.Arbitrary<Json>;
const object = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor")), json);

test("a written ledger is read back, whatever the objects contain", () => {
  fc.assert(
    fc.property(object, object, fc.option(fc.string(), { nil: undefined }), (applied, observed, versionId) => {
      const entry = { kind: "Tool", id: "1", applied, observed, versionId };
      const state = { lineage: "l", serial: 1, entries: { "Tool/x": entry } } as unknown as LedgerState;
      const { versionId: _, ...without } = entry;
      const kept = versionId === undefined ? { ...state, entries: { "Tool/x": without } } : state;
      const read = parseLedger(formatLedger(state), "ledger") as unknown as JsonObject;
      return equal(JSON.stringify(read, digits), JSON.stringify(kept, digits));
    }),
    { numRuns: 300 },
  );
});

/** Sorted: the order of keys does not count. An integer that no double holds for certain is read digit for digit. */
function digits(_: string, value: unknown): unknown {
  const isLong = typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(String(value));
  if (isLong) return `${value}n`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value).sort();
  return keys.map((key) => [key, (value as Readonly<Record<string, unknown>>)[key]]);
}

test("a text that is truncated anywhere is refused", () => {
  const text = formatLedger(STATE);
  for (let end = 0; end < text.length - 2; end += 1) {
    expect(() => parseLedger(text.slice(0, end), "ledger"), `${end}`).toThrow(/cannot be read/);
  }
});

test("a change of any letter or digit is noticed", () => {
  const text = formatLedger(STATE);
  for (let at = 0; at < text.length; at += 1) {
    const old = text[at] ?? "";
    if (!/[A-Za-z0-9]/.test(old)) continue;
    const spoilt = text.slice(0, at) + (old === "7" ? "8" : "7") + text.slice(at + 1);
    expect(() => parseLedger(spoilt, "ledger"), spoilt.slice(at - 20, at + 5)).toThrow();
  }
});

test.each([
  ["an entry without an id", { entries: { "Tool/a": { kind: "Tool", applied: {}, observed: {} } } }],
  [
    "an entry whose fields are a list",
    { entries: { "Tool/a": { kind: "Tool", id: "1", applied: [], observed: {} } } },
  ],
  [
    "an entry whose version is not a string",
    { entries: { "Tool/a": { ...STATE.entries["Tool/a"], versionId: 1 } } },
  ],
  ["an entry whose key is not an address", { entries: { tool: STATE.entries["Tool/a"] } }],
  ["an intent that is null", { intents: [null] }],
  ["an intent without a step", { intents: [{ ...intent("a"), step: null }] }],
  ["an intent with an unknown action", { intents: [{ ...intent("a"), action: "toString" }] }],
  ["an intent that clears no paths", { intents: [{ ...intent("a"), clears: [1] }] }],
  ["a serial that is not a number", { serial: "3" }],
])("%s is refused even with a matching checksum", (_, part) => {
  const text = formatLedger(STATE);
  const { checksum: _checksum, ...body } = { ...JSON.parse(text), ...part } as JsonObject;
  const checksum = createHash("sha256")
    .update(stringify(sorted(body)))
    .digest("hex");
  expect(() => parseLedger(stringify({ checksum, ...body }), "ledger")).toThrow(
    /ledger cannot be read: lineage, serial or entries are missing/,
  );
});
