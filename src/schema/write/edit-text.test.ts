import fc from "fast-check";
import { stringify as yaml } from "yaml";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../model/json.ts";
import { editedText } from "./edit-text.ts";
import type { Edit } from "./edits.ts";
import { specEdits, type SpecEdit } from "./structure.ts";
import { yamlText, type YamlText } from "./yaml-text.ts";

function sound(text: string): YamlText {
  const found = yamlText(text);
  if (found === undefined) throw new Error(`not sound:\n${text}`);
  return found;
}

/** The text with its one document made `after`; `undefined` where a change cannot be written. */
function changed(text: string, after: Json): string | undefined {
  let here: YamlText | undefined = sound(text);
  const before = here.values[0] ?? null;
  const order = ({ do: what, path }: SpecEdit) => (what === "arrange" ? 1 / (1 + path.length) + 1 : 0);
  for (const change of [...specEdits(before, after, {})].sort((a, b) => order(a) - order(b))) {
    const { path, ...rest } = change;
    here = here && editedText(here, { document: 0, way: path, ...rest } as Edit);
  }
  return here?.text;
}

const lines = (...all: readonly string[]) => `${all.join("\n")}\n`;

describe("a value is replaced in place", () => {
  test.each<[string, string, Json, string]>([
    ["plain text", "a: old # why\nb: 1\n", { a: "new", b: 1 }, "a: new # why\nb: 1\n"],
    ["a number", "a: 1.50\nb: 0x10\n", { a: 2, b: 16 }, "a: 2\nb: 0x10\n"],
    ["a boolean", "a: { b: true, c: 1 }\n", { a: { b: false, c: 1 } }, "a: { b: false, c: 1 }\n"],
    ["double quotes", 'a: "x: y" # c\n', { a: 'say "hi"' }, 'a: "say \\"hi\\"" # c\n'],
    ["single quotes", "a: 'it''s'\n", { a: "it's not" }, "a: 'it''s not'\n"],
    ["single quotes that cannot contain the value", "a: 'x'\n", { a: "x\ty" }, 'a: "x\\ty"\n'],
    ["text that looks like a number", "a: x\n", { a: "12" }, 'a: "12"\n'],
    ["text that is a boolean in YAML 1.1", "a: x\n", { a: "yes" }, 'a: "yes"\n'],
    ["text that would begin a comment", "a: x\n", { a: "x # y" }, 'a: "x # y"\n'],
    ["text with a colon", "a: x\n", { a: "b: c" }, 'a: "b: c"\n'],
    ["text between brackets", "a: [x, y]\n", { a: ["x, z", "y"] }, 'a: ["x, z", y]\n'],
    ["text that becomes several lines", "a: x\nb: 1\n", { a: "x\ny\n", b: 1 }, "a: |\n  x\n  y\nb: 1\n"],
    ["nothing", "a: x\nb: 1\n", { a: null, b: 1 }, "a: null\nb: 1\n"],
    ["an absent value", "a:\nb: 1\n", { a: "x", b: 1 }, "a: x\nb: 1\n"],
    ["a text by a mapping", "a: x # c\nb: 1\n", { a: { c: { d: 1 } }, b: 1 }, "a: # c\n  c:\n    d: 1\nb: 1\n"],
    ["a mapping by a text", "a:\n  c: 1\n  d: 2\nb: 1\n", { a: "x", b: 1 }, "a: x\nb: 1\n"],
    ["a reference by an id", "a:\n  - { ref: K/n }\n", { a: ["id-1"] }, "a:\n  - id-1\n"],
    [
      "an id by a reference",
      "a:\n  - id: x # c\n",
      { a: [{ id: { ref: "K/n" } }] },
      "a:\n  - id: { ref: K/n } # c\n",
    ],
    ["a big number", "a: 1\n", { a: 12345678901234567890n }, "a: 12345678901234567890\n"],
  ])("%s", (_, before, after, wanted) => {
    expect(changed(before, after)).toBe(wanted);
  });
});

describe("blocks of text", () => {
  test.each<[string, string, Json, string]>([
    [
      "a line of a literal block",
      "a: |  # why\n    one\n\n    two\nb: 1\n",
      { a: "one\n\n2\n", b: 1 },
      "a: |  # why\n    one\n\n    2\nb: 1\n",
    ],
    ["the end of a literal block", "a: |\n  one\nb: 1\n", { a: "one", b: 1 }, "a: |-\n  one\nb: 1\n"],
    ["more lines at its end", "a: |\n  one\nb: 1\n", { a: "one\n\n", b: 1 }, "a: |+\n  one\n\nb: 1\n"],
    ["the last value of a file without a line end", "a: |-\n  one", { a: "two" }, "a: |-\n  two"],
    [
      "words in a folded block: lines above and below are kept",
      "a: >-\n  one two\n  three four\n  five six\nb: 1\n",
      { a: "one two three 4 five six", b: 1 },
      "a: >-\n  one two\n  three 4\n  five six\nb: 1\n",
    ],
    [
      "a paragraph of a folded block",
      "a: >\n  one\n  two\n\n  three\nb: 1\n",
      { a: "one two\nthree and a half\n", b: 1 },
      "a: >\n  one\n  two\n\n  three and a half\nb: 1\n",
    ],
    ["text with indented lines, from a folded block", "a: >-\n  x\n", { a: "x\n  y" }, "a: |-\n  x\n    y\n"],
    ["text that begins with a space", "a: |-\n  x\nb: 1\n", { a: " x\ny", b: 1 }, 'a: " x\\ny"\nb: 1\n'],
    ["an empty text", "a: |\n  x\n\nb: 1\n", { a: "", b: 1 }, 'a: ""\n\nb: 1\n'],
    ["a block in a list", "a:\n- |\n   one\n- x\n", { a: ["two\n", "x"] }, "a:\n- |\n   two\n- x\n"],
  ])("%s", (_, before, after, wanted) => {
    expect(changed(before, after)).toBe(wanted);
  });
});

describe("members and elements are added, removed and moved", () => {
  test.each<[string, string, Json, string]>([
    [
      "a member is removed with its comment",
      lines("a:", "  # about b", "  b: 1", "", "  # about c", "  c: 2", "d: 3"),
      { a: { b: 1 }, d: 3 },
      lines("a:", "  # about b", "  b: 1", "d: 3"),
    ],
    [
      "a comment about more than the element is kept",
      lines("a:", "  - x", "", "  # The office.", "", "  # y, really", "  - y", "  - z"),
      { a: ["x", "z"] },
      lines("a:", "  - x", "", "  # The office.", "", "  - z"),
    ],
    [
      "the first element is removed",
      lines("a:", "  - x # c", "", "  - y", "b: 1"),
      { a: ["y"], b: 1 },
      lines("a:", "  - y", "b: 1"),
    ],
    [
      "the last element is removed",
      lines("a: # c", "  - x", "b: 1"),
      { a: [], b: 1 },
      lines("a: # c", "  []", "b: 1"),
    ],
    [
      "the first member of an element is removed",
      lines("a:", "  - b: 1", "    c: 2", "  - d: 1"),
      { a: [{ c: 2 }, { d: 1 }] },
      lines("a:", "  - c: 2", "  - d: 1"),
    ],
    [
      "an element with comments below it",
      lines("a:", "  - b: 1", "    # still about b", "  - d: 1", "  # the end"),
      { a: [{ d: 1 }] },
      lines("a:", "  - d: 1", "  # the end"),
    ],
    [
      "elements are moved with their comments",
      lines("a:", "  # x", "  - x", "  # y", "  - y"),
      { a: ["y", "x"] },
      lines("a:", "  # y", "  - y", "  # x", "  - x"),
    ],
    [
      "elements separated by empty lines stay separated",
      lines("a:", "  - b: 1", "", "  - b: 2", "c: 3"),
      { a: [{ b: 1 }, { b: 2 }, { b: 3, d: { e: [1, 2] } }], c: 3 },
      lines("a:", "  - b: 1", "", "  - b: 2", "", "  - b: 3", "    d:", "      e: [1, 2]", "c: 3"),
    ],
    [
      "elements in brackets stay in brackets",
      lines("a:", "- { ref: K/a }", "- { ref: K/b } # b"),
      { a: [{ ref: "K/a" }, { ref: "K/b" }, { ref: "K/c" }] },
      lines("a:", "- { ref: K/a }", "- { ref: K/b } # b", "- { ref: K/c }"),
    ],
    ["brackets", "a: [ x, y ,z ] # c\n", { a: ["x", "z", "w"] }, "a: [ x, z, w ] # c\n"],
    ["empty brackets", "a: []\nb: {}\n", { a: ["x"], b: { c: 1 } }, "a: [x]\nb: { c: 1 }\n"],
    ["brackets that become empty", "a: [x]\nb: { c: 1 }\n", { a: [], b: {} }, "a: []\nb: {}\n"],
    [
      "brackets on several lines",
      lines("a: [", "  x, # one", "  y,", "]"),
      { a: ["x", "y", "z"] },
      lines("a: [", "  x, # one", "  y,", "  z,", "]"),
    ],
    [
      "brackets with comments, one element less",
      lines("a: [ # all", "  x, # one", "  # about y", "  y, # two", "  z # three", "  # the end", "]"),
      { a: ["x", "z"] },
      lines("a: [ # all", "  x, # one", "  z # three", "  # the end", "]"),
    ],
    [
      "brackets with comments, without the last element",
      lines("a: [", "  x, # one", "  y # two", "]"),
      { a: ["x"] },
      lines("a: [", "  x # one", "]"),
    ],
    [
      "brackets with comments, in another order and with a new element",
      lines("a: [x, y, # two", "  # about z", "  z]"),
      { a: ["z", "x", "y", "w"] },
      lines("a: [", "  # about z", "  z,", "  x, y, # two", "  w]"),
    ],
    [
      "braces with comments",
      lines("a: {", "  b: 1, # one", "  c: 2, # two", "}"),
      { a: { c: 2, d: 3 } },
      lines("a: {", "  c: 2, # two", "  d: 3,", "}"),
    ],
    [
      "a list of lists",
      lines("a:", "  - - x", "    - v", "  - - z"),
      { a: [["v"], ["z", "w"]] },
      lines("a:", "  - - v", "  - - z", "    - w"),
    ],
    [
      "a new member at the end of its mapping",
      lines("a:", "  b: |", "    x", "", "c: 1"),
      { a: { b: "x\n", d: "v" }, c: 1 },
      lines("a:", "  b: |", "    x", "  d: v", "", "c: 1"),
    ],
  ])("%s", (_, before, after, wanted) => {
    expect(changed(before, after)).toBe(wanted);
  });

  test("line endings are kept", () => {
    const text = "a:\r\n  - x\r\n  # c\r\n  - y\r\nb: |\r\n  one\r\n  two\r\n";
    expect(changed(text, { a: ["y", "z"], b: "one\n2\n" })).toBe(
      "a:\r\n  # c\r\n  - y\r\n  - z\r\nb: |\r\n  one\r\n  2\r\n",
    );
  });

  test("other documents of the file are not touched", () => {
    const text = "# one\na: 1\n---\n# two\nb: 1\n...\n";
    expect(editedText(sound(text), { document: 1, way: ["b"], do: "replace", value: 2 })?.text).toBe(
      "# one\na: 1\n---\n# two\nb: 2\n...\n",
    );
  });

  test("an edit that would change something else is refused", () => {
    const shared = sound("a: &x 1\nb: *x\n");
    expect(editedText(shared, { document: 0, way: ["a"], do: "replace", value: 2 })).toBeUndefined();
    const control = sound("a: 1\n");
    expect(editedText(control, { document: 0, way: ["a"], do: "replace", value: "\u0007" })).toBeUndefined();
  });
});

const leaf: fc.Arbitrary<Json> = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 12 }),
  fc.constantFrom(
    "yes",
    "- x",
    "a: b",
    "#",
    "",
    " x",
    "x ",
    "|",
    "1",
    "null",
    "{a}",
    "[",
    "a\nb",
    "a\n\nb\n",
    "'",
    '"',
  ),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

const { value } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    tie("object"),
  ),
  object: fc.dictionary(fc.constantFrom("a", "b", "c", "d e", "12", "yes"), tie("value"), { maxKeys: 4 }),
}));

test("any document can be edited to any value", () => {
  const style = fc.record({
    collectionStyle: fc.constantFrom("any" as const, "flow" as const, "block" as const),
    defaultStringType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "QUOTE_SINGLE" as const),
    indent: fc.constantFrom(2, 4),
    indentSeq: fc.boolean(),
  });
  const pair = fc.tuple(value, value).map(
    ([a, b]) =>
      [
        { root: a, stays: "x" },
        { root: b, stays: "x" },
      ] as const,
  );
  fc.assert(
    fc.property(pair, style, ([before, after], options) => {
      const text = yaml(before, options);
      fc.pre(yamlText(text) !== undefined);
      const result = changed(text, after);
      expect(result && sound(result).values).toEqual([after]);
    }),
    { numRuns: 500 },
  );
});

test("a member is added above a text that ends with empty lines", () => {
  const before = "a:\n  b: |+\n    x\n\n\nc: 1\n";
  expect(changed(before, { a: { b: "x\n\n\n", d: 2 }, c: 1 })).toBe("a:\n  d: 2\n  b: |+\n    x\n\n\nc: 1\n");
});

test.each([
  ["a line of blanks", "x\n   \ny\n"],
  ["a line of blanks at its end", "x\n \n"],
  ["a line of a tab", "x\n\t\n"],
  ["characters without a shape", "x\uFEFF\n\uFEFF"],
])("a new text with %s is read back", (_, text) => {
  for (const value of [text, { inner: text }, [{ inner: text }, { inner: "next" }]]) {
    const result = changed("a: 1\n", { a: 1, b: value });
    expect(result && sound(result).values).toEqual([{ a: 1, b: value }]);
  }
});
