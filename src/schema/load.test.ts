import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inventedKinds } from "../../test/scenarios/manifests/invented-kinds.ts";
import {
  loadEnvironments,
  loadProject,
  mergedDiagnostics,
  type LoadedProject,
  type LoadOptions,
} from "./load.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "rollcall-load-"));
  // A boundary: nothing above is looked at.
  mkdirSync(join(root, ".git"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

function load(options: Partial<LoadOptions> = {}): Promise<LoadedProject> {
  return loadProject({ path: root, env: {}, kinds: inventedKinds, ...options });
}

function thing(name: string, spec: string, more = ""): string {
  const head = `apiVersion: rollcall.dev/v1\nkind: Thing\nmetadata: { name: ${name} }\n${more}`;
  return `${head}spec:\n${spec.replaceAll(/^/gm, "  ")}\n`;
}

function project(spec: string): string {
  return `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec:\n${spec.replaceAll(/^/gm, "  ")}\n`;
}

function codes({ diagnostics }: LoadedProject): readonly string[] {
  return diagnostics.map(({ code }) => code);
}

async function specOf(address: `${string}/${string}`, options: Partial<LoadOptions> = {}) {
  const { resources, diagnostics } = await load(options);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return resources.find((resource) => resource.address === address)?.spec;
}

describe("resources", () => {
  test("contain the value of the manifest and its position", async () => {
    write({
      "things/a.yaml": thing(
        "a",
        "name: A\nother: { ref: Thing/b }",
        "lifecycle: { protect: true, ignore: [/size], movedFrom: [Thing/z] }\n",
      ),
      "things/b.yaml": `apiVersion: rollcall.dev/v1\nkind: Thing\nmetadata: { name: b, labels: { team: x } }\nspec: { name: B }\n`,
    });
    const { resources, complete, name } = await load();
    expect(resources).toEqual([
      {
        address: "Thing/a",
        kind: "Thing",
        name: "a",
        labels: {},
        lifecycle: { protect: true, ignore: ["/size"], movedFrom: ["Thing/z"] },
        spec: { name: "A", other: { ref: "Thing/b" } },
        file: "things/a.yaml",
        line: 1,
      },
      {
        address: "Thing/b",
        kind: "Thing",
        name: "b",
        labels: { team: "x" },
        lifecycle: { ignore: [], movedFrom: [] },
        spec: { name: "B" },
        file: "things/b.yaml",
        line: 1,
      },
    ]);
    expect({ complete, name }).toEqual({ complete: true, name: root.split("/").at(-1) });
  });

  test("with errors are left out, and the result is incomplete", async () => {
    write({ "a.yaml": thing("a", "nmae: A"), "b.yaml": thing("b", "name: B") });
    const { resources, complete } = await load();
    expect(resources.map(({ address }) => address)).toEqual(["Thing/b"]);
    expect(complete).toBe(false);
  });

  test("with an error that a comment silences are included", async () => {
    const key = ["sk", "abcdefghij0123456789abcdefghij0123456789"].join("-");
    write({ "a.yaml": thing("a", `name: A\n# rollcall-ignore RC3017: an example\ntext: ${key}`) });
    const loaded = await load();
    expect(codes(loaded)).toEqual([]);
    expect(loaded.resources.map(({ address }) => address)).toEqual(["Thing/a"]);
  });

  test("keep numbers of any size and text unchanged", async () => {
    write({
      "a.yaml": thing(
        "a",
        "name: no\nfree: { big: 12345678901234567890, date: 2024-01-01, hex: !!int 0x10, float: !!float 1.50, empty: }",
      ),
    });
    expect(await specOf("Thing/a")).toEqual({
      name: "no",
      free: { big: 12345678901234567890n, date: "2024-01-01", hex: 16, float: 1.5, empty: null },
    });
  });

  test("merge keys: explicit keys take precedence, then earlier sources", async () => {
    write({
      "a.yaml": thing(
        "a",
        "name: A\nfree:\n  one: &one { x: 1, y: 1 }\n  two: &two { y: 2, z: 2 }\n  all: { <<: [*one, *two], x: 0 }",
      ),
    });
    expect(await specOf("Thing/a")).toMatchObject({ free: { all: { x: 0, y: 1, z: 2 } } });
  });
});

describe("discovery", () => {
  test("finds the whole project above the path, and the selected part", async () => {
    write({
      "rollcall.yaml": project("manifests: [things]"),
      "things/a.yaml": thing("a", "name: A\nother: { ref: Thing/b }"),
      "things/deep/b.yml": thing("b", "name: B"),
      "elsewhere/c.yaml": thing("c", "name: C"),
    });
    const whole = await load();
    expect(whole.resources.map(({ address }) => address)).toEqual(["Thing/a", "Thing/b"]);
    expect(whole.selected).toBeUndefined();
    const part = await load({ path: join(root, "things/deep") });
    expect(part.root).toBe(whole.root);
    expect(part.resources).toHaveLength(2);
    expect(part.selected).toEqual(["Thing/b"]);
    const outside = await load({ path: join(root, "elsewhere/c.yaml") });
    expect(outside.selected).toEqual(["Thing/c"]);
    expect(outside.resources).toHaveLength(3);
  });

  test("finds no project above the repository", async () => {
    write({
      "rollcall.yaml": project("manifests: []"),
      "inner/.git/HEAD": "",
      "inner/a.yaml": thing("a", "name: A"),
    });
    const { settings, resources } = await load({ path: join(root, "inner") });
    expect(settings.manifests).toEqual(["."]);
    expect(resources).toHaveLength(1);
  });

  test("a single file without a project is a part of its folder", async () => {
    write({ "a.yaml": thing("a", "name: A"), "b.yaml": thing("b", "name: B") });
    const { resources, selected, singleFile } = await load({ path: join(root, "a.yaml") });
    expect(resources.map(({ address }) => address)).toEqual(["Thing/a", "Thing/b"]);
    expect({ selected, singleFile }).toEqual({ selected: ["Thing/a"], singleFile: true });
  });

  test("hidden folders, packages and other files are skipped; each file is read once", async () => {
    write({
      "rollcall.yaml": project('manifests: [., ./things, "things/*.yaml", things/a.yaml]'),
      "things/a.yaml": thing("a", "name: A"),
      ".github/workflows/ci.yaml": "on: push",
      "node_modules/x/b.yaml": "nonsense",
      "notes.md": "x",
    });
    const { resources, diagnostics } = await load();
    expect(resources).toHaveLength(1);
    expect(diagnostics).toEqual([]);
  });
});

describe("texts from files", () => {
  test("are included without the last line ending, with their file", async () => {
    write({
      "things/a.yaml": thing("a", "name: A\ntext: { file: texts/a.md }\nnote: { file: ../b.txt, vars: true }"),
      "things/texts/a.md": "Zwei\r\nZeilen ${var.x}\n\n",
      "b.txt": "Acme ${var.x}\r\n",
      "rollcall.yaml": project("manifests: [things]\nvars: { x: GmbH }"),
    });
    const loaded = await load();
    expect(loaded.resources[0]?.spec).toMatchObject({ text: "Zwei\r\nZeilen ${var.x}\n", note: "Acme GmbH" });
    expect(loaded.includedFile("Thing/a", "/text")).toBe("things/texts/a.md");
    expect(loaded.includedFile("Thing/a", "/name")).toBeUndefined();
    expect(Object.keys(loaded.digests).sort()).toEqual([
      "b.txt",
      "rollcall.yaml",
      "things/a.yaml",
      "things/texts/a.md",
    ]);
    expect(loaded.digests["b.txt"]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("replace only text: free-form content may have a field named file", async () => {
    write({ "a.yaml": thing("a", "name: A\nfree: { file: x.md, deep: { file: 7 } }") });
    expect(await specOf("Thing/a")).toEqual({ name: "A", free: { file: "x.md", deep: { file: 7 } } });
  });
});

describe("variables", () => {
  test("are taken from the project, environment, process and command line, in this order", async () => {
    write({
      "rollcall.yaml": project(
        "vars: { a: 1, b: 1, c: 1, d: true }\nenvironments: { one: { vars: { b: 2, c: 2 } } }",
      ),
      "a.yaml": thing("a", 'name: "${var.a}${var.b}${var.c}${var.d}"\ntext: "$${var.a} {{x}} $5"'),
    });
    const options = { env: { ROLLCALL_VAR_c: "3" }, variables: { d: "4" } };
    expect(await specOf("Thing/a", options)).toEqual({ name: "1234", text: "${var.a} {{x}} $5" });
  });

  test("are substituted once, not in substituted values", async () => {
    write({ "a.yaml": thing("a", "name: ${var.x}") });
    expect(await specOf("Thing/a", { variables: { x: "${var.x}$${" } })).toEqual({ name: "${var.x}$${" });
  });
});

describe("environments", () => {
  const files = {
    "rollcall.yaml": project(
      [
        "ledger: { backend: git }",
        "tags: { common: [ours] }",
        "environments:",
        "  staging: { apiKey: { env: STAGING_KEY }, baseUrl: https://api.acme.example/v2, ledger: { backend: file, path: state } }",
        "  production: { protect: true }",
      ].join("\n"),
    ),
    "a.yaml": thing("a", "name: A\ntags: [mine]"),
  };

  test("set API key, base URL, ledger and protection", async () => {
    write(files);
    const staging = await load({ environment: "staging" });
    expect(staging.environment).toEqual({
      name: "staging",
      apiKeyVariable: "STAGING_KEY",
      baseUrl: "https://api.acme.example/v2",
      protect: false,
      observe: false,
    });
    expect(staging.settings.ledger).toEqual({ backend: "file", path: "state" });
    const production = await load({ env: { ROLLCALL_ENV: "production" } });
    expect(production.environment).toEqual({
      name: "production",
      apiKeyVariable: "TELNYX_API_KEY",
      protect: true,
      observe: false,
    });
    expect(production.settings.ledger).toEqual({ backend: "git" });
    expect(production.resources[0]?.lifecycle.protect).toBe(true);
    expect(production.environments).toEqual(["staging", "production"]);
  });

  test("without environments there is one", async () => {
    write({ "a.yaml": thing("a", "name: A") });
    const { environment, settings } = await load();
    expect(environment).toEqual({
      name: "default",
      apiKeyVariable: "TELNYX_API_KEY",
      protect: false,
      observe: false,
    });
    expect(settings).toEqual({ ledger: { backend: "file" }, tags: { common: [] }, manifests: ["."] });
  });

  test("common tags are added to kinds whose tags are an open set, once", async () => {
    write({
      ...files,
      "b.yaml": thing("b", "name: B"),
      "c.yaml": thing("c", "name: C\ntags: [ours]"),
      "d.yaml":
        "apiVersion: rollcall.dev/v1\nkind: Child\nmetadata: { name: d }\nspec: { parent: { ref: Thing/a } }\n",
    });
    const { resources } = await load({ environment: "staging" });
    expect(resources.map(({ spec }) => spec["tags"])).toEqual([
      ["mine", "ours"],
      ["ours"],
      ["ours"],
      undefined,
    ]);
  });

  test("checked together, a problem names its environment", async () => {
    write({
      "rollcall.yaml": project(
        "environments:\n  one: { patches: [{ target: Thing/a, patch: { spec: { size: 0 } } }] }\n  two: {}",
      ),
      "a.yaml": thing("a", "name: 7"),
    });
    const projects = await loadEnvironments({ path: root, env: {}, kinds: inventedKinds });
    expect(projects.map(({ environment }) => environment.name)).toEqual(["one", "two"]);
    expect(mergedDiagnostics(projects).map(({ message }) => message)).toEqual([
      "Thing.spec.name: must be a string (got 7)",
      "Thing.spec.size: must be between 1 and 9 (got 0) (environment one)",
    ]);
  });
});

describe("resources of some environments", () => {
  const limited = (name: string, environments: string, spec: string) =>
    thing(`${name}, environments: ${environments}`, spec);
  const inTwo = (more: Readonly<Record<string, string>> = {}) => ({
    "rollcall.yaml": project("environments: { staging: { apiKey: { env: TELNYX_STAGING } }, production: {} }"),
    ...more,
  });
  const messages = async () =>
    mergedDiagnostics(await loadEnvironments({ path: root, env: {}, kinds: inventedKinds })).map(
      ({ code, message, range }) =>
        `${code} ${range?.file}:${range?.start.line}:${range?.start.column} ${message}`,
    );

  test("exist only there", async () => {
    write(
      inTwo({
        "a.yaml": limited("a", "[staging]", "name: A"),
        "b.yaml": thing("b", "name: B\nother: { ref: Thing/c }"),
      }),
    );
    write({ "c.yaml": limited("c", "[production, staging]", "name: C") });
    const projects = await loadEnvironments({ path: root, env: {}, kinds: inventedKinds });
    const declared = projects.map(({ resources }) => resources.map(({ address }) => address));
    expect(declared).toEqual([
      ["Thing/a", "Thing/b", "Thing/c"],
      ["Thing/b", "Thing/c"],
    ]);
    expect(projects.map(({ elsewhere }) => [...elsewhere])).toEqual([[], [["Thing/a", ["staging"]]]]);
    expect(projects.map(({ complete }) => complete)).toEqual([true, true]);
    expect(projects.flatMap(codes)).toEqual([]);
  });

  test("use the variables and files of their environment only", async () => {
    write({
      "rollcall.yaml": project(
        "vars: { shared: x }\nenvironments: { staging: { apiKey: { env: TELNYX_STAGING }, vars: { mine: y } }, production: {} }",
      ),
      "a.yaml": limited("a", "[staging]", "name: A ${var.mine}\nnote: { file: a.md, vars: true }"),
      "a.md": "${var.shared}",
    });
    expect(await messages()).toEqual([]);
    const given = await load({ environment: "production", variables: { shared: "z" } });
    expect(codes(given)).toEqual([]);
  });

  test("an unknown environment is an error at its position, and limits nothing", async () => {
    write(inTwo({ "a.yaml": limited("a", "[staging, prodution]", "name: A") }));
    expect(await messages()).toEqual([
      'RC4001 a.yaml:3:46 metadata.environments: unknown environment "prodution"',
    ]);
    write({ "b.yaml": thing("b", "name: B\nother: { ref: Thing/a }") });
    expect(await messages()).toHaveLength(1);
  });

  test.each([
    ["[]", "RC2"],
    ["staging", "RC2"],
    ["[staging, staging]", "RC2"],
    ["[7]", "RC2"],
    ["null", "RC2"],
  ])("%s is not a valid list of environments", async (environments, code) => {
    write(inTwo({ "a.yaml": limited("a", environments, "name: A") }));
    const found = await messages();
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${code}`);
    expect(found[0]).toContain("a.yaml:3:");
  });

  test("a project without environments has one", async () => {
    write({ "a.yaml": limited("a", "[default]", "name: A") });
    expect((await load()).resources).toHaveLength(1);
    write({ "a.yaml": limited("a", "[staging]", "name: A") });
    expect(codes(await load())).toEqual(["RC4001"]);
  });

  test("cannot be referred to from other environments", async () => {
    write(
      inTwo({
        "a.yaml": limited("a", "[staging]", "name: A"),
        "b.yaml": thing("b", "name: B\nother: { ref: Thing/a }"),
      }),
    );
    const message =
      "RC3044 b.yaml:6:17 Thing.spec.other: Thing/a exists only in staging, and Thing/b also in production (environment production)";
    expect(await messages()).toEqual([message]);
    write({ "b.yaml": limited("b", "[staging]", "name: B\nother: { ref: Thing/a }") });
    expect(await messages()).toEqual([]);
    write({ "b.yaml": limited("b", "[production]", "name: B\nother: { ref: Thing/a }") });
    expect((await messages())[0]).toContain("exists only in staging, and Thing/b also in production");
  });

  test("are parents of resources of the same environments", async () => {
    const child = (metadata: string) =>
      `apiVersion: rollcall.dev/v1\nkind: Child\nmetadata: { ${metadata} }\nspec: { parent: { ref: Thing/a } }\n`;
    write(inTwo({ "a.yaml": limited("a", "[staging]", "name: A"), "d.yaml": child("name: d") }));
    expect((await messages()).map((message) => message.slice(0, 6))).toEqual(["RC3044"]);
    write({ "d.yaml": child("name: d, environments: [staging]") });
    expect(await messages()).toEqual([]);
  });

  test("a patch may remove the reference, and applies only where the resource exists", async () => {
    const removes = "patches: [{ target: Thing/b, patch: { spec: { other: null } } }]";
    write({
      "rollcall.yaml": project(
        `environments:\n  staging: { apiKey: { env: TELNYX_STAGING } }\n  production: { ${removes} }`,
      ),
      "a.yaml": limited("a", "[staging]", "name: A"),
      "b.yaml": thing("b", "name: B\nother: { ref: Thing/a }"),
    });
    expect(await messages()).toEqual([]);
    write({
      "rollcall.yaml": project(
        "environments:\n  staging: { apiKey: { env: TELNYX_STAGING } }\n  production: { patches: [{ target: Thing/a, patch: {} }] }",
      ),
      "b.yaml": thing("b", "name: B"),
    });
    expect((await messages())[0]).toMatch(
      /^RC4007 rollcall.yaml:7:39 Thing\/a does not exist in this environment, only in staging/,
    );
  });

  test("cannot be limited by a patch", async () => {
    const patch = "patch: { metadata: { environments: [production] } }";
    write({
      "rollcall.yaml": project(
        `environments:\n  staging: { apiKey: { env: TELNYX_STAGING }, patches: [{ target: Thing/a, ${patch} }] }\n  production: {}`,
      ),
      "a.yaml": limited("a", "[staging]", "name: A"),
    });
    expect((await messages())[0]).toMatch(/^RC4008/);
  });

  test("may not have one remote name in two environments of one account", async () => {
    write({
      "rollcall.yaml": project("environments: { staging: {}, production: {} }"),
      "a.yaml": limited("a", "[staging]", "name: Same"),
      "b.yaml": limited("b", "[production]", "name: Same"),
    });
    const projects = await loadEnvironments({ path: root, env: {}, kinds: inventedKinds });
    expect(projects.map(codes)).toEqual([["RC3037"], ["RC3037"]]);
    write({ "b.yaml": limited("b", "[production]", "name: Other") });
    expect(await messages()).toEqual([]);
  });
});

describe("patches", () => {
  async function patched(patches: string, spec: string) {
    write({
      "rollcall.yaml": project(`environments:\n  one:\n    patches:\n${patches.replaceAll(/^/gm, "      ")}`),
    });
    write({ "a.yaml": thing("a", spec) });
    return specOf("Thing/a");
  }

  test("merge mappings by key, replace plain lists, and remove with null", async () => {
    const spec = await patched(
      "- { target: Thing/a, patch: { spec: { size: 3, tags: [z], text: null, free: { b: { c: 2 } } } } }",
      "name: A\nsize: 2\ntags: [x, y]\ntext: t\nfree: { a: 1, b: { c: 1, d: 1 } }",
    );
    expect(spec).toEqual({ name: "A", size: 3, tags: ["z"], free: { a: 1, b: { c: 2, d: 1 } } });
  });

  test("merge keyed lists by their keys, in place; add and delete elements", async () => {
    const spec = await patched(
      [
        "- target: Thing/a",
        "  patch:",
        "    spec:",
        "      parts:",
        "        - { type: two, two: { name: x, text: new } }",
        "        - { type: one, $patch: delete }",
        "        - { type: two, two: { name: added } }",
      ].join("\n"),
      "name: A\nparts:\n  - { type: one, one: { size: 1 } }\n  - { type: two, two: { name: w } }\n  - { type: two, two: { name: x, text: old } }",
    );
    expect(spec?.["parts"]).toEqual([
      { type: "two", two: { name: "w" } },
      { type: "two", two: { name: "x", text: "new" } },
      { type: "two", two: { name: "added" } },
    ]);
  });

  test("set one value by a pointer: by position, by key, at the end, and null itself", async () => {
    const spec = await patched(
      [
        "- { target: Thing/a, path: /spec/parts/0/one/size, value: 7 }",
        "- { target: Thing/a, path: /spec/parts/two:x/two/text, value: new }",
        "- { target: Thing/a, path: /spec/tags/-, value: z }",
        "- { target: Thing/a, path: /spec/free/a~1b, value: null }",
        "- { target: Thing/a, path: /lifecycle, value: { protect: false } }",
      ].join("\n"),
      "name: A\ntags: [y]\nfree: { a/b: 1 }\nparts:\n  - { type: one, one: { size: 1 } }\n  - { type: two, two: { name: x } }",
    );
    expect(spec).toEqual({
      name: "A",
      tags: ["y", "z"],
      free: { "a/b": null },
      parts: [
        { type: "one", one: { size: 7 } },
        { type: "two", two: { name: "x", text: "new" } },
      ],
    });
  });

  test("change lifecycle and labels, with positions in the patch", async () => {
    write({
      "rollcall.yaml": project(
        "environments:\n  one:\n    patches: [{ target: Thing/a, patch: { lifecycle: { protect: true }, metadata: { labels: { x: y } }, spec: { size: 4 } } }]",
      ),
      "a.yaml": thing("a", "name: A"),
    });
    const loaded = await load();
    expect(loaded.resources[0]).toMatchObject({ labels: { x: "y" }, lifecycle: { protect: true } });
    expect(loaded.locate("Thing/a", "/size")).toMatchObject({ file: "rollcall.yaml", start: { line: 7 } });
    expect(loaded.locate("Thing/a", "/name")).toMatchObject({ file: "a.yaml", start: { line: 5, column: 9 } });
    expect(loaded.locate("Thing/a", "/nothing")).toBeUndefined();
    expect(loaded.locate("Thing/none", "/name")).toBeUndefined();
  });

  test("may include texts and variables", async () => {
    write({ "x.md": "From ${var.who}", "a.yaml": thing("a", "name: A") });
    write({
      "rollcall.yaml": project(
        "vars: { who: Acme }\nenvironments:\n  one:\n    patches: [{ target: Thing/a, patch: { spec: { text: { file: x.md, vars: true }, note: '${var.who}' } } }]",
      ),
    });
    expect(await specOf("Thing/a")).toEqual({ name: "A", text: "From Acme", note: "Acme" });
  });
});

describe("positions", () => {
  test("elements of keyed lists are found by position and by key", async () => {
    write({
      "a.yaml": thing(
        "a",
        "name: A\nparts:\n  - { type: one, one: { size: 1 } }\n  - { type: two, two: { name: x } }",
      ),
    });
    const { locate } = await load();
    expect(locate("Thing/a", "/parts/1/two/name")?.start).toMatchObject({ line: 8, column: 33 });
    expect(locate("Thing/a", "/parts/two:x/two/name")).toEqual(locate("Thing/a", "/parts/1/two/name"));
  });

  test("excerpts leave out credentials and sensitive values, letter by letter", async () => {
    write({ "a.yaml": thing("a", "name: A\nsecret: hunter2\nnote: sk-abcdefghij0123456789") });
    const { sourceText } = await load();
    expect(sourceText("a.yaml")?.split("\n").slice(5)).toEqual([
      "  secret: *******",
      `  note: ${"*".repeat(23)}`,
      "",
    ]);
    expect(sourceText("b.yaml")).toBeUndefined();
  });
});

describe("references", () => {
  test("may be circular, except where one object must exist first", async () => {
    const child = (name: string, parent: string) =>
      `---\napiVersion: rollcall.dev/v1\nkind: Child\nmetadata: { name: ${name} }\nspec: { parent: { ref: ${parent} } }\n`;
    write({
      "a.yaml": thing("a", "name: A\nother: { ref: Thing/b }"),
      "b.yaml": thing("b", "name: B\nother: { ref: Thing/a }"),
      "c.yaml": child("x", "Thing/a") + child("y", "Child/z") + child("z", "Child/y"),
    });
    const { diagnostics } = await load();
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "RC3019 Child/y needs Child/z needs Child/y: none of them can be created first",
    ]);
  });

  test("an unreadable document may declare what others refer to", async () => {
    write({ "a.yaml": thing("a", "name: A\nother: { ref: Thing/b }"), "b.yaml": "kind: [" });
    expect(codes(await load())).toEqual(["RC1006"]);
  });
});

describe("texts of files that do not exist yet", () => {
  const FILES = {
    "things/a.yaml": thing("a", "name: A\ntext: { file: ../texts/a.md }"),
    "more/deep/b.yaml": thing("b", "name: B\nother: { ref: Thing/a }"),
    "texts/a.md": "Two\nlines\n",
  };

  test.each([
    ["a project without a list", project("{}")],
    ["folders", project("manifests: [things, more/]")],
    ["the folder of the project", project("manifests: [.]")],
    ["patterns", project('manifests: ["things/*.yaml", "more/**/*.yaml"]')],
    ["one folder", project("manifests: [things]")],
    ["files", project("manifests: [things/a.yaml, more/deep/b.yaml]")],
  ])("are read as if they were in a file: %s", async (_, projectFile) => {
    const files = { ...FILES, "rollcall.yaml": projectFile };
    const before = await load({ texts: new Map(Object.entries(files)) });
    write(files);
    const after = await load();
    expect(before.resources).toEqual(after.resources);
    expect(before.name).toBe("acme");
    expect(codes(before)).toEqual(codes(after).filter((code) => code !== "RC4016"));
    expect(before.includedFile("Thing/a", "/text")).toBe("texts/a.md");
  });

  test.each([
    ["a control character", "Bell \u0007", "RC1005"],
    ["a text that is too long", "x".repeat(256 * 1024 + 1), "RC1003"],
  ])("%s is the same error as in a file", async (_, text, code) => {
    const files = { ...FILES, "texts/a.md": text };
    const before = await load({ texts: new Map(Object.entries(files)) });
    write(files);
    expect(codes(before)).toContain(code);
    expect(codes(await load())).toEqual(codes(before));
  });
});
