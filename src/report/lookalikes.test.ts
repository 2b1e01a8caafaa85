import fc from "fast-check";
import { expect, test } from "vitest";
import { lookAlike, toldApart, wordDiff } from "./words.ts";
import { wordSpans } from "./text/diff.ts";
import { textDiff } from "./text-diff.ts";

const PAIRS = [
  ["a composed letter and its pieces", "Café", "Cafe\u0301", "Café", "Cafe\\u0301"],
  ["Hangul and its pieces", "한", "한".normalize("NFD"), "한", "\\u1112\\u1161\\u11ab"],
  ["marks in another order", "q\u0323\u0307", "q\u0307\u0323", "q\u0323\u0307", "q\\u0307\\u0323"],
  ["a symbol and its letter", "10 Å", "10 \u212B", "10 Å", "10 \\u212b"],
  ["breaking and non-breaking spaces", "10 km", "10\u00A0km", "10 km", "10\\u00a0km"],
  ["scripts", "billing", "bill\u0456ng", "billing", "bill\\u0456ng"],
  ["hyphens", "front-desk", "front\u2011desk", "front-desk", "front\\u2011desk"],
] as const;

test.each(PAIRS)("%s look alike and are shown differently", (_, one, other, oneTold, otherTold) => {
  expect(lookAlike(one, other)).toBe(true);
  expect([toldApart(one), toldApart(other)]).toEqual([oneTold, otherTold]);
});

test.each([
  ["the same", "Café", "Café"],
  ["other letters", "Café", "Cafe"],
  ["another word", "Hi", "Hello"],
  ["one more space", "a b", "a  b"],
])("%s are not alike", (_, one, other) => {
  expect(lookAlike(one, other)).toBe(false);
});

test("texts that look alike are shown differently", () => {
  const letters = fc.constantFrom(
    ..."aeéе \u00A0\u2003\u0301\u0323\u0307-\u2011한\u1112\u1161\u11ab\\u01\u212B\u00C5A\u030A",
  );
  const text = fc.array(letters, { maxLength: 6 }).map((all) => all.join(""));
  fc.assert(
    fc.property(text, text, (one, other) => {
      fc.pre(one !== other);
      expect(toldApart(one)).not.toBe(lookAlike(one, other) ? toldApart(other) : "\0");
      expect(lookAlike(one, one.normalize("NFD"))).toBe(one !== one.normalize("NFD"));
    }),
    { numRuns: 2000 },
  );
});

test("a word is escaped only next to a word that looks the same", () => {
  const { before, after, common } = wordDiff("Visit our Café. привет", "Visit our Cafe\u0301. привет");
  expect(before.map(({ text }) => text).join("")).toBe("Visit our Café. привет");
  expect(after.map(({ text }) => text).join("")).toBe("Visit our Cafe\\u0301. привет");
  expect(common).toBe(1);
  const other = wordDiff("Cafe\u0301 a", "Cafe\u0301 b");
  expect(other.after.map(({ text }) => text).join("")).toBe("Cafe\u0301 b");
});

test("lines that look alike are paired", () => {
  const diff = textDiff(["Café", "x"], ["Cafe\u0301", "x"]);
  expect(diff.hunks[0]?.lines).toMatchObject([
    { type: "removed", words: [{ text: "Café", changed: true }] },
    { type: "added", words: [{ text: "Cafe\\u0301", changed: true }] },
    { type: "same" },
  ]);
});

test("changed spaces are marked also in colour", () => {
  const words = [
    { text: "no.", changed: false },
    { text: " ", changed: true },
  ];
  expect(wordSpans(words, "added", true).map(({ text }) => text)).toEqual(["no.", "{+ +}"]);
});
