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

test.each<Layout>(["split", "single"])(
  "what is written is read back as it was, laid out as %s",
  async (layout) => {
    await fc.assert(
      fc.asyncProperty(fc.array(spec, { minLength: 1, maxLength: 3 }), async (specs) => {
        const drafts = specs.map((one, index) => draft(`n${index}`, one));
        const result = await loaded(authored(drafts, { layout, taken: NONE }), [note]);
        expect(result.diagnostics).toEqual([]);
        expect(result.specs).toEqual(Object.fromEntries(drafts.map((one) => [one.address, one.spec])));
      }),
      { numRuns: 150 },
    );
  },
);
