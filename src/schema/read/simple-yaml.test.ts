import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Finding } from "../../model/finding.ts";
import { sourceOf } from "../../model/source.ts";
import { parse } from "./parse.ts";
import { simpleDocuments } from "./simple-yaml.ts";

const REPOSITORY = resolve(import.meta.dirname, "../../..");

/** Whether the text is simple; then the parser of the whole language must find the same in it, and no mistake. */
function isReadAlike(text: string): boolean {
  const source = sourceOf("a.yaml", text);
  const documents = simpleDocuments(source);
  if (documents === undefined) return false;
  const findings: Finding[] = [];
  const exact = parse(source, (finding) => void findings.push(finding));
  const isAlike = isDeepStrictEqual(
    [documents, [], true, []],
    [exact.documents, findings, exact.whole, exact.comments],
  );
  expect(isAlike, `read in another way: ${JSON.stringify(text)}`).toBe(true);
  return true;
}

function manifestsBelow(folder: string): readonly string[] {
  return readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => readFileSync(join(REPOSITORY, folder, name), "utf8"))
    .filter((text) => text.length < 5000);
}

const CORPUS = [...manifestsBelow("examples"), ...manifestsBelow("test/scenarios/manifests")];

test("most manifests are simple, and are read like the parser of the whole language reads them", () => {
  const simple = CORPUS.filter(isReadAlike);
  expect(CORPUS.length).toBeGreaterThan(100);
  expect(simple.length).toBeGreaterThan(CORPUS.length * 0.6);
});

const KEYS = ["a", "b", "c", "a.b", "no", "true", "null", "x-y", '"q"', "'s'", '"a b"', "<<", "__proto__"];
const MORE_KEYS = [
  "1",
  "a b",
  "ä",
  "_",
  String.raw`"\u0041"`,
  "? a",
  "{a: 1}",
  "[a]",
  '"',
  "&x a",
  "!t a",
  "- a",
];
const PLAIN = [
  "",
  "x",
  "x y",
  "1",
  "-1",
  "1.50",
  "0x1F",
  "null",
  "~",
  "yes",
  "-",
  "--",
  "- x",
  "-x",
  "2024-01-01",
];
const MARKS = [
  "a: b",
  "a:b",
  "a:",
  "a::b",
  "x # c",
  "x #",
  "x#y",
  "# c",
  "x ",
  "@",
  "%x",
  "`",
  "*x",
  "&x y",
  "!t v",
];
const OTHER = [
  "---",
  "...",
  "http://x:80/a",
  ",",
  "x,",
  "]",
  "}",
  ": x",
  "x\ty",
  "\u00A0x",
  "x\u2028y",
  ".inf",
  "{{x}}",
];
const QUOTED = ['"t"', "'it''s'", "'a' b", '"a" # c', '"a"#c', '"x', "'x", '"a":b', '"x\u2028y"', "''", '""'];
const ESCAPED = ["n", "u00e9", "x41", "u0007", "ud83d", " ", "/", "u12"].map((one) => `"t\\${one}"`);
const FLOW = [
  "{}",
  "[]",
  "[ ]",
  "{ a: 1 }",
  "{a: 1}x",
  "{a: 1, b: [x, 'y']}",
  "[a, b,]",
  "[a: 1]",
  "[,]",
  "{a}",
  "{a: }",
];
const MORE_FLOW = [
  "[x y , z]",
  "[x # c]",
  "[-]",
  "[-1]",
  "[- 1]",
  '[a"b]',
  '{"a":1}',
  '{"a": 1}',
  "['a' 'b']",
  "[a:, b]",
];
const LITERAL = ["|", "|-", "|+", "|2", ">", "> # c", "| # c", "|  ", "|-  ", "|x"];
const VALUES = [...PLAIN, ...MARKS, ...OTHER, ...QUOTED, ...ESCAPED, ...FLOW, ...MORE_FLOW, ...LITERAL];

const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...KEYS.slice(0, 4)) },
  fc.constantFrom(...KEYS, ...MORE_KEYS),
);
const value = fc.oneof(fc.constantFrom("x", "1", "", "|", '"t"'), fc.constantFrom(...VALUES));
const content = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(key, fc.constantFrom(": ", ": ", ": ", ":", " : "), value)
      .map((parts) => parts.join("")),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom("- ", "-   ", "-"), value).map((parts) => parts.join("")) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom("- ", "-   "), key, value).map(([dash, a, b]) => `${dash}${a}: ${b}`),
  },
  fc.constantFrom("# c", "", "text", "---", "--- ", "--- x", "...", "%YAML 1.2"),
);
/** Each line is as deep as the one above, or a little more or less. */
const lines = fc.array(fc.tuple(fc.constantFrom(0, 0, 0, 2, 2, -2, -4, 1, -1), content), {
  minLength: 1,
  maxLength: 8,
});
const texts = fc
  .tuple(lines, fc.constantFrom("\n", "", "\n\n", "\n  ", "\n# c\n", "\r\n"))
  .map(([all, end]) => {
    let indent = 0;
    const indented = all.map(([change, line], index) => {
      indent = index === 0 ? 0 : Math.max(0, indent + change);
      return " ".repeat(indent) + line;
    });
    return indented.join("\n") + end;
  });

test("texts of all forms of lines are read alike, or are not simple", () => {
  let simple = 0;
  fc.assert(
    fc.property(texts, (text) => {
      if (isReadAlike(text)) simple++;
    }),
    { numRuns: 20_000 },
  );
  expect(simple).toBeGreaterThan(200);
});

const PIECES = [" ", "  ", "\n", ":", ": ", "-", "- ", "#", " #", "|", "{", "}", "[", "]", ",", '"', "'", "\\"];
const MORE_PIECES = [
  "a",
  "\t",
  "&",
  "*",
  "!",
  "%",
  "?",
  "~",
  "---",
  "\n\n",
  "\u00A0",
  "\uFEFF",
  "\u2028",
  "é",
  "\u0001",
];
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.constantFrom(0, 0, 1, 2, 40),
  added: fc.constantFrom("", ...PIECES, ...MORE_PIECES),
});

test("manifests with small changes are read alike, or are not simple", () => {
  let simple = 0;
  const edits = fc.array(edit, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.constantFrom(...CORPUS), edits, (text, changes) => {
      const changed = changes.reduce((before, { at, removed, added }) => {
        const start = Math.floor(at * before.length);
        return before.slice(0, start) + added + before.slice(start + removed);
      }, text);
      if (isReadAlike(changed)) simple++;
    }),
    { numRuns: 1500 },
  );
  expect(simple).toBeGreaterThan(100);
});

test.each([
  ["tabs", "a:\tb\n"],
  ["other line ends", "a: b\r\n"],
  ["a byte order mark", "\uFEFFa: b\n"],
  ["comments about diagnostics", "a: b # rollcall-ignore RC4001\n"],
  ["a key that is there twice", "a: b\na: c\n"],
  ["anchors", "a: &x b\nc: *x\n"],
  ["text on several lines", "a: b\n  c\n"],
  ["a number that JSON cannot hold", "a: .inf\n"],
  ["deep nesting", `a: ${"[".repeat(30)}${"]".repeat(30)}\n`],
  ["a file of more values than are counted", `a: [${"x, ".repeat(140_000)}]\n`],
  ["no document", "# nothing\n"],
])("%s: not simple", (_, text) => {
  expect(simpleDocuments(sourceOf("a.yaml", text))).toBeUndefined();
});
