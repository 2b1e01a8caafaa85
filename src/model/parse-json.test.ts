import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "./json.ts";
import { parseJson } from "./parse-json.ts";

test("integers beyond the safe range keep every digit", () => {
  const text = '{"a":9007199254740993,"b":[-12345678901234567890],"c":9007199254740991,"d":1.5}';
  expect(parseJson(text)).toEqual({
    a: 9007199254740993n,
    b: [-12345678901234567890n],
    c: 9007199254740991,
    d: 1.5,
  });
  expect(stringify(parseJson(text))).toBe(text);
});

test("any JSON with integers of any size round-trips", () => {
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
      fc.string().map((text) => JSON.stringify(text)),
      fc.constantFrom("true", "false", "null"),
      fc.array(tie("tree")).map((items) => `[${items.join(",")}]`),
      fc
        .uniqueArray(
          fc.tuple(
            fc.string({ minLength: 1 }).filter((key) => !/^\d+$/.test(key)),
            tie("tree"),
          ),
          {
            selector: ([key]) => key,
          },
        )
        .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
    ),
  }));
  const comesBack = (text: unknown) => stringify(parseJson(String(text))) === text;
  fc.assert(fc.property(tree, comesBack));
});

test.each(['{"__proto__":{"polluted":1},"x":1}', '{"__proto__":{"polluted":1},"x":12345678901234567890}'])(
  "a key named __proto__ is an ordinary key: %s",
  (text) => {
    const value = parseJson(text);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.hasOwn(value as object, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(stringify(value)).toBe(text);
  },
);

test.each(["", "{", '{"a":1', '{"a":12345678901234567', "<html>", "[1e999]", '{"a":01}', "nul"])(
  "%s is not JSON",
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  },
);

test("deep nesting is an error, not a crash", () => {
  const deep = `${"[".repeat(200_000)}12345678901234567890${"]".repeat(200_000)}`;
  expect(() => parseJson(deep)).toThrow(SyntaxError);
});

test("ids with digits and letters do not need the slower parser", () => {
  const text = JSON.stringify({ id: "assistant-1e123456-0000-4e00-8e00-123456789012", n: 1e3 });
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test("brackets in strings do not count as nesting", () => {
  const pieces = fc.array(fc.constantFrom("\\", '"', "[", "{", "a"), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, pieces, (one, other) => {
      const value = { [one.join("")]: other.join("") };
      expect(parseJson(JSON.stringify(value), 1)).toEqual(value);
    }),
  );
});
