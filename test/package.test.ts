import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { builtCheckout, printedByPack } from "./checkout.ts";

const REPOSITORY = resolve(import.meta.dirname, "..");
const MINUTES = 60_000;
const execute = promisify(execFile);

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(cwd: string, program: string, args: readonly string[]): Promise<Ran> {
  try {
    return { code: 0, ...(await execute(program, args, { cwd })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Ran;
    return { code, stdout, stderr };
  }
}

let folder = "";
/** The package as its files are before it is packed, built from the sources; other test files use it, too. */
let source = "";
let tarball = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-package-"));
  source = await builtCheckout();
  const printed = await printedByPack();
  // The name of the file is all it may print: pre-commit installs the package by it.
  expect(printed).toMatch(/^rollcall-[\d.]+\.tgz\n$/);
  tarball = join(source, printed.trim());
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the package contains only the files that are needed to run it", async () => {
  const { stdout } = await run(source, "tar", ["--list", "--gzip", "--file", tarball]);
  const paths = stdout
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""));
  const others = paths.filter((path) => !/^dist\/.+\.(?:js|js\.map|d\.ts)$/.test(path)).toSorted();
  expect(others).toEqual([
    "LICENSE",
    "README.md",
    "dist/THIRD-PARTY-NOTICES.txt",
    "package.json",
    "schema/chat.schema.json",
    "schema/error.schema.json",
    "schema/objects.schema.json",
    "schema/plan.schema.json",
    "schema/rollcall.schema.json",
    "schema/sms.schema.json",
  ]);
  expect(paths).toEqual(expect.arrayContaining(["dist/cli/main.js", "dist/index.js", "dist/index.d.ts"]));
  expect(paths.filter((path) => path.includes(".test."))).toEqual([]);
});

test("every bundled package is listed with its licence", async () => {
  const read = (file: string) => readFile(join(source, file), "utf8");
  const maps = (await readdir(join(source, "dist/chunks"))).filter((name) => name.endsWith(".map"));
  const paths = await Promise.all(
    maps.map(async (name) => JSON.parse(await read(`dist/chunks/${name}`)).sources),
  );
  const packages = new Set(
    paths.flat().flatMap((path: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  expect([...packages]).toEqual(expect.arrayContaining(["commander", "undici", "yaml"]));
  const notices = await read("dist/THIRD-PARTY-NOTICES.txt");
  for (const name of packages) expect(notices).toMatch(new RegExp(`^${name} \\d`, "m"));
});

/** The packages and own files whose code a command loads. */
async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
  const coverage = await mkdtemp(join(folder, "coverage-"));
  const env = { ...process.env, NODE_V8_COVERAGE: coverage };
  await execute("node", [join(source, "dist/cli/main.js"), ...args], { cwd: folder, env });
  const [report = ""] = await readdir(coverage);
  const { result } = JSON.parse(await readFile(join(coverage, report), "utf8"));
  const urls: readonly string[] = result.map(({ url }: { readonly url: string }) => url);
  const own = urls.filter((url) => url.startsWith(pathToFileURL(join(source, "dist/")).href));
  const maps = own.map((url) => `${fileURLToPath(url)}.map`);
  const texts = await Promise.all(
    maps.filter((path) => existsSync(path)).map((path) => readFile(path, "utf8")),
  );
  return [...urls, ...texts.flatMap((text) => JSON.parse(text).sources as string[])];
}

test("`--version` loads only the version", async () => {
  const files = (await loadedBy("--version")).filter((path) => path.endsWith(".ts"));
  expect(files.map((path) => path.replace(/.*\/src\//, "")).toSorted()).toEqual([
    "cli/compile-cache.ts",
    "cli/main.ts",
    "host/version.ts",
  ]);
});

test("`validate` loads no client, no engine, no server, and only the validators of what is declared", async () => {
  const project = join(folder, "one");
  await mkdir(project);
  const manifest =
    "apiVersion: rollcall.dev/v1\nkind: McpServer\nmetadata: { name: a }\nspec: { type: http, url: https://x.example }\n";
  await writeFile(join(project, "a.yaml"), manifest);
  const files = await loadedBy("validate", "one");
  const of = (name: string) => files.filter((path) => path.includes(name));
  expect(of("/node_modules/yaml/").length).toBeGreaterThan(10);
  for (const name of ["undici", "ajv", "fastify", "deep-diff", "diff", "tinyglobby", "any-ascii"])
    expect(of(`/node_modules/${name}/`)).toEqual([]);
  const engine = /\/src\/reconcile\/.*\b(?:plan|apply|snapshot|threeway|canonical)\.ts$/;
  expect(files.filter((path) => engine.test(path))).toEqual([]);
  expect(
    of("/generated/")
      .map((path) => path.replace(/.*\/src\//, ""))
      .toSorted(),
  ).toEqual([
    "providers/telnyx/generated/mcp-server.ts",
    "providers/telnyx/generated/validators.ts",
    "schema/check/generated/frame.ts",
    "schema/check/generated/validators.ts",
  ]);
});

test("a crash shows positions in the sources", async () => {
  const broken = `import path from "node:path"; path.posix.normalize = () => { throw new Error("on purpose"); };`;
  const preload = `data:text/javascript,${encodeURIComponent(broken)}`;
  const crashed = await run(folder, "node", [
    "--import",
    preload,
    join(source, "dist/cli/main.js"),
    "validate",
    ".",
  ]);
  expect(crashed).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/src\/schema\/read\/discover\.ts:\d+:\d+/),
  });
  expect(crashed.stderr).not.toContain("dist/chunks");
});

test("publint finds no problems", async () => {
  const { messages, pkg } = await publint({ pkgDir: source, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

const OFFLINE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/;

describe("installed in an empty folder", { timeout: 2 * MINUTES }, () => {
  const inHome = (program: string, ...args: readonly string[]) => run(home, program, args);
  const rollcall = (...args: readonly string[]) => inHome("node_modules/.bin/rollcall", ...args);
  let home = "";
  let offline: string | undefined;

  beforeAll(async () => {
    home = join(folder, "home");
    await mkdir(home);
    await writeFile(join(home, "package.json"), `{ "private": true, "type": "module" }\n`);
    const installed = await inHome("npm", "install", "--prefer-offline", "--fetch-retries=1", tarball);
    if (installed.code === 0) return;
    if (!OFFLINE.test(installed.stderr)) throw new Error(installed.stderr);
    offline = `npm does not reach its registry: ${OFFLINE.exec(installed.stderr)?.[0]}`;
    process.stderr.write(`The installation of the package is not tested: ${offline}\n`);
  });

  beforeEach(({ skip }) => {
    skip(offline !== undefined, offline);
  });

  test("npx rollcall --version", async () => {
    const { version } = JSON.parse(await readFile(join(REPOSITORY, "package.json"), "utf8"));
    expect(await inHome("npx", "rollcall", "--version")).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  test("init, validate and a mistake", async () => {
    expect(await rollcall("init", "first")).toMatchObject({ code: 0 });
    expect(await rollcall("validate", "first")).toMatchObject({ code: 0 });
    const broken = "apiVersion: rollcall.dev/v1\nkind: Assistent\nmetadata: { name: a }\nspec: {}\n";
    await writeFile(join(home, "first/assistants/broken.yaml"), broken);
    expect(await rollcall("validate", "first")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('did you mean "Assistant"'),
    });
  });

  test("the pre-commit hook runs an existing command", async () => {
    const [hook] = parse(await readFile(join(REPOSITORY, ".pre-commit-hooks.yaml"), "utf8"));
    await rollcall("init", "hooked");
    expect(hook).toMatchObject({ id: "rollcall-validate", language: "node", pass_filenames: false });
    expect(await inHome("npx", ...hook.entry.split(" "), "hooked")).toMatchObject({ code: 0 });
  });

  test("the example of docs/api.md compiles against the types of the package, and runs", async () => {
    const document = await readFile(join(REPOSITORY, "docs/api.md"), "utf8");
    await writeFile(join(home, "example.ts"), /^```ts\n(.*?)^```$/ms.exec(document)?.[1] ?? "no example");
    await rollcall("init", "voice");
    const types = ["--types", "node", "--typeRoots", join(REPOSITORY, "node_modules/@types")];
    const strict = ["--strict", "--module", "nodenext", "--target", "es2023", "--outDir", "compiled"];
    const tsc = join(REPOSITORY, "node_modules/typescript/bin/tsc");
    const compiled = await inHome("node", tsc, ...strict, ...types, "example.ts");
    expect(compiled).toMatchObject({ code: 0, stdout: "" });
    const ran = await inHome("node", "compiled/example.js");
    expect(ran, ran.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("0 steps were not done"),
    });
    expect(ran.stdout).toContain("findings: none");
  });
});
