import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadProject } from "./load.ts";
import { inventedKinds } from "../../test/scenarios/manifests/invented-kinds.ts";

/** Text that means something to YAML, to manifests or to neither. */
const SNIPPETS = [
  "\t",
  "\n",
  "\r\n",
  "\r",
  "  ",
  "- ",
  ": ",
  ":",
  "? ",
  "# ",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "&a ",
  "*a",
  "<<: ",
  "<<: *a\n",
  "!!str ",
  "!!set ",
  "!x ",
  "|\n",
  ">-\n",
  "|+9\n",
  "[",
  "]",
  "{",
  "}",
  ",",
  '"',
  "'",
  "\\",
  "\\u0000",
  "\0",
  "\u0007",
  "\uFEFF",
  "\u2028",
  "\u0085",
  "\uD800",
  "é",
  "😀",
  "~",
  "null",
  "yes",
  "0x",
  "1e999",
  ".inf",
  "-0",
  "99999999999999999999",
  "2024-01-01",
  "__proto__",
  "constructor",
  "${var.x}",
  "${var.}",
  "$${",
  "${",
  "{{x}}",
  "{{",
  "{ ref: Thing/a }",
  "{ ref: }",
  "{ file: a.md }",
  "{ file: . }",
  "{ file: ../x }",
  "# rollcall-ignore RC3007: why\n",
  "# rollcall-ignore\n",
  "kind: Thing\n",
  "spec:\n",
  "spec: ",
  "metadata: { name: b }\n",
  "sk-abcdefghij0123456789abc",
  "https://a:b@c.example",
  "- - - - ",
  "[[[[[[[[",
  "a: b: c",
  "@",
  "`",
  "%",
  "!",
  "|",
  ">",
];

const VALID = `apiVersion: rollcall.dev/v1
kind: Thing
metadata:
  name: a
  labels: { team: support }
lifecycle: { protect: true, ignore: [/size], movedFrom: [Thing/z] }
spec:
  name: &a Front desk
  text: |
    Hello {{who}}, this is \${var.company}.
  note: { file: note.md, vars: true }
  tags: [x, y]
  other: { ref: Thing/b }
  parts:
    - { type: one, one: { size: 3 } }
    - type: two
      two: { text: *a }
  free: { a: 1, b: [true, ~], c: 2024-01-01 }
---
apiVersion: rollcall.dev/v1
kind: Thing
metadata: { name: b }
spec: { name: B, mode: fast }
`;

const PROJECT = `apiVersion: rollcall.dev/v1
kind: Project
metadata: { name: fuzz }
spec:
  manifests: [things.yaml]
  tags: { common: [z], allowed: { x: "", y: "", z: "" } }
  vars: { company: Acme }
  environments:
    staging:
      vars: { company: Acme Staging }
      patches:
        - { target: Thing/a, patch: { spec: { size: 4, parts: [{ type: one, one: { size: 5 } }] } } }
        - { target: Thing/b, path: /spec/name, value: C }
`;

interface Edit {
  readonly at: number;
  readonly drop: number;
  readonly add: string;
}

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 200 })),
  add: fc.oneof(
    fc.constantFrom(...SNIPPETS),
    fc.string({ maxLength: 6, unit: "binary" }),
    fc
      .tuple(fc.constantFrom(...SNIPPETS), fc.integer({ min: 1, max: 300 }))
      .map(([text, times]) => text.repeat(times)),
  ),
});

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((result, { at, drop, add }) => {
    const start = Math.floor(at * result.length);
    return result.slice(0, start) + add + result.slice(start + drop);
  }, text);
}

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "rollcall-fuzz-"));
  writeFileSync(join(root, "note.md"), "Note for ${var.company}\n");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** More by hand: `FUZZ_RUNS=20000`. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 600);

test(
  "mutated manifests and projects cause no crash, no hang and no problem without a position",
  async () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(edits, fc.boolean(), fc.boolean(), async (changes, inProject, asBytes) => {
        const project = inProject ? edited(PROJECT, changes) : PROJECT;
        const things = inProject ? VALID : edited(VALID, changes);
        writeFileSync(join(root, "rollcall.yaml"), asBytes ? Buffer.from(project, "latin1") : project);
        writeFileSync(join(root, "things.yaml"), asBytes ? Buffer.from(things, "latin1") : things);
        const loaded = await loadProject({ path: root, environment: "staging", env: {}, kinds: inventedKinds });
        for (const { message, hint, range } of loaded.diagnostics) {
          expect(`${message} ${hint ?? ""}`).not.toMatch(/\bundefined\b|\[object|NaN|node_modules|    at /);
          if (range === undefined) continue;
          const text = loaded.sourceText(range.file) ?? "";
          const line = text.split("\n")[range.start.line - 1];
          expect(line).toBeDefined();
          expect(range.start.column).toBeLessThanOrEqual((line ?? "").length + 1);
        }
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: 20 * 60_000, markInterruptAsFailure: true },
    );
  },
  30 * 60_000,
);
