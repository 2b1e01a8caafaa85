import * as fc from "fast-check";
import { expect, test } from "vitest";
import { textDiff, type DiffLine } from "./text-diff.ts";
import { elided, wordDiff } from "./words.ts";

const plain = (line: DiffLine): string =>
  line.type === "same" ? line.text : line.words.map(({ text }) => text).join("");

test("a changed line is shown below its former line, with the changed words marked", () => {
  const diff = textDiff(
    ["Be kind.", "Refund up to $20.", "Bye."],
    ["Be kind.", "Refund up to $50, once.", "Bye."],
  );
  expect(diff).toEqual({
    added: 1,
    removed: 1,
    skipped: 0,
    hunks: [
      {
        skipped: 0,
        lines: [
          { type: "same", before: 1, after: 1, text: "Be kind." },
          {
            type: "removed",
            before: 2,
            words: [
              { text: "Refund up to ", changed: false },
              { text: "$20", changed: true },
              { text: ".", changed: false },
            ],
          },
          {
            type: "added",
            after: 2,
            words: [
              { text: "Refund up to ", changed: false },
              { text: "$50, once", changed: true },
              { text: ".", changed: false },
            ],
          },
          { type: "same", before: 3, after: 3, text: "Bye." },
        ],
      },
    ],
  });
});

test("lines that have little in common are not paired", () => {
  const [hunk] = textDiff(["Speak only English."], ["When the caller is angry, apologise once."]).hunks;
  expect(
    hunk?.lines.map((line) => [line.type, line.type !== "same" && line.words.some(({ changed }) => changed)]),
  ).toEqual([
    ["removed", false],
    ["added", false],
  ]);
});

test("long unchanged stretches are left out and counted", () => {
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`);
  const diff = textDiff(
    lines,
    lines.map((line) => (line === "line 10" || line === "line 40" ? `${line}!` : line)),
  );
  expect(diff.hunks.map(({ skipped, lines: { length } }) => [skipped, length])).toEqual([
    [7, 6],
    [25, 6],
  ]);
  expect(diff.skipped).toBe(8);
});

test("a gap of one line is shown, not folded", () => {
  const diff = textDiff(["a", "1", "2", "3", "4", "5", "b"], ["A", "1", "2", "3", "4", "5", "B"]);
  expect(diff.hunks).toHaveLength(1);
});

test("two very long texts without a common line are shown completely", () => {
  const of = (word: string) => Array.from({ length: 6000 }, (_, index) => `${word} ${index}`);
  const diff = textDiff(of("old"), of("new"));
  expect([diff.removed, diff.added]).toEqual([6000, 6000]);
});

test("amounts, times and hyphenated words are compared as one word", () => {
  expect(
    wordDiff(
      "from 9:30 in the morning, for $1.50 a piece, with a check-up",
      "from 9:45 in the morning, for $2.50 a piece, with a check-in",
    ).after.filter(({ changed }) => changed),
  ).toEqual([
    { text: "9:45", changed: true },
    { text: "$2.50", changed: true },
    { text: "check-in", changed: true },
  ]);
});

test("text without spaces is compared character by character", () => {
  expect(wordDiff("営業時間は九時から", "営業時間は十時から").after).toEqual([
    { text: "営業時間は", changed: false },
    { text: "十", changed: true },
    { text: "時から", changed: false },
  ]);
});

test("a very long line keeps its changed words and the text next to them", () => {
  const filler = "word ".repeat(100);
  const { after } = wordDiff(`${filler}old ${filler}`, `${filler}new ${filler}`);
  const text = elided(after, 20)
    .map((word) => word.text)
    .join("|");
  expect(text).toContain("|new|");
  expect(text.length).toBeLessThan(60);
});

const line = fc.oneof(
  fc.constantFrom("", "a", "b", "a b c", "a b d", "x y z"),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll("\n", "")),
);

test("a complete diff contains both texts, in order and with correct numbers", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(line, { maxLength: 12 }), (before, after) => {
      const lines = textDiff(before, after, 1000).hunks.flatMap((hunk) => hunk.lines);
      if (before.length === after.length && before.every((text, index) => text === after[index])) {
        expect(lines).toEqual([]);
        return;
      }
      expect(lines.filter(({ type }) => type !== "added").map(plain)).toEqual(before);
      expect(lines.filter(({ type }) => type !== "removed").map(plain)).toEqual(after);
      for (const one of lines) {
        if (one.type !== "added") expect(before[one.before - 1]).toBe(plain(one));
        if (one.type !== "removed") expect(after[one.after - 1]).toBe(plain(one));
      }
    }),
  );
});

test("a word diff contains both lines", () => {
  const text = (words: readonly { readonly text: string }[]) => words.map((word) => word.text).join("");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (before, after) => {
      const diff = wordDiff(before, after);
      expect([text(diff.before), text(diff.after)]).toEqual([before, after]);
    }),
  );
});
