import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { githubWorkflow } from "../../src/cli/scaffold/ci.ts";
import { REPOSITORY } from "./team-project.ts";

const CI = join(REPOSITORY, "examples/ci");
const WORKFLOWS = readdirSync(join(CI, "github")).map((name) => join(CI, "github", name));
const OWN = readdirSync(join(REPOSITORY, ".github/workflows")).map((name) =>
  join(REPOSITORY, ".github/workflows", name),
);
const ACTION = join(REPOSITORY, "action.yml");
const GUIDE = join(REPOSITORY, "docs/ci.md");
const SCRIPTS = readdirSync(join(CI, "shell")).map((name) => join(CI, "shell", name));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  /** Absent where another workflow is called. */
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (file: string) => readFileSync(file, "utf8");
const workflow = (file: string) => parse(read(file)) as Workflow;
const steps = (): readonly Step[] => [
  ...((parse(read(ACTION)) as { readonly runs: Job }).runs.steps ?? []),
  ...[...WORKFLOWS, ...OWN].flatMap((file) =>
    Object.values(workflow(file).jobs).flatMap(({ steps: all = [] }) => all),
  ),
];
const nameOf = (file: string) => relative(REPOSITORY, file);

test("third-party actions are pinned to a commit with the version as a comment, one version of each", () => {
  const texts = [...[ACTION, ...WORKFLOWS, ...OWN].map(read), githubWorkflow("acme", "1.2.3"), read(GUIDE)];
  const lines = texts.flatMap((text) =>
    text.split("\n").filter((line) => /^\s*(?:- )?uses: (?!\.\/)/.test(line)),
  );
  expect(lines.length).toBeGreaterThan(10);
  const named = lines.map((line) =>
    /uses: ([\w/-]+)@([0-9a-f]{40})(?: # (v\d+\.\d+\.\d+))?$/.exec(line.trimEnd())?.slice(1),
  );
  expect(named.filter((parts) => parts === undefined)).toEqual([]);
  expect(named.filter((parts) => parts?.[0] !== "rollcall-org/rollcall" && parts?.[2] === undefined)).toEqual(
    [],
  );
  const versions = new Map(named.map((parts) => [parts?.[0], parts?.[1]]));
  expect(named.filter((parts) => versions.get(parts?.[0]) !== parts?.[1])).toEqual([]);
});

test("no script contains an expression, so that input is never code", () => {
  const scripts = steps().flatMap(({ run }) => (run === undefined ? [] : [run]));
  expect(scripts.length).toBeGreaterThan(5);
  expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
});

test("every script of the action and the workflows is valid bash", () => {
  const { runs } = parse(read(ACTION)) as { readonly runs: Job };
  for (const { run, shell } of runs.steps ?? []) if (run !== undefined) expect(shell).toBe("bash");
  for (const { run } of steps()) if (run !== undefined) execFileSync("bash", ["-n"], { input: run });
});

describe.each(WORKFLOWS.map((file) => [nameOf(file), file] as const))("%s", (_, file) => {
  const { permissions, concurrency, jobs } = workflow(file);

  test("has only the permissions of its jobs, and runs one at a time", () => {
    expect(permissions).toEqual({});
    expect(concurrency?.group).toMatch(/^rollcall-(?:plan|apply|drift)-larkmoor-voice-/);
    for (const job of Object.values(jobs)) {
      expect(Object.keys(job.permissions ?? {})).toContain("contents");
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
    }
  });

  test("gives the key only to steps of Rollcall", () => {
    const withKey = Object.values(jobs)
      .flatMap((job) => job.steps ?? [])
      .filter((step) => JSON.stringify(step).includes("secrets."));
    expect(withKey.map(({ uses }) => uses?.split("@")[0])).toEqual(withKey.map(() => "rollcall-org/rollcall"));
    expect(read(file)).not.toMatch(/pull_request_target|secrets: inherit/);
  });
});

test("a job that runs for forks has no secret and no write permission", () => {
  const job = workflow(join(CI, "github/pull-request.yml")).jobs["validate"];
  expect(job?.permissions).toEqual({ contents: "read" });
  expect(JSON.stringify(job)).not.toContain("secrets");
});

test.each(SCRIPTS.map((file) => [nameOf(file), file] as const))("%s stops at the first error", (_, file) => {
  expect(read(file)).toMatch(/^#!\/bin\/sh\n/);
  expect(read(file)).toContain("\nset -eu\n");
  execFileSync("sh", ["-n", file]);
});
