/** A stranger starts the action with an event that carries the secrets of the repository. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startCommand, type Command } from "../action/command.ts";
import { KEY } from "../e2e/cli.ts";
import { git, openOffice, pullRequest, type Office } from "../action/team-project.ts";

let command: Command;
let office: Office;
let workspace: string;

beforeAll(async () => {
  command = await startCommand();
  office = await openOffice(command.action);
  workspace = join(office.folder, "workspace");
  await git(office.folder, "clone", "-q", `file://${office.bare}`, workspace);
});
afterAll(async () => {
  await Promise.all([office.close(), command.close()]);
});
beforeEach(() => office.emulator.clearRequests());

interface Started {
  readonly command: string;
  readonly event: string;
  readonly payload?: unknown;
  readonly actor?: string;
  readonly planFile?: string;
}

/** The step of the action that has the API key, as a process. */
async function start({ command: name, event, payload = {}, actor = "somebody", planFile = "" }: Started) {
  const temp = await mkdtemp(join(office.folder, "step-"));
  const [outputs, summary, told] = ["outputs", "summary.md", "event.json"].map((name) => join(temp, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([writeFile(outputs, ""), writeFile(summary, ""), writeFile(told, JSON.stringify(payload))]);
  const child = spawn(process.execPath, [join(command.action, "scripts/action/run.mjs")], {
    cwd: workspace,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: temp,
      TELNYX_API_KEY: KEY,
      TELNYX_BASE_URL: office.emulator.url,
      ROLLCALL: command.path,
      INPUT_COMMAND: name,
      INPUT_PROJECT: ".",
      INPUT_WORKING_DIRECTORY: ".",
      INPUT_ENVIRONMENT: "production",
      INPUT_PLAN_FILE: planFile,
      GITHUB_ACTOR: actor,
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: told,
      GITHUB_OUTPUT: outputs,
      GITHUB_REPOSITORY: "acme/voice",
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
    },
    stdio: "ignore",
  });
  await new Promise((done) => child.on("close", done));
  const [output, text] = await Promise.all([readFile(outputs, "utf8"), readFile(summary, "utf8")]);
  return {
    code: /^exit-code=(.*)$/m.exec(output)?.[1],
    planFile: /^plan-file=(.*)$/m.exec(output)?.[1] ?? "",
    summary: text,
    requests: office.emulator.requests().length,
  };
}

/** The same pull request that is trusted with the event `pull_request`. */
const OWN = pullRequest("0".repeat(40));
const FORK = pullRequest("0".repeat(40), "mallory/voice");

describe("an event that strangers can trigger sends no request", { timeout: 120_000 }, () => {
  test.each([
    ["issue_comment", { issue: { number: 12, pull_request: {} }, comment: { body: "/plan" } }],
    ["workflow_run", { workflow_run: { head_repository: { full_name: "mallory/voice" } } }],
    ["pull_request_target", OWN],
    ["pull_request_review", OWN],
    ["repository_dispatch", { action: "plan" }],
    ["an_event_that_is_yet_to_come", {}],
    ["", OWN],
  ])("%s", async (event, payload) => {
    const ran = await start({ command: "plan", event, payload });
    expect(ran).toMatchObject({ code: "0", requests: 0 });
    expect(ran.summary).toContain("**Checked offline only.** The event ");
    expect(ran.summary).toContain("No plan was made.");
  });

  test.each([
    ["a fork", FORK, "somebody", /comes from a fork/],
    ["a fork that is gone", { pull_request: { head: { repo: null } } }, "somebody", /comes from a fork/],
    ["Dependabot", OWN, "dependabot[bot]", /started by Dependabot/],
  ])("pull_request from %s", async (_, payload, actor, reason) => {
    const ran = await start({ command: "drift", event: "pull_request", payload, actor });
    expect(ran).toMatchObject({ code: "0", requests: 0, summary: expect.stringMatching(reason) });
  });

  test("push by Dependabot", async () => {
    const ran = await start({ command: "plan", event: "push", actor: "dependabot[bot]" });
    expect(ran).toMatchObject({ requests: 0, summary: expect.stringContaining("started by Dependabot") });
  });

  test("an event that strangers can trigger applies no plan", async () => {
    const made = await start({ command: "plan", event: "push" });
    expect(made.code).toBe("2");
    office.emulator.clearRequests();
    for (const event of ["workflow_run", "pull_request_target"]) {
      const ran = await start({ command: "apply", event, payload: OWN, planFile: made.planFile });
      expect(ran).toMatchObject({ code: "1", requests: 0 });
      expect(ran.summary).toContain(`**Nothing was applied.** The event \`${event}\` is not trusted`);
    }
  });
});

describe("an event that only the team can trigger is planned", { timeout: 120_000 }, () => {
  test.each(["workflow_dispatch", "merge_group", "release"])("%s", async (event) => {
    expect((await start({ command: "plan", event })).code).toBe("2");
  });

  test("pull_request from the repository itself, and a schedule whose workflow Dependabot has updated", async () => {
    expect((await start({ command: "plan", event: "pull_request", payload: OWN })).code).toBe("2");
    const night = await start({ command: "drift", event: "schedule", actor: "dependabot[bot]" });
    expect(night.requests).toBeGreaterThan(0);
  });
});
