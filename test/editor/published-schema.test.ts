import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { loadProject, type LoadedProject } from "../../src/schema/load.ts";
import { isObject, type Json } from "../../src/model/json.ts";
import { everyField } from "../specification/every-field/specs.ts";
import { CASE_NAMES, loadCase } from "../scenarios/manifest-cases.ts";
import { BEYOND_CASES, BEYOND_CODES } from "./beyond-schema.ts";
import { startLanguageServer, type LanguageServer } from "./language-server.ts";

/** What is published for editors, on everything that Rollcall itself has an opinion about. */
const ROOT = resolve(import.meta.dirname, "../..");
const FILE = join(ROOT, "schema/rollcall.schema.json");
const published = JSON.parse(readFileSync(FILE, "utf8")) as Json;
const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));

/** A file as the server sees it. */
interface Shown {
  readonly name: string;
  readonly text: string;
}

function manifestsOf(project: LoadedProject, name: string): readonly Shown[] {
  return Object.keys(project.digests)
    .filter((file) => /\.ya?ml$/i.test(file))
    .map((file) => ({
      name: `${name}/${file}`,
      text: readFileSync(join(project.root, file), "utf8"),
    }));
}

const errorsOf = ({ diagnostics }: LoadedProject) =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);

const loaded = await Promise.all(CASE_NAMES.map(async (name) => ({ name, project: await loadCase(name) })));
const example = await loadProject({
  path: join(ROOT, "examples/assistants"),
  environment: "staging",
  env: {},
  kinds: byKind,
});

/** An editor marks such a field with its one kind of mark, as `validate` does with a warning. */
const hasUnknownField = ({ diagnostics }: LoadedProject) => diagnostics.some(({ code }) => code === "RC2017");

const sound: Shown[] = [
  ...loaded.filter(({ project }) => errorsOf(project).length === 0 && !hasUnknownField(project)),
  { name: "example", project: example },
].flatMap(({ name, project }) => manifestsOf(project, name));

/** All fields that there are; JSON is YAML. */
const everything: readonly Shown[] = Object.entries(everyField).flatMap(([kind, specs]) =>
  specs.map((spec, index) => {
    const manifest = { apiVersion: "rollcall.dev/v1", kind, metadata: { name: `every-${index}` }, spec };
    return { name: `every field of ${kind} ${index}`, text: JSON.stringify(manifest) };
  }),
);
sound.push(...everything);

const broken = loaded.filter(
  ({ name, project }) =>
    errorsOf(project).some((code) => !Object.hasOwn(BEYOND_CODES, code)) && !Object.hasOwn(BEYOND_CASES, name),
);

test("there are definitions", () => {
  expect(errorsOf(example)).toEqual([]);
  expect(sound.length).toBeGreaterThan(30);
  expect(broken.length).toBeGreaterThan(60);
});

test("no definition refers to itself or to a missing definition", () => {
  const definitions = isObject(published) ? published["definitions"] : undefined;
  const defined = isObject(definitions) ? Object.entries(definitions) : [];
  for (const [name, schema] of defined) expect(schema, name).not.toHaveProperty("$ref");
  const names = new Set(defined.map(([name]) => `#/definitions/${name}`));
  const used = [...JSON.stringify(published).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = ""]) => ref);
  expect(used.filter((ref) => !names.has(ref))).toEqual([]);
});

describe("in ajv", () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(published as object);
  const problems = ({ text }: Shown): readonly string[] =>
    parseAllDocuments(text, { merge: true }).flatMap((document) => {
      if (document.errors.length > 0) return document.errors.map(({ code }) => code);
      const value: unknown = document.toJS();
      if (value === null || validate(value)) return [];
      return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
    });

  test.each(sound)("$name has no problem", (file) => {
    expect(problems(file)).toEqual([]);
  });

  test.each(broken)("$name has a problem", ({ name, project }) => {
    expect(manifestsOf(project, name).flatMap(problems)).not.toEqual([]);
  });
});

describe("in the YAML language server", () => {
  let server: LanguageServer;
  const found = new Map<string, readonly string[]>();
  beforeAll(async () => {
    server = await startLanguageServer({ "yaml.schemas": { [pathToFileURL(FILE).href]: "*" } });
    const all = [...sound, ...broken.flatMap(({ name, project }) => manifestsOf(project, name))];
    // It waits a moment before it checks a text, so all are shown at once.
    await Promise.all(
      all.map(async ({ name, text }) =>
        found.set(name, await server.show(`file:///${encodeURI(name)}.yaml`, text)),
      ),
    );
  });
  afterAll(() => server.stop());

  // A file of comments alone is an empty mapping to the server, so that it can propose fields in it.
  const isBlank = ({ text }: Shown) => !/^[^#\s]/m.test(text.replaceAll(/^(?:---|\.\.\.)$/gm, ""));

  test.each(sound.filter((file) => !isBlank(file)))("$name has no problem", ({ name }) => {
    expect(found.get(name)).toEqual([]);
  });

  test.each(broken)("$name has a problem", ({ name, project }) => {
    const files = manifestsOf(project, name);
    expect(files.flatMap((file) => found.get(file.name) ?? [])).not.toEqual([]);
  });
});
