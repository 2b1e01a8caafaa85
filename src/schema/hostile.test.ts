import { execFileSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inventedKinds } from "../../test/scenarios/manifests/invented-kinds.ts";
import type { Finding } from "../model/finding.ts";
import { loadProject } from "./load.ts";
import { toJson } from "../model/node.ts";
import { parse } from "./read/parse.ts";
import { sourceOf } from "../model/source.ts";

const MAKE_PIPE = "mkfifo";
const MEGABYTE = 1024 * 1024;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "rollcall-hostile-"));
  mkdirSync(join(root, "project"));
  writeFileSync(join(root, "secret.txt"), "top secret");
  writeFileSync(
    join(root, "project/rollcall.yaml"),
    "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: p }\n",
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function thing(text: string): string {
  return `apiVersion: rollcall.dev/v1\nkind: Thing\nmetadata: { name: a }\nspec: { name: A, text: ${text} }\n`;
}

async function problems(): Promise<readonly string[]> {
  const { diagnostics } = await loadProject({ path: join(root, "project"), env: {}, kinds: inventedKinds });
  return diagnostics.map(({ code, range }) => `${code} ${range?.file ?? ""}`.trim());
}

function read(text: string): { readonly values: readonly unknown[]; readonly codes: readonly string[] } {
  const findings: Finding[] = [];
  const { documents } = parse(sourceOf("x.yaml", text), (finding) => void findings.push(finding));
  return { values: documents.map(toJson), codes: findings.map(({ code }) => code) };
}

describe("special files", () => {
  test("a pipe is refused as an include and as a manifest, without waiting", async () => {
    execFileSync(MAKE_PIPE, [join(root, "project/pipe.md"), join(root, "project/pipe.yaml")]);
    writeFileSync(join(root, "project/a.yaml"), thing("{ file: pipe.md }"));
    writeFileSync(
      join(root, "project/rollcall.yaml"),
      "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: p }\nspec: { manifests: [a.yaml, pipe.yaml] }\n",
    );
    expect(await problems()).toEqual(["RC1002", "RC1002 a.yaml"]);
  });

  test("a folder is refused", async () => {
    mkdirSync(join(root, "project/texts"));
    writeFileSync(join(root, "project/a.yaml"), thing("{ file: texts }"));
    expect(await problems()).toEqual(["RC1002 a.yaml"]);
  });
});

describe("links out of the project", () => {
  test.each(["../secret.txt", "texts/../../secret.txt", "./../secret.txt", "/etc/hostname", "C:\\secret.txt"])(
    "%s",
    async (path) => {
      writeFileSync(join(root, "project/a.yaml"), thing(`{ file: '${path}' }`));
      expect(await problems()).toEqual(["RC1018 a.yaml"]);
    },
  );

  test("to a text, a manifest and a folder of manifests are refused", async () => {
    symlinkSync(join(root, "secret.txt"), join(root, "project/link.md"));
    mkdirSync(join(root, "outside"));
    writeFileSync(join(root, "outside/b.yaml"), thing("b"));
    symlinkSync(join(root, "outside/b.yaml"), join(root, "project/b.yaml"));
    symlinkSync(join(root, "outside"), join(root, "project/linked"));
    writeFileSync(join(root, "project/a.yaml"), thing("{ file: link.md }"));
    expect(await problems()).toEqual(["RC1018", "RC1018", "RC1018 a.yaml"]);
  });

  test("links inside of the project are followed; dangling and circular links are not", async () => {
    writeFileSync(join(root, "project/real.md"), "text");
    symlinkSync("real.md", join(root, "project/link.md"));
    writeFileSync(join(root, "project/a.yaml"), thing("{ file: link.md }"));
    expect(await problems()).toEqual([]);
    rmSync(join(root, "project/link.md"));
    symlinkSync("link.md", join(root, "project/link.md"));
    expect(await problems()).toEqual(["RC1019 a.yaml"]);
    mkdirSync(join(root, "project/deep"));
    symlinkSync("..", join(root, "project/deep/up"));
    writeFileSync(join(root, "project/a.yaml"), thing("x"));
    expect(await problems()).toEqual([]);
  });
});

describe("sizes", () => {
  test("a manifest of 50 MB is refused before it is read", async () => {
    const file = openSync(join(root, "project/a.yaml"), "w");
    ftruncateSync(file, 50 * MEGABYTE);
    closeSync(file);
    expect(await problems()).toEqual(["RC1003"]);
  });

  test("a manifest of just under 4 MiB is read", async () => {
    writeFileSync(
      join(root, "project/a.yaml"),
      thing(`|\n  ${"x".repeat(79)}\n`.replace("|", `"${"x".repeat(4 * MEGABYTE - 200)}"`)),
    );
    expect(await problems()).not.toContain("RC1003");
  });
});

const SHAPES: readonly (readonly [string, string])[] = [
  ["brackets", "[".repeat(4 * MEGABYTE)],
  ["closed brackets", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
  ["braces", "{a: ".repeat(MEGABYTE)],
  ["dashes", "- ".repeat(2 * MEGABYTE)],
  ["question marks", "? ".repeat(2 * MEGABYTE)],
  ["indentation", Array.from({ length: 2000 }, (_, level) => `${" ".repeat(level)}a:`).join("\n")],
];

describe("resource exhaustion", () => {
  test.each(SHAPES)("nested by %s", (_, text) => {
    expect(read(text).codes).toEqual(["RC1015"]);
  });

  test("100 levels are accepted, 101 are not", () => {
    const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    expect(read(nested(100)).codes).toEqual([]);
    expect(read(nested(101)).codes).toEqual(["RC1015"]);
  });

  test("too many tokens", () => {
    expect(read("a: 1\n".repeat(500_000)).codes).toEqual(["RC1015"]);
  });

  test("100 aliases are expanded, and nested aliases count each time", () => {
    const list = (name: string, times: number) => `[${`*${name}, `.repeat(times)}]`;
    expect(read(`a: &a x\nb: ${list("a", 100)}`).codes).toEqual([]);
    expect(read(`a: &a x\nb: ${list("a", 101)}`).codes).toEqual(["RC1011"]);
    expect(read(`a: &a x\nb: &b ${list("a", 9)}\nc: ${list("b", 9)}`).codes).toEqual([]);
    expect(read(`a: &a x\nb: &b ${list("a", 10)}\nc: ${list("b", 9)}`).codes).toEqual(["RC1011"]);
  });

  test("few aliases of a large part", () => {
    expect(read(`a: &a [${"1,".repeat(20_000)}]\nb: [${"*a,".repeat(50)}]`).codes).toEqual(["RC1011"]);
  });

  test("many keys, many merge sources, many comments", () => {
    const keys = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join("\n");
    expect(read(keys).codes).toEqual([]);
    expect(read(`a: { <<: [${"{}, ".repeat(150_000)}] }`).codes).toEqual([]);
    expect(read(`${"# rollcall-ignore RC3007: x\n".repeat(100_000)}a: 1`).codes).toEqual([]);
  });

  test("numbers of a million digits", () => {
    expect(read(`a: ${"9".repeat(MEGABYTE)}`).codes).toEqual(["RC1016"]);
  });
});

describe("keys", () => {
  test("cannot reach a prototype", () => {
    const { codes, values } = read(
      "__proto__: { polluted: 1 }\n'constructor': 1\n\"prototype\": 1\n<<: { __proto__: 1 }\nfine: 1",
    );
    expect(codes).toEqual(["RC1010", "RC1010", "RC1010", "RC1010"]);
    expect(values).toEqual([{ fine: 1 }]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each(["toString", "hasOwnProperty", "valueOf", "__defineGetter__"])("%s is an ordinary key", (key) => {
    expect(read(`${key}: 1`)).toEqual({ codes: [], values: [{ [key]: 1 }] });
  });
});

test("byte order mark, line endings, empty documents and directives are accepted", () => {
  expect(read("\uFEFFa: 1").values).toEqual([{ a: 1 }]);
  expect(read("a: |\r\n  x\r\n  y\r\nb: 1\r\n").values).toEqual([{ a: "x\ny\n", b: 1 }]);
  expect(read("---\n---\n# nothing\n...\n---\na: 1\n").values).toEqual([{ a: 1 }]);
  expect(read("%YAML 1.1\n---\na: yes\nb: 0o17\nc: 017\n").values).toEqual([{ a: "yes", b: 15, c: 17 }]);
});

test("no message repeats a secret", async () => {
  const secret = "sk-abcdefghij0123456789XYZ";
  writeFileSync(
    join(root, "project/a.yaml"),
    `apiVersion: rollcall.dev/v1\nkind: Thing\nmetadata: { name: a, labels: { x: ${secret} } }\nspec:\n  name: ${secret}\n  colour: ${secret}\n  size: ${secret}\n  ${secret}: 1\n  other: { ref: ${secret} }\n  note: { file: ${secret} }\n  text: \${var.x}\n`,
  );
  const project = await loadProject({
    path: join(root, "project"),
    env: { ROLLCALL_VAR_x: secret },
    kinds: inventedKinds,
  });
  expect(project.diagnostics.length).toBeGreaterThan(8);
  expect(JSON.stringify(project.diagnostics)).not.toContain("sk-abc");
  expect(project.sourceText("a.yaml")).not.toContain("sk-abc");
});
