import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "vitest";
import { builtCheckout } from "../checkout.ts";
import { KEY } from "../e2e/cli.ts";
import { everyNth } from "../grid.ts";
import { BOT } from "./github.ts";
import { startCommand, type Command } from "./command.ts";
import { git, openOffice, pullRequest, type Office } from "./team-project.ts";
import { runAction, type Ended, type Run } from "./runner.ts";

const test = everyNth(3);

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

const PRODUCTION = { environment: "production" };

/** Opens a pull request with the files, and runs `plan` for it. */
async function planned(
  files: Readonly<Record<string, string>>,
  more: Partial<Run> = {},
  inputs: Readonly<Record<string, string>> = {},
): Promise<Ended & { readonly sha: string }> {
  const sha = await office.push("words", files);
  const run = office.run({ sha, event: pullRequest(sha), eventName: "pull_request", ...more });
  return { ...(await runAction(run, { command: "plan", ...PRODUCTION, ...inputs })), sha };
}

const greeting = (text: string) => ({ "prompts/billing.md": text });

describe("plan", { timeout: 240_000 }, () => {
  test("takes rules for conflicts, one per line, and refuses one whose manifests would be lost", async () => {
    const inputs = { "on-conflict": "refuse=Assistant/billing\noverwrite=Assistant/nobody\n" };
    const misspelt = await planned(greeting("Be kind.\n"), {}, inputs);
    expect(misspelt.ok).toBe(false);
    expect(misspelt.log).toContain("--on-conflict overwrite=Assistant/nobody: no manifest declares");
    const adopting = await planned({}, {}, { "on-conflict": "adopt" });
    expect(adopting.ok).toBe(false);
    expect(adopting.log).toContain(
      "on-conflict: adopt writes manifests, and the checkout of this job is discarded",
    );
  });

  test("writes one comment and updates it; summary, artifact and outputs agree", async () => {
    office.hub.say("mallory", "<!-- rollcall plan larkmoor%2Dvoice production id=0 -->\nAll is well.");
    office.hub.say("somebody", "Nice.");
    const built = { action: await builtCheckout() };
    const first = await planned(greeting("Be kind.\n"), built);
    expect(first).toMatchObject({ ok: true, outputs: { changes: "27", "exit-code": "2" } });
    const { "plan-id": planId = "" } = first.outputs;
    expect(planId).toMatch(/^[0-9a-f]{64}$/);
    expect(first.summary).toContain(`id=${planId}`);
    const [mallory, , comment, ...others] = office.hub.comments;
    expect(others).toEqual([]);
    expect(mallory?.body).toContain("All is well.");
    expect(comment).toMatchObject({ user: { login: BOT }, body: expect.stringContaining(`id=${planId}`) });
    expect(comment?.body).toContain(`<sub>Commit ${first.sha.slice(0, 12)} · [the run`);
    const [artifact] = office.hub.artifacts;
    expect(artifact?.name).toBe("rollcall-plan-larkmoor-voice-production");
    const saved = JSON.parse(await readFile(join(artifact?.folder ?? "", "plan.json"), "utf8"));
    expect(saved.x_rollcall.planId).toBe(planId);
    expect(await readFile(join(artifact?.folder ?? "", "plan.html"), "utf8")).toContain("<html");

    office.hub.say("somebody", "And now?");
    const second = await planned(greeting("Be very kind.\n"), built);
    expect(second.ok).toBe(true);
    expect(second.outputs["plan-id"]).not.toBe(planId);
    expect(office.hub.comments).toHaveLength(4);
    expect(office.hub.comments[2]?.body).toContain(`id=${second.outputs["plan-id"]}`);
    expect(mallory?.body).toContain("All is well.");
    expect(office.emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    expect([...office.hub.tokens]).toEqual(["Bearer TOKEN"]);
  });

  test("a fork is only validated, and the summary says so", async () => {
    const sha = await office.push("words", greeting("Be kind.\n"));
    const event = pullRequest(sha, "mallory/voice");
    const run = office.run({ sha, event, eventName: "pull_request", secrets: {} });
    const ended = await runAction(run, { command: "plan", ...PRODUCTION });
    expect(ended).toMatchObject({ ok: true, outputs: { "exit-code": "0", changes: "" } });
    expect(ended.summary).toMatch(/Checked offline only.*from a fork[^]*The manifests are valid/);
    expect(office.hub.log).toEqual([]);
    expect(office.emulator.requests()).toEqual([]);
    expect(office.hub.artifacts).toEqual([]);

    const broken = await office.push("words", { "assistants/billing.yaml": "kind: Assistent\n" });
    const again = await runAction(
      { ...run, ...office.run({ sha: broken, event, eventName: "pull_request", secrets: {} }) },
      { command: "plan", ...PRODUCTION },
    );
    expect(again).toMatchObject({ ok: false, outputs: { "exit-code": "1" } });
    expect(again.log).toMatch(/^::error file=assistants\/billing\.yaml,line=1,/m);
  });

  test("a fork with the key, as with pull_request_target, is not planned", async () => {
    const sha = await office.push("words", {});
    const run = office.run({ sha, event: pullRequest(sha, "mallory/voice"), eventName: "pull_request_target" });
    expect(await runAction(run, { command: "plan", ...PRODUCTION })).toMatchObject({ ok: true });
    expect(office.emulator.requests()).toEqual([]);
    expect(await runAction(run, { command: "apply", "plan-file": "plan.json" })).toMatchObject({ ok: false });
  });

  test("an error is annotated at its position, and nothing is planned", async () => {
    const ended = await planned({
      "assistants/billing.yaml": "apiVersion: rollcall.dev/v1\nkind: Assistent\n",
    });
    expect(ended).toMatchObject({ ok: false, outputs: { "exit-code": "1", "plan-id": "" } });
    expect(ended.log).toMatch(/^::error file=assistants\/billing\.yaml,line=2,[^\n]*Assistent/m);
    expect(ended.summary).toContain("The manifests have mistakes");
    expect(office.emulator.requests()).toEqual([]);
  });

  test("without permission to comment, the plan succeeds with a notice", async () => {
    office.hub.readOnly = true;
    const ended = await planned({});
    expect(ended).toMatchObject({ ok: true, outputs: { "exit-code": "2" } });
    expect(ended.log).toMatch(
      /^::notice title=Rollcall::The report was not written as a comment.*Resource not/m,
    );
    expect(office.hub.comments).toEqual([]);
  });

  test("a refusal of the API fails the step, and the summary shows it", async () => {
    office.emulator.inject({ match: {}, fault: { kind: "status", status: 401 }, times: 1000 });
    const ended = await planned({});
    expect(ended.ok).toBe(false);
    expect(ended.outputs["exit-code"]).toBe("1");
    expect(ended.summary).toMatch(/`rollcall plan` ended with exit code 1/);
  });

  test("hostile prompts, branches and inputs are not executed", async () => {
    const hostile = [
      "::add-mask::Larkmoor",
      "##[add-mask]Larkmoor",
      "$(touch pwned) `touch pwned` ; touch pwned",
      "::set-output name=exit-code::0",
      "</details> @everyone",
    ].join("\n");
    const sha = await office.push("words", greeting(`${hostile}\n`));
    const event = pullRequest(sha, "acme/voice", '"; touch pwned; echo "$(touch pwned)');
    const run = office.run({ sha, event, eventName: "pull_request" });
    const inputs = { project: ".", args: "--target\nAssistant/$(touch pwned)", artifact: "$(touch pwned)" };
    const refused = await runAction(run, { command: "plan", ...PRODUCTION, ...inputs });
    expect(refused).toMatchObject({ ok: false, outputs: { "exit-code": "1" } });
    expect(refused.summary).toContain("--target Assistant/$(touch pwned) is not the address");
    const strange = await runAction(run, { command: 'plan"; touch pwned; "', ...PRODUCTION });
    expect(strange.ok).toBe(false);

    const ended = await runAction(run, { command: "plan", ...PRODUCTION });
    expect(ended.outputs).toMatchObject({ "exit-code": "2", changes: "27" });
    // The runner takes no line for a command while it is told to stop.
    const [heard] = splitByToken(ended.log);
    expect(heard).not.toMatch(/add-mask|set-output/);
    expect(ended.log).toContain("add-mask");
    const files = await readdir(office.folder, { recursive: true });
    expect(files.filter((path) => path.includes("pwned"))).toEqual([]);
  });

  test("the key is not printed and not stored", async () => {
    const ended = await planned({}, {}, { args: "--verbose" });
    const [artifact] = office.hub.artifacts;
    const kept = await Promise.all(
      ["plan.json", "plan.md", "plan.html"].map((name) => readFile(join(artifact?.folder ?? "", name), "utf8")),
    );
    const texts = [ended.log, ended.summary, ...office.hub.comments.map(({ body }) => body), ...kept];
    expect(texts.filter((text) => text.includes(KEY))).toEqual([]);
    expect(ended.log).toContain("GET /ai/assistants");
  });
});

describe("in a subfolder", { timeout: 240_000 }, () => {
  /** The repository is checked out into `voice`. */
  const inVoice = (sha: string): Run =>
    office.run({
      sha,
      checkOut: async (workspace) => {
        await git(office.folder, "clone", "-q", `file://${office.bare}`, join(workspace, "voice"));
        await git(join(workspace, "voice"), "checkout", "-q", "-B", "main", sha);
      },
    });

  test("errors are annotated with their path in the repository", async () => {
    const sha = await office.push("words", { "assistants/billing.yaml": "kind: Assistent\n" });
    for (const where of [{ project: "voice" }, { "working-directory": "voice" }]) {
      const ended = await runAction(inVoice(sha), { command: "validate", ...where });
      expect(ended).toMatchObject({ ok: false, outputs: { "exit-code": "1" } });
      expect(ended.log).toMatch(/^::error file=voice\/assistants\/billing\.yaml,line=1,/m);
    }
  });

  test("a plan is applied from its file; drift fails the step by default", async () => {
    const sha = await office.push("words", {});
    const run = inVoice(sha);
    const where = { ...PRODUCTION, "working-directory": "voice" };
    const made = await runAction(run, { command: "plan", ...where });
    const file = join(office.hub.artifacts[0]?.folder ?? "", "plan.json");
    const applied = await runAction(run, { command: "apply", ...where, "plan-file": file });
    expect(applied).toMatchObject({ ok: true, outputs: { changes: "27", "exit-code": "0" } });
    expect(applied.outputs["plan-id"]).toBe(made.outputs["plan-id"]);
    const again = await runAction(run, { command: "apply", ...where, "plan-file": file });
    expect(again).toMatchObject({ ok: false, outputs: { changes: "0", "exit-code": "4" } });

    const calm = await runAction(run, { command: "drift", ...where });
    expect(calm).toMatchObject({ ok: true, outputs: { changes: "0", "exit-code": "0" } });
    const support = office.emulator.state().assistants.find(({ main }) => main["name"] === "Support");
    office.emulator.portal.edit("Assistant", support?.id ?? "", { greeting: "Ahoy" });
    const found = { changes: "1", "exit-code": "2" };
    expect(await runAction(run, { command: "drift", ...where })).toMatchObject({ ok: false, outputs: found });
    const lenient = { ...where, "fail-on-drift": "false" };
    expect(await runAction(run, { command: "drift", ...lenient })).toMatchObject({ ok: true, outputs: found });
    expect(office.hub.log).toEqual([]);
  });
});

/** What the runner listens to, and what it does not. */
function splitByToken(log: string): readonly [string, string] {
  let [heard, unheard, token] = ["", "", ""];
  for (const line of log.split("\n")) {
    if (token !== "") {
      if (line === `::${token}::`) token = "";
      else unheard += `${line}\n`;
    } else {
      token = /^::stop-commands::(.+)$/.exec(line)?.[1] ?? "";
      heard += `${line}\n`;
    }
  }
  return [heard, unheard];
}
