import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, encode } from "./exact-json.ts";

test("integers keep their digits; other values are parsed like JSON", () => {
  const text =
    '{"a":[12345678901234567890,-98765432109876543210,1.5,1e3],"b":"1234567890123456789","c":{},"d":[]}';
  expect(decode(text)).toEqual({
    a: [12345678901234567890n, -98765432109876543210n, 1.5, 1000],
    b: "1234567890123456789",
    c: {},
    d: [],
  });
  expect(encode(decode(text))).toBe(text.replace("1e3", "1000"));
});

test("any JSON next to a long number is parsed as JSON.parse does", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const read = decode(`[${JSON.stringify(value)}, 12345678901234567890]`);
      expect(JSON.parse(encode(read))).toEqual(
        JSON.parse(JSON.stringify([value, Number("12345678901234567890")])),
      );
    }),
  );
});

test("text that is not JSON throws", () => {
  for (const text of ["", "{", "[1,]", "{'a':1}", "12345678901234567890,"])
    expect(() => decode(text)).toThrow(SyntaxError);
});
