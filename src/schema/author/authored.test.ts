import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json, JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { loadProject } from "../load.ts";
import { authored } from "./authored.ts";
import type { AuthoredFile, Layout, ManifestDraft } from "./draft.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "authored-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NONE: ReadonlySet<string> = new Set();

function write(files: readonly AuthoredFile[]): void {
  rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function loaded(files: readonly AuthoredFile[], of: readonly Kind[]) {
  write(files);
  const project = await loadProject({
    path: folder,
    env: {},
    kinds: new Map(of.map((kind) => [kind.kind, kind])),
  });
  return {
    diagnostics: project.diagnostics.map(({ code, message, range }) => `${code} ${range?.file}: ${message}`),
    specs: Object.fromEntries(project.resources.map(({ address, spec }) => [address, spec])),
  };
}

/** A kind that takes any text and any content. */
const note: Kind = {
  kind: "Note",
  description: "A note.",
  nouns: { one: "note", many: "notes" },
  schema: {
    type: "object",
    properties: {
      title: { type: "string" },
      text: { type: "string", "x-multiline": true },
      main: { type: "string", "x-multiline": true },
      parts: {
        type: "array",
        items: {
          type: "object",
          properties: { id: { type: "string" }, text: { type: "string", "x-multiline": true } },
          additionalProperties: false,
        },
      },
      other: { type: ["object", "string"], properties: { ref: { type: "string" } }, "x-reference": ["Note"] },
      free: { type: "object", additionalProperties: true },
    },
    additionalProperties: false,
  },
  identity: {},
  references: [{ at: "/other", to: "Note" }],
  fields: {
    "/text": { multiline: true },
    "/main": { multiline: true },
    "/parts": { keyedBy: ["/id"] },
    "/parts/*/text": { multiline: true },
    "/free/*": { whole: true },
  },
  files: { folder: "notes", text: "/main" },
};

const draft = (name: string, spec: JsonObject, more: Partial<ManifestDraft> = {}): ManifestDraft => ({
  address: `Note/${name}`,
  kind: note,
  spec,
  ...more,
});

/** Pieces with a meaning for YAML, for manifests, or for people. */
const PIECES = [
  "a",
  "word",
  " ",
  "  ",
  "\n",
  "\n\n",
  "\t",
  "\r\n",
  "---\n",
  "---",
  "...\n",
  "# ",
  " #",
  ": ",
  ":",
  "- ",
  "? ",
  "|",
  ">",
  "&a",
  "*a",
  "!x",
  "%",
  "@",
  "`",
  '"',
  "'",
  "\\",
  "\\n",
  "[",
  "]",
  "{",
  "}",
  ",",
  "${",
  "$${",
  "$",
  "${var.x}",
  "{{name}}",
  "{{",
  "<<",
  "~",
  "null",
  "yes",
  "no",
  "on",
  "off",
  "true",
  "007",
  "1.10",
  "1e3",
  "0x1F",
  "+1",
  "2024-01-01",
  ".inf",
  "-",
  "é",
  "e\u0301",
  "😀",
  "👩‍👩‍👧",
  "\u0085",
  "\u2028",
  "\uFEFF",
  "\u00A0",
  "\u200B",
  "x".repeat(90),
];

const nasty = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(""));
const key = nasty.filter((text) => !text.includes("${var."));

const free: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    nasty,
    fc.constantFrom<Json[]>(null, true, false, 0, -1, 1.5, 1e21, 1e-7, 12345678901234567890n),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
})).value;

const spec = fc.record(
  {
    title: nasty,
    text: nasty,
    main: nasty,
    parts: fc.uniqueArray(fc.record({ id: nasty, text: nasty }, { requiredKeys: ["id"] }), {
      maxLength: 3,
      selector: ({ id }) => id,
    }),
    free: fc.dictionary(key, free, { maxKeys: 4 }),
  },
  { requiredKeys: [] },
);

test.each<Layout>(["split", "single"])("written manifests round-trip in the layout %s", async (layout) => {
  await fc.assert(
    fc.asyncProperty(fc.array(spec, { minLength: 1, maxLength: 3 }), async (specs) => {
      const drafts = specs.map((one, index) => draft(`n${index}`, one));
      const result = await loaded(authored(drafts, { layout, taken: NONE }), [note]);
      expect(result.diagnostics).toEqual([]);
      expect(result.specs).toEqual(Object.fromEntries(drafts.map((one) => [one.address, one.spec])));
    }),
    { numRuns: 60 },
  );
});

const only = (spec: JsonObject, layout: Layout = "split") =>
  authored([draft("a", spec)], { layout, taken: NONE }).map(({ path, text }) => [path, text]);
const header = "apiVersion: rollcall.dev/v1\nkind: Note\nmetadata:\n  name: a\n";

test("the main text and each long text have their own file, named after the element", () => {
  const long = "One line of many.\n".repeat(30);
  const files = only({
    main: "Short.",
    text: long,
    parts: [
      { id: "One/Two", text: long },
      { id: "b", text: "x\ny" },
    ],
  });
  expect(files).toEqual([
    [
      "notes/a.yaml",
      `${header}spec:
  text: { file: ../prompts/a-text.md }
  main: { file: ../prompts/a.md }
  parts:
    - id: One/Two
      text: { file: ../prompts/a-one-two-text.md }
    - id: b
      text: |-
        x
        y
`,
    ],
    ["prompts/a.md", "Short.\n"],
    ["prompts/a-text.md", `${long}\n`],
    ["prompts/a-one-two-text.md", `${long}\n`],
  ]);
});

test("the layout single puts everything into one file", () => {
  expect(only({ main: "Long.\n".repeat(30) }, "single").map(([path]) => path)).toEqual(["manifests.yaml"]);
});

test.each([
  ["no text", "", '""'],
  ["blanks alone", " \n ", '" \\n "'],
  ["a lone carriage return", "a\rb", '"a\\rb"'],
  ["a carriage return at the end", "a\r", '"a\\r"'],
  ["a mark of the byte order", "\uFEFFa", '"\\ufeffa"'],
])("%s stays in the manifest", (_, main, written) => {
  expect(only({ main })).toEqual([["notes/a.yaml", `${header}spec:\n  main: ${written}\n`]]);
});

test("a text that is too large for a file stays in the manifest", () => {
  expect(only({ main: "x".repeat(256 * 1024) })).toHaveLength(1);
  expect(only({ main: "x".repeat(256 * 1024 - 1) })).toHaveLength(2);
});

test("Windows line endings are kept in a file", () => {
  expect(only({ main: "a\r\nb" })[1]).toEqual(["prompts/a.md", "a\r\nb\n"]);
});

test.each<[string, Json, string]>([
  ["plain text", "front desk", "front desk"],
  ["a colon and a blank", "a: b", '"a: b"'],
  ["text that is a number", "007", '"007"'],
  ["text that was true or false", "no", '"no"'],
  ["a date", "2024-01-01", '"2024-01-01"'],
  ["a time of day", "12:30", '"12:30"'],
  ["an IP address", "10.0.0.1", "10.0.0.1"],
  ["a template", "{{name}}", '"{{name}}"'],
  ["a template inside", "Hi {{name}}", "Hi {{name}}"],
  ["text that looks like a variable", "${var.x} costs $${", "$${var.x} costs $$${"],
  ["lines", "a\n\n  b\n", "|\n    a\n\n      b"],
  ["lines that begin with spaces", "  a\nb", "|2-\n      a\n    b"],
  ["lines and empty lines at the end", "a\n\n\n", "|+\n    a\n\n"],
  ["lines with trailing spaces", "a  \nb\t\n", "|\n    a  \n    b\t"],
  ["lines that begin with tabs", "\ta\n\tb\n", "|\n    \ta\n    \tb"],
  ["a document's start", "---\na\n", "|\n    ---\n    a"],
  ["a comment's start", "# a\n# b\n", "|\n    # a\n    # b"],
  ["a next line character", "a\u0085b\nc", '"a\\u0085b\\nc"'],
  ["a hidden character", "a\u200Bb", '"a\\u200bb"'],
  ["a family", "👩‍👩‍👧 at home", "👩‍👩‍👧 at home"],
])("%s", (_, text, written) => {
  const [file] = only({ text });
  expect(file?.[1]).toBe(`${header}spec:\n  text: ${written}\n`);
});

test("only long lines of prose are folded", () => {
  const long = `${"word ".repeat(30)}end`;
  const [file] = only({ text: long, title: long });
  expect(file?.[1]?.split("\n").slice(4, 9)).toEqual([
    "spec:",
    `  title: ${long}`,
    "  text: >-",
    `    ${"word ".repeat(18)}word`,
    `    ${"word ".repeat(11)}end`,
  ]);
});

test("comments are above the value they are about, or above its parent", () => {
  const remarks = new Map([
    ["", "Pulled."],
    ["/main", "The main text.\nOn two lines."],
    ["/parts/1", "The second."],
    ["/parts/0/text", "Not declared."],
    ["/other/ref", "Elsewhere\u0007."],
    ["/gone/here", "Nothing."],
  ]);
  const spec = { main: "Hi", parts: [{ id: "a" }, { id: "b" }], other: { ref: "Note/b" } };
  const [file] = authored([draft("a", spec, { remarks, lifecycle: { import: "${id}", ignore: ["/text"] } })], {
    layout: "split",
    taken: NONE,
  });
  expect(file?.text).toBe(`${header}lifecycle:
  import: $\${id}
  ignore: [/text]
# Pulled.
# Nothing.
spec:
  # The main text.
  # On two lines.
  main: { file: ../prompts/a.md }
  parts:
    # Not declared.
    - id: a
    # The second.
    - id: b
  # Elsewhere\uFFFD.
  other: { ref: Note/b }
`);
});

test("no file overwrites another one, also if names differ only in case", () => {
  const taken = new Set(["Notes/A.yaml", "prompts/a.md", "prompts/a-2.md"]);
  const files = authored([draft("a", { main: "Hi" }), draft("b", {})], { layout: "split", taken });
  expect(files.map(({ path, addresses }) => [path, ...addresses])).toEqual([
    ["notes/a-2.yaml", "Note/a"],
    ["prompts/a-3.md", "Note/a"],
    ["notes/b.yaml", "Note/b"],
  ]);
  expect(files[0]?.text).toContain("main: { file: ../prompts/a-3.md }");
});

test("no file has a name that Windows reserves, or that of a project file", () => {
  const names = ["rollcall", "RollCall", "con", "NUL.v2", "com1", "rollcall-2", "console"];
  const files = authored(
    names.map((name) => draft(name, { main: "Hi" })),
    { layout: "split", taken: NONE },
  );
  expect(files.map(({ path }) => path).filter((path) => path.endsWith(".yaml"))).toEqual([
    "notes/NUL-1.v2.yaml",
    "notes/RollCall-1.yaml",
    "notes/com1-1.yaml",
    "notes/con-1.yaml",
    "notes/console.yaml",
    "notes/rollcall-1-2.yaml",
    "notes/rollcall-2.yaml",
  ]);
});

test("the same drafts give the same files, in any order", () => {
  const drafts = ["c", "a", "b"].map((name) => draft(name, { main: name, title: name }));
  for (const layout of ["split", "single"] as const) {
    const options = { layout, taken: NONE };
    expect(authored(drafts.toReversed(), options)).toEqual(authored(drafts, options));
  }
});

test("manifests that are too large for one file continue in another one", async () => {
  const drafts = ["a", "b", "c"].map((name) => draft(name, { title: "x".repeat(2_000_000) }));
  const files = authored(drafts, { layout: "single", taken: NONE });
  expect(files.map(({ path, addresses }) => [path, ...addresses])).toEqual([
    ["manifests.yaml", "Note/a", "Note/b"],
    ["manifests-2.yaml", "Note/c"],
  ]);
  expect((await loaded(files, [note])).diagnostics).toEqual([]);
});
