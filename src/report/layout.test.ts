import * as fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { columns, cut, lineWidth, wrap } from "./layout.ts";

test.each([
  ["plain", 5],
  ["日本", 4],
  ["e\u0301", 1],
  ["👍", 2],
  ["👍🏽", 2],
  ["👨‍👩‍👧‍👦", 2],
  ["🇩🇪", 2],
  ["❤️", 2],
  ["1️⃣", 2],
  ["한국", 4],
  ["ｶ", 1],
  ["a\u200Db", 2],
])("%s takes %i columns", (text, expected) => {
  expect(columns(text)).toBe(expected);
});

test("characters that are counted without a closer look take one column each", () => {
  const codes = Array.from({ length: 0x300 - 0x20 }, (_, index) => 0x20 + index);
  const texts = codes.map((code) => String.fromCharCode(code));
  expect(texts.filter((text) => columns(text) !== stringWidth(text))).toEqual([]);
});

test("cut text ends with an ellipsis and fits", () => {
  expect(cut("Hello, how can I help?", 10)).toBe("Hello, ho…");
  expect(cut("short", 10)).toBe("short");
  expect(columns(cut("日本語日本語", 6))).toBeLessThanOrEqual(6);
});

test("a grapheme is not split", () => {
  expect(cut("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 5)).toBe("👨‍👩‍👧‍👦👨‍👩‍👧‍👦…");
  expect(cut("🇩🇪🇫🇷🇪🇸", 4)).toBe("🇩🇪…");
});

test("wrapped lines fit and lose nothing", () => {
  const span = fc.record({ text: fc.string({ unit: "grapheme", maxLength: 60 }) });
  fc.assert(
    fc.property(fc.array(span, { maxLength: 5 }), fc.integer({ min: 8, max: 40 }), (line, width) => {
      const rows = wrap(line, width);
      const text = rows.map((row) => row.map((piece) => piece.text).join("")).join("");
      expect(text).toBe(line.map((piece) => piece.text).join(""));
      for (const row of rows) {
        const all = row
          .map((piece) => piece.text)
          .join("")
          .trimEnd();
        expect(lineWidth([{ text: all }])).toBeLessThanOrEqual(width);
      }
    }),
  );
});
