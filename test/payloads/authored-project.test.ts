import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hintAt } from "../../src/model/field-hints.ts";
import { isList, isObject, mapItems, mapMembers, type Json, type JsonObject } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { canonical } from "../../src/reconcile/compare/canonical.ts";
import { hintsOf } from "../../src/reconcile/compare/hints.ts";
import { authored } from "../../src/schema/author/authored.ts";
import { declaredFields, type Fields } from "../../src/schema/author/declared-fields.ts";
import type { Layout } from "../../src/schema/author/draft.ts";
import { withoutSecrets } from "../../src/schema/author/without-secrets.ts";
import { loadProject } from "../../src/schema/load.ts";

const EXAMPLES = resolve(import.meta.dirname, "../../examples/assistants");
const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
const folder = mkdtempSync(join(tmpdir(), "authored-project-"));
let examples: readonly Resource[] = [];

beforeAll(async () => {
  const project = await loadProject({ path: EXAMPLES, environment: "production", env: {}, kinds: byKind });
  expect(project.diagnostics).toEqual([]);
  examples = project.resources;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Written anew, and read: what is said about it, and what it is. */
async function again(resources: readonly Resource[], layout: Layout, fields: Fields) {
  const drafts = resources.map(({ address, kind: name, spec }) => {
    const kind = byKind.get(name);
    if (kind === undefined) throw new Error(`no kind ${name}`);
    const { spec: writable, left } = withoutSecrets(spec, kind);
    expect(left).toEqual([]);
    return { address, kind, spec: declaredFields(writable, kind, fields) };
  });
  rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of authored(drafts, { layout, taken: new Set() })) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { diagnostics, resources: read } = await loadProject({ path: folder, env: {}, kinds: byKind });
  return { diagnostics, specs: canonicalSpecs(read) };
}

function canonicalSpecs(resources: readonly Resource[]): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(
    resources.map(({ address, kind: name, spec }) => {
      const kind = byKind.get(name);
      return [address, kind === undefined ? {} : canonical(spec, hintsOf(kind))];
    }),
  );
}

const layouts = ["split", "single"] as const;
const fields = ["set", "all"] as const;

test.each(layouts.flatMap((layout) => fields.map((each) => [layout, each] as const)))(
  "a rewritten project is equal: %s, %s",
  async (layout, each) => {
    const { diagnostics, specs } = await again(examples, layout, each);
    expect(diagnostics).toEqual([]);
    expect(specs).toEqual(canonicalSpecs(examples));
  },
);

const PIECES = [
  "\n",
  "\n\n",
  "  ",
  "\t",
  "---\n",
  "# ",
  ": ",
  "- ",
  "${",
  "$${",
  "${var.x}",
  "|",
  ">",
  "'",
  '"',
  "\\",
  "é",
  "🎧",
  "\u2028",
  "\r\n",
  "word ",
];
const nasty = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 })
  .map((all) => `Say: ${all.join("")}.`);

/** The resources with other prose, one text after the other. */
function withProse(resources: readonly Resource[], texts: readonly string[]): readonly Resource[] {
  let next = 0;
  return resources.map((resource) => {
    const hints = byKind.get(resource.kind)?.fields ?? {};
    const changed = (value: Json, path: readonly string[]): Json => {
      const hint = hintAt(hints, path);
      if (hint.whole === true) return value;
      if (typeof value === "string")
        return hint.multiline === true ? (texts[next++ % texts.length] ?? value) : value;
      if (isList(value)) return mapItems(value, (item, index) => changed(item, [...path, String(index)]));
      return isObject(value) ? mapMembers(value, (item, key) => changed(item, [...path, key])) : value;
    };
    const spec = changed(resource.spec, []);
    return Object.assign({}, resource, { spec: isObject(spec) ? spec : {} });
  });
}

test("a rewritten project with any prose is valid and equal", async () => {
  const errors = (all: readonly { readonly severity: string }[]) =>
    all.filter(({ severity }) => severity === "error");
  await fc.assert(
    fc.asyncProperty(
      fc.array(nasty, { minLength: 3, maxLength: 9 }),
      fc.constantFrom(...layouts),
      async (texts, layout) => {
        const resources = withProse(examples, texts);
        const { diagnostics, specs } = await again(resources, layout, "set");
        // Variables that the new prose no longer uses are no error.
        expect(errors(diagnostics)).toEqual([]);
        expect(specs).toEqual(canonicalSpecs(resources));
      },
    ),
    { numRuns: 10 },
  );
});
