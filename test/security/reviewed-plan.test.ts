/** Somebody who can push a branch wants the merge of another pull request to apply a plan that nobody reviewed. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { derivedKey } from "../../src/model/derived-key.ts";
import { sealed } from "../../src/reconcile/saved-plan/planfile.ts";
import { startCommand, type Command } from "../action/command.ts";
import { BOT, startGitHub, type FakeGitHub, type WorkflowRun } from "../action/github.ts";
import { git, mergedPull, openOffice, pullRequest, type Office } from "../action/team-project.ts";
import { runAction, type Ended } from "../action/runner.ts";
import { KEY, runIn } from "../e2e/cli.ts";

const HEAD = "apiVersion: rollcall.dev/v1\n";
const PROJECT = `${HEAD}kind: Project\nmetadata: { name: voice }\nspec:\n  ledger: { backend: git }\n  environments: { production: {} }\n`;
const assistant = (name: string, instructions: string) =>
  `${HEAD}kind: Assistant\nmetadata: { name: ${name} }\nspec: { instructions: ${instructions} }\n`;

const OTHER = { number: 13, base: "other" };

describe("from pull request to merge", { timeout: 240_000 }, () => {
  let command: Command;
  let office: Office;
  let head: string;

  beforeAll(async () => {
    command = await startCommand();
  });
  afterAll(() => command.close());
  afterEach(() => office.close());

  /** All is live; a pull request removes the manifest of one assistant, which nobody asked to delete. */
  beforeEach(async () => {
    office = await openOffice(command.action);
    await git(office.desk, "rm", "-q", "-r", "--", ".");
    const extra = assistant("extra", "Stay.");
    await office.push("main", {
      "rollcall.yaml": PROJECT,
      "desk.yaml": assistant("desk", "Hi."),
      "extra.yaml": extra,
    });
    const env = { TELNYX_BASE_URL: office.emulator.url, TELNYX_API_KEY: KEY };
    expect((await runIn(office.desk, env, ["apply", "--yes"])).code).toBe(0);
    await git(office.desk, "rm", "-q", "extra.yaml");
    head = await office.push("words", { "desk.yaml": assistant("desk", "Hello.") });
    office.emulator.clearRequests();
  });

  const extraLives = () =>
    office.emulator
      .state()
      .assistants.some(({ main, deleted_at }) => main["name"] === "extra" && deleted_at === null);

  /** The workflow of a pull request that has this head. */
  function planned(
    inputs: Readonly<Record<string, string>> = {},
    into = { number: 12, base: "main" },
  ): Promise<Ended> {
    const event = pullRequest(head, "acme/voice", "words", into);
    const run = office.run({ sha: head, event, eventName: "pull_request" });
    return runAction(run, { command: "plan", environment: "production", ...inputs });
  }

  /** Number 12 is merged, and its plan is applied. */
  async function merged(inputs: Readonly<Record<string, string>> = {}): Promise<Ended> {
    await git(office.desk, "checkout", "-q", "main");
    await git(office.desk, "merge", "-q", "--no-ff", "-m", "merge", head);
    await git(office.desk, "push", "-q", "origin", "main");
    const sha = await git(office.desk, "rev-parse", "HEAD");
    office.hub.merged.push(mergedPull(sha, head));
    return applied(inputs);
  }

  /** On the branch as it is after the merge. */
  async function applied(inputs: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const sha = await git(office.desk, "rev-parse", "HEAD");
    return runAction(office.run({ sha }), { command: "apply", environment: "production", ...inputs });
  }

  test("a newer plan with --prune of another pull request from the same head is not used", async () => {
    const honest = await planned();
    const other = await planned({ args: "--prune" }, OTHER);
    expect([honest.ok, other.ok]).toEqual([true, true]);
    const [first, second] = office.hub.artifacts;
    if (first === undefined || second === undefined) throw new Error("there are two plans");
    // Nor does it in the place of the right one.
    office.hub.artifacts.splice(0, 2, { ...second, workflow_run: first.workflow_run });
    const exchanged = await merged({ prune: "true" });
    expect(exchanged).toMatchObject({ ok: false, outputs: { "exit-code": "4" } });
    expect(exchanged.log).toMatch(/is plan [0-9a-f]{12}, and plan [0-9a-f]{12} is expected/);

    office.hub.artifacts.splice(0, 1, first, second);
    const ended = await applied();
    expect(ended).toMatchObject({ ok: true, outputs: { "plan-id": honest.outputs["plan-id"] } });
    expect(extraLives()).toBe(true);
  });

  test("a plan with --prune needs the key to be made, and a job that accepts it", async () => {
    await planned({ prune: "true" });
    const [artifact] = office.hub.artifacts;
    const [comment] = office.hub.comments;
    if (artifact === undefined || comment === undefined) throw new Error("there is a plan with a comment");
    const path = join(artifact.folder, "plan.json");
    const [plan, body] = [await readFile(path, "utf8"), comment.body];
    const { x_rollcall: extension, ...rest } = JSON.parse(plan);
    const terms = { ...extension.terms, choices: { ...extension.terms.choices, prune: false } };
    const guess = derivedKey("KEYguessed", "plan seal");
    const forged = sealed({ ...rest, x_rollcall: extension }, terms, guess);
    await writeFile(path, JSON.stringify(forged));
    const { planId } = forged["x_rollcall"] as { readonly planId: string };
    comment.body = body.replace(/id=[0-9a-f]{64}/, `id=${planId}`);
    const refused = await merged();
    expect(refused).toMatchObject({ ok: false, outputs: { "exit-code": "4", changes: "0" } });
    expect(refused.log).toMatch(/its seal is not valid: it was not made with this API key/);

    await writeFile(path, plan);
    comment.body = body;
    expect((await applied()).log).toMatch(/made with prune, which is not accepted here/);
    expect(extraLives()).toBe(true);
    expect(await applied({ prune: "true" })).toMatchObject({ ok: true });
    expect(extraLives()).toBe(false);
  });
});

describe("ci reviewed-plan", () => {
  const [sha, head] = ["a".repeat(40), "b".repeat(40)];
  const [id, other] = ["1".repeat(64), "2".repeat(64)];
  const ARTIFACT = "rollcall-plan-voice-production";
  let hub: FakeGitHub;

  const text = (planId: string, run: number, artifact = ARTIFACT, base = "main") =>
    `<!-- rollcall plan voice production id=${planId} run=${run} base=${base} artifact=${artifact.replaceAll("-", "%2D")} -->\n## Plan\n`;
  const run = (more: Partial<WorkflowRun> = {}): WorkflowRun => ({
    id: 77,
    event: "pull_request",
    path: ".github/workflows/pull-request.yml",
    head_sha: head,
    head_branch: "words",
    head_repository: { full_name: "acme/voice" },
    pull_requests: [{ number: 12, base: { ref: "main" } }],
    ...more,
  });
  const keep = (of: number, more: Readonly<Record<string, unknown>> = {}, name = ARTIFACT) =>
    hub.artifacts.push({
      name,
      expired: false,
      created_at: "2026-11-22T10:00:00Z",
      workflow_run: { id: of, repository_id: 1, head_repository_id: 1, head_sha: head },
      folder: "",
      ...more,
    });

  beforeEach(async () => {
    hub = await startGitHub();
    hub.merged.push(mergedPull(sha, head));
    hub.runs.push(run());
    hub.say(BOT, text(id, 77));
    keep(77);
  });
  afterEach(() => hub.close());

  async function found(...args: readonly string[]): Promise<string> {
    const env = {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: hub.url,
      GITHUB_GRAPHQL_URL: `${hub.url}/graphql`,
      GITHUB_REF_NAME: "main",
      GITHUB_REF_TYPE: "branch",
      GITHUB_REPOSITORY: "acme/voice",
      GITHUB_SHA: sha,
      GITHUB_TOKEN: "t",
    };
    const ran = await runIn("/", env, ["ci", "reviewed-plan", "--artifact", ARTIFACT, ...args]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    return ran.stdout.trimEnd();
  }

  const RIGHT = `run-id=77\nplan-id=${id}\npull-request=12`;

  test("two pull requests from one head into two bases have their own plans", async () => {
    hub.runs.push(run({ id: 78, pull_requests: [{ number: 13, base: { ref: "other" } }] }));
    hub.say(BOT, text(other, 78), 13);
    keep(78);
    expect(await found()).toBe(RIGHT);
    // The same commit is the end of both: which one it is, the branch says.
    hub.merged.unshift(mergedPull(sha, head, OTHER));
    expect(await found()).toBe(RIGHT);
    hub.merged.pop();
    expect(await found()).toBe(`missing=commit ${"a".repeat(12)} is not the merge of a pull request into main`);
  });

  test.each([
    ".github/workflows/pull-request.yml@refs/heads/words",
    "acme/voice/.github/workflows/pull-request.yml@main",
  ])("the workflow can be given as %s", async (path) => {
    hub.runs.splice(0, 1, run({ path }));
    expect(await found()).toBe(RIGHT);
  });

  test("the option allows another workflow to make plans", async () => {
    hub.runs.splice(0, 1, run({ path: ".github/workflows/voice.yaml" }));
    expect(await found()).toMatch(/^missing=.*it is of the workflow \.github\/workflows\/voice\.yaml, not of/);
    expect(await found("--workflow", "voice.yaml")).toBe(RIGHT);
    expect(await found("--workflow", ".github/workflows/voice.yaml")).toBe(RIGHT);
  });

  test.each<[string, Partial<WorkflowRun>, RegExp]>([
    [
      "its own workflow",
      { path: ".github/workflows/mine.yml" },
      /of the workflow \.github\/workflows\/mine\.yml/,
    ],
    ["a name like it", { path: ".github/workflows/pull-request.yml@x.yml" }, /of the workflow .*@x\.yml/],
    [
      "a workflow elsewhere",
      { path: "mallory/voice/.github/workflows/pull-request.yml" },
      /of the workflow mallory/,
    ],
    ["a run on a push", { event: "push" }, /it was started by push, not by pull_request/],
    ["a run by a comment", { event: "issue_comment" }, /started by issue_comment/],
    ["a run with the rights of the base", { event: "pull_request_target" }, /started by pull_request_target/],
    ["a run for another commit", { head_sha: "c".repeat(40) }, /it is not for the last commit/],
  ])("a newer plan of %s is not used", async (_, more, message) => {
    hub.runs.push(run({ id: 78, ...more }));
    keep(78);
    expect(await found()).toBe(RIGHT);
    // Not even when the comment says so.
    const [comment] = hub.comments;
    if (comment !== undefined) comment.body = text(other, 78);
    expect(await found()).toMatch(message);
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      "somebody else",
      () => hub.comments.splice(0, 1) && hub.say("mallory", text(other, 77)),
      /has no Rollcall comment/,
    ],
    [
      "another pull request",
      () => hub.comments.splice(0, 1) && hub.say(BOT, text(other, 77), 13),
      /no Rollcall comment/,
    ],
    [
      "before its base changed",
      () => hub.comments.splice(0, 1) && hub.say(BOT, text(id, 77, ARTIFACT, "other")),
      /its plan was made for a merge into other, not into main/,
    ],
    [
      "another artifact",
      () => hub.comments.splice(0, 1) && hub.say(BOT, text(id, 77, "mine")),
      /no Rollcall comment/,
    ],
    ["nobody", () => hub.comments.splice(0, 1), /pull request #12 has no Rollcall comment for a plan named/],
    ["two", () => hub.say(BOT, text(other, 77)), /several comments for a plan named/],
    ["a comment on a run that is gone", () => hub.runs.splice(0, 1), /run 77 no longer exists/],
    ["a comment on a plan that is gone", () => hub.artifacts.splice(0, 1), /no longer exists/],
    [
      "two merges",
      () => hub.merged.push({ ...mergedPull(sha, head), number: 14 }),
      /more than one pull request/,
    ],
  ])("a comment by %s is not trusted", async (_, change, message) => {
    change();
    expect(await found()).toMatch(message);
  });

  test.each([
    ["a fork", { workflow_run: { id: 77, repository_id: 1, head_repository_id: 2 } }],
    ["before", { expired: true }],
    ["another run", { workflow_run: { id: 76, repository_id: 1, head_repository_id: 1 } }],
  ])("an artifact from %s is not used", async (_, more) => {
    hub.artifacts.splice(0, 1);
    keep(77, more);
    expect(await found()).toMatch(/^missing=the plan named .* of pull request #12 no longer exists$/);
  });
});
