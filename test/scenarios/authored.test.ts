import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { addressOf } from "../../src/model/address.ts";
import { isObject, type JsonObject } from "../../src/model/json.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { canonical } from "../../src/reconcile/compare/canonical.ts";
import { hintsOf } from "../../src/reconcile/compare/hints.ts";
import { authored } from "../../src/schema/author/authored.ts";
import { declaredFields } from "../../src/schema/author/declared-fields.ts";
import type { Layout, ManifestDraft } from "../../src/schema/author/draft.ts";
import { objectKey, slugsFor } from "../../src/schema/author/slugs.ts";
import { withoutSecrets } from "../../src/schema/author/without-secrets.ts";
import { loadProject } from "../../src/schema/load.ts";

interface Live {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly spec: JsonObject;
}

const FOLDER = join(import.meta.dirname, "authored");
const live: readonly Live[] = JSON.parse(readFileSync(join(FOLDER, "live.json"), "utf8"));
const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));

function kindOf(name: string) {
  const kind = byKind.get(name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

/** As `pull` makes them, with an id that nothing is known about. */
function drafts(): readonly ManifestDraft[] {
  const objects = live.map(({ kind, id, name }) => ({ kind: kindOf(kind), id, name }));
  const slugs = slugsFor(objects, new Set());
  return live.map(({ kind, id, spec }) => {
    const { spec: writable, left } = withoutSecrets(spec, kindOf(kind));
    const address = addressOf(kind, slugs.get(objectKey(kind, id)) ?? id);
    const remarks = new Map(left.map(({ pointer, why }) => [pointer, `Its value is not declared: ${why}.`]));
    if (spec["tool_ids"] !== undefined)
      remarks.set("/tool_ids/1", "No Tool with this id was found in the account.");
    const draft = { address, kind: kindOf(kind), spec: declaredFields(writable, kindOf(kind), "set"), remarks };
    return kind === "McpServer" ? Object.assign(draft, { lifecycle: { import: id } }) : draft;
  });
}

const temporary = mkdtempSync(join(tmpdir(), "authored-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe.each<Layout>(["split", "single"])("laid out as %s", (layout) => {
  const files = authored(drafts(), { layout, taken: new Set() });

  test.each(files.map(({ path, text }) => [path, text]))("%s", async (path, text) => {
    await expect(text).toMatchFileSnapshot(`authored/${layout}/${path}`);
  });

  test("there are no other files", () => {
    const folder = join(FOLDER, layout);
    const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
      statSync(join(folder, path)).isFile(),
    );
    expect(found.toSorted()).toEqual(files.map(({ path }) => path).toSorted());
  });

  test("they are valid without warnings, and equal the live objects", async () => {
    const folder = join(temporary, layout);
    for (const { path, text } of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const project = await loadProject({ path: folder, env: {}, kinds: byKind });
    expect(project.diagnostics).toEqual([]);
    for (const draft of drafts()) {
      const found = project.resources.find(({ address }) => address === draft.address);
      const hints = hintsOf(draft.kind);
      expect(isObject(found?.spec) && canonical(found.spec, hints)).toEqual(canonical(draft.spec, hints));
    }
  });
});
