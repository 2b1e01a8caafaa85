import { expect, test } from "vitest";
import { visible, visibleLines } from "./visible.ts";

test.each([
  ["an escape sequence", "\u001B[2J\u001B[1;31mred", "\\u001b[2J\\u001b[1;31mred"],
  ["a carriage return that would overwrite the line", "harmless\rPlan: 0 to add", "harmless\\rPlan: 0 to add"],
  ["backspaces", "abc\b\b\b", "abc\\b\\b\\b"],
  ["a line break", "a\nb", "a\\nb"],
  ["a tab", "a\tb", "a\\tb"],
  ["C1 controls", "a\u009B31mb\u0085", "a\\u009b31mb\\u0085"],
  ["line and paragraph separators", "a\u2028b\u2029c", "a\\u2028b\\u2029c"],
  ["bidirectional overrides", "user\u202Etxt.exe\u202C", "user\\u202etxt.exe\\u202c"],
  ["bidirectional isolates", "\u2066a\u2069", "\\u2066a\\u2069"],
  ["zero-width space", "pass\u200Bword", "pass\\u200bword"],
  ["byte order mark", "\uFEFFa", "\\ufeffa"],
  ["tags, which hide ASCII", "a\u{E0041}", "a\\u{e0041}"],
  ["half a surrogate pair", "a\uD83Db", "a\\ud83db"],
  ["the delete character", "a\u007F", "a\\u007f"],
])("%s is escaped", (_, text, expected) => {
  expect(visible(text)).toBe(expected);
});

test.each(["Línea en español", "日本語", "👩‍🔧 ❤️ 👍🏽", "{{caller_name}} → “quoted” … ½", "naïve e\u0301"])(
  "ordinary text is not changed: %s",
  (text) => {
    expect(visible(text)).toBe(text);
  },
);

test("a joiner is escaped between letters and kept between emoji", () => {
  expect(visible("a\u200Db")).toBe("a\\u200db");
  expect(visible("👩\u200D🔧")).toBe("👩\u200D🔧");
});

test("line breaks are kept", () => {
  expect(visibleLines("a\r\nb\n\nc")).toEqual(["a\\r", "b", "", "c"]);
});
