import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFlow } from "./flow.ts";
import { columns } from "./layout.ts";

function flowed(width: number, ...pieces: readonly string[]): string {
  const flow = createFlow(() => width);
  return pieces.map((piece) => flow.add(piece)).join("") + flow.end();
}

test.each<[string, string, readonly string[]]>([
  ["between words", "We open at\nnine.\n", ["We open", " at ni", "ne."]],
  ["at the end of a line, without the space", "0123456789\nabc\n", ["0123456789 abc"]],
  ["inside a word that is longer than a line", "a 01234567\n890123\n", ["a 01234567890123"]],
  ["at line endings, also at split ones", "a\n\nb\n", ["a\r", "\n\r\nb"]],
  ["with the indent of a line", "a\n  b\n", ["a\n", "  b\n"]],
  ["by columns, not by characters", "日本語です\nね\n", ["日本語ですね"]],
])("a text is broken %s", (_, expected, pieces) => {
  expect(flowed(10, ...pieces)).toBe(expected);
});

describe("hidden characters are written out", () => {
  test.each([
    ["an escape sequence", ["a\u001b", "[2Jb"], "a\\u001b[2Jb\n"],
    ["a carriage return", ["good\rbad"], "good\\rbad\n"],
    ["an override", ["\u202eabc"], "\\u202eabc\n"],
    ["a backspace", ["a\bb"], "a\\bb\n"],
  ])("%s", (_, pieces, expected) => {
    expect(flowed(40, ...pieces)).toBe(expected);
  });
});

test("the output does not depend on how the text is split, and no line is too long", () => {
  const text = fc.array(
    fc.constantFrom("a", "bc ", " ", "\n", "\r\n", "\t", "日", "🌙", "\u001b[2J", "wordword"),
  );
  fc.assert(
    fc.property(text, fc.nat(), (parts, at) => {
      const whole = parts.join("");
      const cut = whole.length === 0 ? 0 : at % whole.length;
      const once = flowed(12, whole);
      expect(flowed(12, ...whole)).toBe(once);
      expect(flowed(12, whole.slice(0, cut), whole.slice(cut))).toBe(once);
      for (const line of once.split("\n")) expect(columns(line)).toBeLessThanOrEqual(12);
    }),
    {
      examples: [
        [["\t", "wordword", "a", "日", "\r\n"], 0],
        [["bc ", "wordword", "🌙", "a"], 0],
      ],
    },
  );
});
