import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { startEmulator, type Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { builtMain } from "../checkout.ts";
import { EXAMPLE, KEY } from "../e2e/cli.ts";
import { startStateServer } from "../ledger/state-server.ts";
import { startCommand, type Command } from "./command.ts";
import { PROJECT, startGitLab, TOKEN, type FakeGitLab } from "./gitlab.ts";
import { git, REPOSITORY } from "./team-project.ts";

interface Job {
  readonly script: readonly string[];
  readonly artifacts: {
    readonly paths: readonly string[];
    readonly reports?: Readonly<Record<string, string>>;
  };
  readonly rules: readonly Readonly<Record<string, string>>[];
}

let command: Command;
let pipeline: Readonly<Record<string, Job>>;
let variables: Readonly<Record<string, string>>;
let lab: FakeGitLab;
let emulator: Emulator;
let folder: string;
/** On the `PATH`, with the command. */
let bin: string;

beforeAll(async () => {
  command = await startCommand();
  const file = parse(await readFile(join(REPOSITORY, "examples/ci/gitlab/.gitlab-ci.yml"), "utf8"));
  [pipeline, variables] = [file, file.variables];
});

afterAll(() => command.close());

/** The ledger is GitLab-managed state, by the lines that the documentation gives. */
beforeEach(async () => {
  [lab, emulator] = await Promise.all([startGitLab(), startEmulator({ seed: 1 })]);
  const state = await startStateServer({ gitlab: true, credentials: "gitlab-ci-token:job-token" });
  folder = await mkdtemp(join(tmpdir(), "rollcall-gitlab-"));
  await cp(EXAMPLE, folder, { recursive: true });
  bin = await mkdtemp(join(tmpdir(), "rollcall-bin-"));
  await symlink(command.path, join(bin, "rollcall"));
  await cp(join(REPOSITORY, "examples/ci/shell"), join(folder, "ci"), { recursive: true });
  const document = await readFile(join(REPOSITORY, "docs/ci.md"), "utf8");
  const [, lines = ""] = /### The ledger in GitLab[^]*?```yaml\n([^]*?)```/.exec(document) ?? [];
  const address = /https:\/\/gitlab\.example\.com\S+\/state\/production/g;
  const { ledger } = parse(lines.replaceAll(address, state.url)).environments.production;
  const settings = join(folder, "rollcall.yaml");
  const project = parse(await readFile(settings, "utf8"));
  project.spec.environments.production.ledger = ledger;
  await writeFile(settings, stringify(project));
});
afterEach(async () => {
  await Promise.all([lab.close(), emulator.close()]);
  for (const path of [folder, bin]) await rm(path, { recursive: true, force: true });
});

/** One job, as a runner of GitLab does it: its lines in one shell that stops at the first error. */
function run(name: string, more: Readonly<Record<string, string>> = {}) {
  return runLines(pipeline[name]?.script ?? ["exit 99"], more);
}

async function runLines(lines: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const child = spawn("sh", ["-e", "-c", lines.join("\n")], {
    cwd: folder,
    env: {
      PATH: `${bin}:${process.env["PATH"]}`,
      TELNYX_API_KEY: KEY,
      TELNYX_BASE_URL: emulator.url,
      GITLAB_CI: "true",
      GITLAB_USER_LOGIN: "tester",
      GITLAB_TOKEN: TOKEN,
      ...variables,
      CI_JOB_TOKEN: "job-token",
      CI_API_V4_URL: lab.url,
      CI_PROJECT_ID: PROJECT,
      CI_COMMIT_SHA: "0123456789abcdef0123456789abcdef01234567",
      CI_JOB_URL: "https://gitlab.example/acme/voice/-/jobs/9",
      ...more,
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, log };
}

const MERGE_REQUEST = { CI_MERGE_REQUEST_IID: "3" };
const textOf = (file: string) => readFile(join(folder, file), "utf8");

test("one note is updated, the report has the counts, the saved plan is applied, and drift is one issue", async () => {
  lab.notes.push({
    id: 1,
    body: "<!-- rollcall plan larkmoor%2Dvoice production -->\nMine.",
    author: { id: 8 },
  });
  lab.notes.push({ id: 2, body: "Nice.", author: { id: 8 } });
  const first = await run("plan", MERGE_REQUEST);
  expect(first.code, first.log).toBe(0);
  expect(JSON.parse(await textOf(pipeline["plan"]?.artifacts.reports?.["terraform"] ?? ""))).toEqual({
    create: 27,
    update: 0,
    delete: 0,
  });
  expect(lab.notes).toHaveLength(3);
  await writeFile(join(folder, "prompts/billing.md"), "Be kind.\n");
  expect((await run("plan", MERGE_REQUEST)).code).toBe(0);
  expect(lab.notes).toHaveLength(3);
  const { planId } = JSON.parse(await textOf("plan.json")).x_rollcall;
  expect(lab.notes[2]?.body).toContain(`id=${planId}`);
  expect(lab.notes[2]?.body).toContain(
    "<sub>Commit 0123456789ab · [the run, with the whole report](https://gitlab.",
  );
  expect(lab.notes[0]?.body).toContain("Mine.");

  const written = lab.log.length;
  expect((await run("plan")).code).toBe(0);
  expect(lab.log).toHaveLength(written);
  const applied = await run("apply");
  expect(applied.code, applied.log).toBe(0);
  expect(applied.log).toContain("27 added, 0 changed, 0 destroyed");
  expect((await run("apply")).code).toBe(4);

  expect((await run("drift")).code).toBe(0);
  expect(lab.issues).toEqual([]);
  const support = emulator.state().assistants.find(({ main }) => main["name"] === "Support")?.id ?? "";
  emulator.portal.edit("Assistant", support, { greeting: "Ahoy" });
  expect((await run("drift")).code).toBe(2);
  emulator.portal.edit("Assistant", support, { greeting: "Ahoy, ahoy" });
  expect((await run("drift")).code).toBe(2);
  expect(lab.issues).toMatchObject([{ state: "opened", description: expect.stringContaining("Ahoy, ahoy") }]);
  await run("plan");
  expect((await run("apply")).code).toBe(0);
  expect((await run("drift")).code).toBe(0);
  expect(lab.issues).toMatchObject([{ state: "closed" }]);
}, 240_000);

test("a plan that apply would refuse is shown, and the job fails", async () => {
  await rm(join(bin, "rollcall"));
  await symlink(await builtMain(), join(bin, "rollcall"));
  emulator.portal.create("Assistant", { name: "Billing", instructions: "a" });
  emulator.portal.create("Assistant", { name: "Billing", instructions: "b" });
  const { code } = await run("plan", MERGE_REQUEST);
  expect(code).toBe(1);
  expect(lab.notes).toMatchObject([{ body: expect.stringContaining("⛔") }]);
}, 180_000);

test("a wrong token fails the job, and is not printed", async () => {
  const { code, log } = await run("plan", {
    ...MERGE_REQUEST,
    GITLAB_TOKEN: "wrong-token",
    TF_PASSWORD: TOKEN,
  });
  expect(code).not.toBe(0);
  expect(log).toMatch(/GitLab answered 401 to GET .*: 401 Unauthorized/);
  expect(log).not.toMatch(/wrong-token|job-token/);
}, 180_000);

test("a fork is only validated, without the key", async () => {
  expect((await run("validate", { TELNYX_API_KEY: "", GITLAB_TOKEN: "" })).code).toBe(0);
  expect(emulator.requests()).toEqual([]);
  const [forRequests] = pipeline["plan"]?.rules ?? [];
  expect(forRequests?.["if"]).toContain("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID");
});

test("live changes are proposed in one merge request, which is closed when none are left", async () => {
  const bare = await mkdtemp(join(tmpdir(), "rollcall-bare-"));
  await git(bare, "init", "-q", "--bare");
  await git(folder, "init", "-q", "-b", "main");
  await git(folder, "remote", "add", "origin", bare);
  await git(folder, "add", "-A");
  await git(folder, "commit", "-q", "-m", "voices");
  expect((await runLines(["rollcall apply --yes"])).code).toBe(0);
  const support = emulator.state().assistants.find(({ main }) => main["name"] === "Support")?.id ?? "";
  emulator.portal.edit("Assistant", support, { greeting: "Ahoy", instructions: "Be quick." });
  const lines = ["rollcall drift --propose --report markdown=drift.md", "rollcall ci propose drift.md"];
  const proposed = await runLines(lines, { CI_COMMIT_BRANCH: "main" });
  expect(proposed.code, proposed.log).toBe(0);
  const branch = "rollcall/adopt/larkmoor-voice/production";
  expect(lab.mergeRequests).toMatchObject([{ state: "opened", source_branch: branch, target_branch: "main" }]);
  expect(await git(bare, "show", `${branch}:rollcall.yaml`)).toContain("Ahoy");
  expect(await git(bare, "show", `${branch}:prompts/support.production.md`)).toContain("Be quick.");
  expect(await git(folder, "diff", "--cached", "--name-only")).toBe("");
  await git(folder, "commit", "-qam", "adopted");
  expect((await runLines(lines, { CI_COMMIT_BRANCH: "main" })).code).toBe(0);
  expect(lab.mergeRequests).toMatchObject([{ state: "closed" }]);
  await rm(bare, { recursive: true, force: true });
}, 180_000);
