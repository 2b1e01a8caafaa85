import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, EXAMPLE, type Desk } from "../e2e/cli.ts";
import { blocksOf, REPOSITORY, textOf } from "./blocks.ts";
import { follow, outputOf, passed, runBy, shownIn } from "./follow.ts";
import { shellOf } from "./shell.ts";

const [TWO_COMMANDS, WITH_EMULATOR, ...others] = runBy("README.md");

let one: Desk;

beforeEach(async () => {
  one = await desk(EXAMPLE);
});
afterEach(() => one.close());

/** A prompt is changed in Git, and a greeting of the same assistant in the portal. */
async function edited(): Promise<void> {
  const prompt = join(one.folder, "prompts/billing.md");
  const text = await readFile(prompt, "utf8");
  const [before, after] = ["You cannot grant a refund, a", "You may grant a refund of up to $20, but no"];
  await writeFile(prompt, text.replace(before, after));
  const billing = one.emulator.state().assistants.find(({ main }) => main["name"] === "Billing")?.id ?? "";
  one.emulator.portal.edit("Assistant", billing, { greeting: "Thanks for holding!" }, { version: "same" });
}

test("the first screen has three sentences and the two commands", () => {
  const [, first = ""] = /^# Rollcall\n\n(.*?)\n\n/s.exec(textOf("README.md")) ?? [];
  expect(first.match(/\.(?:\s|$)/g)).toHaveLength(3);
  expect(TWO_COMMANDS?.text.match(/^rollcall \w+/gm)).toEqual(["rollcall plan", "rollcall apply"]);
  expect(TWO_COMMANDS?.line).toBeLessThan(50);
  expect(others).toEqual([]);
});

test("the plan of the first screen is the output for the example", async () => {
  const shell = shellOf(one, one.folder);
  await shell.run(`export TELNYX_BASE_URL=http://127.0.0.1:8080/v2 TELNYX_STAGING_API_KEY=any-key ROLLCALL_ENV=staging
rollcall apply --yes`);
  await edited();
  const shown = blocksOf("README.md").find(({ text }) => text.startsWith("$ rollcall plan"));
  const done = await passed("README.md", TWO_COMMANDS ?? { language: "", text: "", line: 0 }, shell);
  const [command = "", ...output] = shown?.text.split("\n") ?? [];
  expect(command).toBe("$ rollcall plan --env staging");
  expect(outputOf(done.slice(0, 1))).toMatch(shownIn(output.join("\n")));
  expect(outputOf(done.slice(1))).toContain("Resources: 0 added, 1 changed, 0 destroyed.");
});

test("the steps with the emulator work with the example", async () => {
  const clone = join(one.folder, "clone");
  await mkdir(clone);
  await symlink(join(REPOSITORY, "examples"), join(clone, "examples"));
  const done = await passed(
    "README.md",
    WITH_EMULATOR ?? { language: "", text: "", line: 0 },
    shellOf(one, clone),
  );
  const outputs = done.filter(({ command }) => command.startsWith("rollcall")).map(({ output }) => output);
  expect(outputs).toEqual([
    expect.stringContaining("valid in 2 environments"),
    expect.stringContaining("Plan: 27 to add, 0 to change, 0 to destroy."),
    expect.stringContaining("Resources: 27 added, 0 changed, 0 destroyed."),
    expect.stringContaining("No drift."),
  ]);
});

test("the commands of the example's own page work in the example", async () => {
  const shell = shellOf(one, one.folder);
  await shell.run("export TELNYX_BASE_URL=http://127.0.0.1:8080/v2 TELNYX_STAGING_API_KEY=any-key");
  await follow("examples/assistants/README.md", shell);
});
