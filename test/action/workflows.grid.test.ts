import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "vitest";
import { everyNth } from "../grid.ts";
import { BOT } from "./github.ts";
import { builtCheckout } from "../checkout.ts";
import { startCommand, type Command } from "./command.ts";
import { git, mergedPull, openOffice, pullRequest, REPOSITORY, type Office } from "./team-project.ts";
import { runWorkflow, type Run } from "./runner.ts";

const test = everyNth(3);

const WORKFLOWS = join(REPOSITORY, "examples/ci/github");

let command: Command;
let office: Office;

beforeAll(async () => {
  command = await startCommand();
});
afterAll(() => command.close());
beforeEach(async () => {
  office = await openOffice(command.action);
});
afterEach(() => office.close());

const workflow = (name: string, run: Run) => runWorkflow(join(WORKFLOWS, `${name}.yml`), run);

function instructionsOf(name: string): unknown {
  return assistant(name)?.main["instructions"];
}

function assistant(name: string) {
  return office.emulator.state().assistants.find(({ main }) => main["name"] === name);
}

/** Opens a pull request on top of what was pushed last, and runs its workflow. */
async function proposed(files: Readonly<Record<string, string>>, from = "acme/voice", more: Partial<Run> = {}) {
  const head = await office.push("words", files);
  const secrets = from === "acme/voice" ? {} : { secrets: {} };
  const run = office.run({
    sha: head,
    event: pullRequest(head, from),
    eventName: "pull_request",
    ...secrets,
    ...more,
  });
  return { head, jobs: await workflow("pull-request", run) };
}

/** Merges it with a merge commit, and runs what runs on a push. */
async function merged(head: string, more: Partial<Run> = {}) {
  await git(office.desk, "checkout", "-q", "main");
  await git(office.desk, "merge", "-q", "--no-ff", "-m", "merge", head);
  await git(office.desk, "push", "-q", "origin", "main");
  const sha = await git(office.desk, "rev-parse", "HEAD");
  office.hub.merged.push(mergedPull(sha, head));
  return workflow("merge", office.run({ sha, ...more }));
}

const words = (text: string) => ({ "prompts/billing.md": text });

describe("from a pull request to the merge", { timeout: 300_000 }, () => {
  test("the merge applies the reviewed plan, also from another merge commit", async () => {
    const built = { action: await builtCheckout() };
    const { head, jobs } = await proposed(words("Be kind.\n"), "acme/voice", built);
    expect([jobs["validate"]?.ok, jobs["plan"]?.ok]).toEqual([true, true]);
    const [, id] = /id=([0-9a-f]{64})/.exec(office.hub.comments[0]?.body ?? "") ?? [];
    const { reviewed, ...others } = await merged(head, built);
    expect(reviewed).toMatchObject({ ok: true, outputs: { "exit-code": "0" } });
    expect(reviewed?.summary).toContain("27 added, 0 changed, 0 destroyed");
    expect(Object.values(others).filter((job) => job !== undefined)).toEqual([]);
    expect(instructionsOf("Billing")).toBe("Be kind.");
    const ledger = await git(office.bare, "log", "--format=%B", "refs/rollcall/larkmoor-voice/production");
    expect(ledger).toContain("apply");
    expect(id).toBeDefined();
  });

  test("a stale plan is refused; a new one is applied after an approval", async () => {
    const first = await proposed({});
    expect((await merged(first.head))["reviewed"]?.ok).toBe(true);
    const { head } = await proposed(words("Be kind.\n"));
    office.emulator.portal.edit("Assistant", assistant("Billing")?.id ?? "", { greeting: "Ahoy" });
    office.emulator.clearRequests();
    const stopped = await merged(head, { secrets: {} });
    expect(stopped["reviewed"]).toMatchObject({ ok: false, outputs: { "exit-code": "1" } });
    expect(stopped["new-plan"]).toBeUndefined();

    const jobs = await workflow("merge", office.run({ sha: await git(office.desk, "rev-parse", "HEAD") }));
    expect(jobs["reviewed"]).toMatchObject({ ok: true, outputs: { "exit-code": "4" } });
    expect(jobs["reviewed"]?.summary).toContain("Refused: nothing was applied");
    expect(jobs["reviewed"]?.log).toMatch(/was changed live since the plan was made: greeting/);
    expect(jobs["new-plan"]).toMatchObject({ ok: true, outputs: { changes: "1" } });
    expect(jobs["new-plan"]?.summary).toContain("Ahoy");
    expect(jobs["approved"]).toMatchObject({ ok: true });
    expect(instructionsOf("Billing")).toBe("Be kind.");
    expect(office.hub.comments).toHaveLength(1);
  });

  test.each([
    ["a push without a pull request", () => undefined, /is not the merge of a pull request/],
    [
      "an expired plan artifact",
      () => ({ expired: true }),
      /the plan named rollcall-plan-larkmoor-voice-production of pull request .*12 no longer exists/,
    ],
    [
      "a plan that a fork put there",
      (head: string) => ({ workflow_run: { id: 77, repository_id: 1, head_repository_id: 2, head_sha: head } }),
      /no longer exists/,
    ],
  ])("%s is nothing to apply", async (what, change, message) => {
    const { head } = await proposed(words("Be kind.\n"));
    const [kept] = office.hub.artifacts;
    const changed = change(head);
    if (kept !== undefined && changed !== undefined) office.hub.artifacts.splice(0, 1, { ...kept, ...changed });
    const sha = await git(office.desk, "rev-parse", "HEAD");
    if (what !== "a push without a pull request") {
      office.hub.merged.push({ ...mergedPull(sha, "1"), number: 11, merged_at: null });
      office.hub.merged.push({ ...mergedPull("2", "2"), number: 10 });
      office.hub.merged.push(mergedPull(sha, head));
    }
    const noKey = office.run({ sha, secrets: { TELNYX_API_KEY: "" } });
    const jobs = await workflow("merge", noKey);
    expect(jobs["reviewed"]).toMatchObject({ ok: true, outputs: { "exit-code": "4" } });
    expect(jobs["reviewed"]?.summary).toMatch(message);
    // Without a key there is no new plan, and so nothing that could be approved.
    expect(jobs["new-plan"]?.ok).toBe(false);
    expect(jobs["approved"]).toBeUndefined();
  });

  test("a fork is only validated", async () => {
    const { jobs } = await proposed(words("Be kind.\n"), "mallory/voice");
    expect(jobs["plan"]?.ok).toBe(true);
    expect(jobs["plan"]?.summary).toContain("Checked offline only");
    expect(office.hub.log).toEqual([]);
    expect(office.emulator.requests()).toEqual([]);
  });
});

describe("every night", { timeout: 300_000 }, () => {
  const night = async () => {
    const sha = await git(office.desk, "rev-parse", "main");
    return (await workflow("night", office.run({ sha, eventName: "schedule" })))["drift"];
  };
  const open = (list: readonly { readonly state: string }[]) =>
    list.filter(({ state }) => state === "open").length;
  const branch = "rollcall/adopt/larkmoor-voice/production";

  test("one issue and one pull request exist while there is drift", async () => {
    const { head } = await proposed({});
    expect((await merged(head))["reviewed"]?.ok).toBe(true);
    expect(await night()).toMatchObject({ ok: true });
    expect([office.hub.issues, office.hub.pulls]).toEqual([[], []]);

    const support = assistant("Support")?.id ?? "";
    office.emulator.portal.edit("Assistant", support, { greeting: "Ahoy" });
    office.emulator.clearRequests();
    expect(await night()).toMatchObject({ ok: true });
    expect(office.hub.issues).toMatchObject([
      { title: "Rollcall: drift in larkmoor-voice, production", body: expect.stringContaining("Ahoy") },
    ]);
    expect(office.hub.pulls).toMatchObject([{ head: branch, base: "main", user: { login: BOT } }]);
    expect(await git(office.bare, "show", "--format=%an", "--name-only", branch)).toBe(
      "Rollcall\n\nrollcall.yaml",
    );
    expect(await git(office.bare, "show", `${branch}:rollcall.yaml`)).toContain("greeting: Ahoy");
    expect(office.emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    const before = await git(office.bare, "rev-parse", branch);
    await night();
    expect(await git(office.bare, "rev-parse", branch)).toBe(before);

    office.emulator.portal.edit("Assistant", support, { greeting: "Ahoy, ahoy" });
    await night();
    expect([office.hub.issues.length, office.hub.pulls.length]).toEqual([1, 1]);
    expect(office.hub.issues[0]?.body).toContain("Ahoy, ahoy");
    expect(await git(office.bare, "show", `${branch}:rollcall.yaml`)).toContain("Ahoy, ahoy");
    expect(await git(office.bare, "rev-list", "--count", `main..${branch}`)).toBe("1");

    await git(office.desk, "fetch", "-q", "origin", branch);
    await git(office.desk, "merge", "-q", "FETCH_HEAD");
    await git(office.desk, "push", "-q", "origin", "HEAD:main");
    expect(await night()).toMatchObject({ ok: true });
    const planned = await proposed({});
    expect(planned.jobs["plan"]?.ok).toBe(true);
    expect((await merged(planned.head))["reviewed"]?.ok).toBe(true);
    expect(await night()).toMatchObject({ ok: true });
    expect([open(office.hub.issues), open(office.hub.pulls)]).toEqual([0, 0]);
    expect(office.hub.issues[0]?.["state_reason"]).toBe("completed");
  });

  test("without permission to open pull requests the run fails and names the permission", async () => {
    const { head } = await proposed({});
    await merged(head);
    office.emulator.portal.edit("Assistant", assistant("Support")?.id ?? "", { greeting: "Ahoy" });
    office.hub.readOnly = true;
    const ended = await night();
    expect(ended?.ok).toBe(false);
    expect(ended?.log).toMatch(/error: GitHub answered 403 to POST \/repos\/acme\/voice\/pulls: Resource not/);
  });
});
