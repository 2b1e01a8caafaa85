import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";

const REPOSITORY = resolve(import.meta.dirname, "../..");
/** Everything that the new files, their tests and the tools need. */
const COPIED = [
  ".oxfmtrc.json",
  ".oxlintrc.json",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
  "test/environment.ts",
  "test/hasty.ts",
  "scripts/new-kind.ts",
  "src",
  "test/e2e/cli.ts",
  "test/longest-first.ts",
  "test/scripts/new-kind-journey.ts",
  "test/shared-folder.ts",
  "test/specification",
];
const KINDS = "src/providers/telnyx/kinds";
const SCRIPT = "scripts/new-kind";
const JOURNEY = "test/scripts/new-kind-journey";

let copy = "";

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "rollcall-kind-"));
  await Promise.all(COPIED.map((path) => cp(join(REPOSITORY, path), join(copy, path), { recursive: true })));
  await symlink(join(REPOSITORY, "node_modules"), join(copy, "node_modules"));
  await bundle(SCRIPT);
});

/** Puts a file without types and with all that it imports beside the source: it starts in a tenth of the time. */
async function bundle(path: string): Promise<void> {
  const made = await rolldown({ cwd: copy, input: join(copy, `${path}.ts`), platform: "node" });
  await made.write({ file: join(copy, `${path}.mjs`), format: "esm", codeSplitting: false });
}

afterAll(() => rm(copy, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a program of the toolchain in the copy. */
function run(program: string, ...args: readonly string[]): Promise<Ran> {
  return start(join(copy, "node_modules/.bin", program), args);
}

async function start(file: string, args: readonly string[]): Promise<Ran> {
  const { VITEST: _, ...env } = process.env;
  try {
    const done = await promisify(execFile)(file, args, {
      cwd: copy,
      env,
      timeout: 90_000,
    });
    return { code: 0, output: done.stdout + done.stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

function newKind(...args: readonly string[]): Promise<Ran> {
  return start(process.execPath, [`${SCRIPT}.mjs`, ...args]);
}

test("a new kind compiles, is formatted, passes the lint, its own tests and the contract suite", async () => {
  const made = await run("tsx", `${SCRIPT}.ts`, "VoiceGadget", "/ai/gadgets");
  expect(made.output).toContain(`${KINDS}/voice-gadget/kind.ts`);
  expect(made.code).toBe(0);
  const index = await readFile(join(copy, KINDS, "index.ts"), "utf8");
  expect(index).toContain('import { voiceGadget } from "./voice-gadget/kind.ts";');
  expect(index).toMatch(/^ {2}voiceGadget,\n\];$/m);
  expect(await readFile(join(copy, KINDS, "voice-gadget/kind.ts"), "utf8")).toContain('"/ai/gadgets/{id}"');

  const paths = [join(KINDS, "voice-gadget"), join(KINDS, "index.ts")];
  expect(await run("oxfmt", "--check", ...paths)).toMatchObject({ code: 0 });
  expect(await run("oxlint", "--deny-warnings", ...paths)).toMatchObject({ code: 0 });
  const config = { extends: "./tsconfig.json", include: paths };
  await writeFile(join(copy, "tsconfig.kinds.json"), JSON.stringify(config));
  expect(await run("tsc", "-p", "tsconfig.kinds.json")).toMatchObject({ code: 0 });
  const tests = await run(
    "vitest",
    "run",
    "--no-color",
    join(KINDS, "voice-gadget"),
    join(KINDS, "contract.test.ts"),
  );
  expect(tests.output).toMatch(/contract\.test\.ts/);
  expect(tests.output).toMatch(/voice-gadget/);
  expect(tests).toMatchObject({ code: 0 });
}, 120_000);

test("a new kind is validated, planned, applied, explained and shown without an edit elsewhere", async () => {
  if (!existsSync(join(copy, KINDS, "voice-gadget"))) await newKind("VoiceGadget", "/ai/gadgets");
  await bundle(JOURNEY);
  const { code, output } = await start(process.execPath, [`${JOURNEY}.mjs`]);
  expect(code, output).toBe(0);
  const ran = JSON.parse(output.trim().split("\n").at(-1) ?? "");
  const live = { id: "gadget-0", created_at: "2026-01-01T00:00:00Z", name: "door" };
  expect(ran).toMatchObject({
    mistake: { code: 1, stdout: expect.stringContaining("VoiceGadget.spec.description") },
    validate: { code: 0 },
    plan: { code: 0, stdout: expect.stringContaining("VoiceGadget/door will be created") },
    apply: { code: 0, stderr: expect.stringContaining("VoiceGadget/door") },
    nothing: { code: 0, stdout: expect.stringContaining("No changes") },
    update: { code: 0, stdout: expect.stringContaining("VoiceGadget/door will be updated in-place") },
    live: [{ ...live, description: "Opens every door." }],
    drift: { code: 2, stdout: expect.stringContaining("Edited elsewhere.") },
    propose: { stdout: expect.stringContaining("door.yaml") },
    graph: { code: 0, stdout: expect.stringContaining(`subgraph k0["VoiceGadget"]`) },
    explain: { code: 0, stdout: expect.stringContaining("What it is for.") },
    schema: { code: 0, stdout: expect.stringContaining('"VoiceGadget"') },
    delete: { code: 0, stdout: expect.stringContaining("VoiceGadget/door") },
    left: [{ id: "gadget-1", name: "window" }],
  });
}, 120_000);

test("the files of a kind with a long name are formatted", async () => {
  const made = await newKind("AnotherGadgetWithAVeryLongNameForAKind00");
  expect(made.code).toBe(0);
  const folder = join(KINDS, "another-gadget-with-a-very-long-name-for-a-kind00");
  expect(await run("oxfmt", "--check", folder, join(KINDS, "index.ts"))).toMatchObject({ code: 0 });
});

test.each([
  ["an existing kind", ["McpServer"], "there is a kind McpServer already"],
  ["a name in small letters", ["gadget"], "gadget is not the name of a kind"],
  ["a name that leads elsewhere", ["../Gadget"], "is not the name of a kind"],
  ["a collection that is not a path", ["Gadget", "gadgets"], "gadgets is not a path"],
  ["no name", [], "usage: npm run new:kind"],
])("%s is refused, and nothing is written", async (_, args, message) => {
  const before = await readFile(join(copy, KINDS, "index.ts"), "utf8");
  const { code, output } = await newKind(...args);
  expect(output).toContain(message);
  expect(code).toBe(1);
  expect(await readFile(join(copy, KINDS, "index.ts"), "utf8")).toBe(before);
});
