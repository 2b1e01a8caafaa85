import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasLongWord, LONG_WORD } from "./form.ts";
import { FORMS } from "./forms.ts";

/** What only a form with short words may match is looked for in texts of any words. */
describe("a form that is looked for only in texts with a long word", () => {
  const forms = FORMS.filter(({ hasShortWords }) => hasShortWords !== true);

  test.each(forms)("matches nothing without one: $name, $hint", ({ pattern }) => {
    fc.assert(fc.property(fc.stringMatching(plain(pattern)), (secret) => hasLongWord(secret)));
  });
});

test("a long word is found in any text", () => {
  const piece = fc.oneof(fc.constantFrom(" ", "\n", "\t", "a", "é"), fc.string({ maxLength: 2 * LONG_WORD }));
  const text = fc.array(piece).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, (value) => {
      expect(hasLongWord(value)).toBe(new RegExp(`[^ \\t\\n\\v\\f\\r]{${LONG_WORD}}`).test(value));
    }),
  );
});

/** The pattern without what it says of the characters around: it matches the same texts, and more. */
function plain({ source, ignoreCase }: RegExp): RegExp {
  const text = source
    .replaceAll(/\(\?<?[=!](?:[^()[\]\\]|\\.|\[[^\]]*\])*\)/g, "")
    .replaceAll(String.raw`\b`, "")
    .replaceAll("(?<secret>", "(?:");
  return new RegExp(`^(?:${text})$`, ignoreCase ? "" : "");
}
