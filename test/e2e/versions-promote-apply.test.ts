import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appliedDesk, runIn, type Desk } from "./cli.ts";
import { ASSISTANT, CANARY, VERSION } from "./promotable.ts";

const PROMOTED = ASSISTANT.replace("Hello.", "A warm hello.");

let office: Desk;
let id = "";
let version = "";
beforeEach(async () => {
  office = await appliedDesk({ "a.yaml": [ASSISTANT, VERSION, CANARY].join("---\n") });
  const { assistants } = office.emulator.state();
  id = assistants[0]?.id ?? "";
  version = String(assistants[0]?.versions.find((one) => one["version_name"] === "warmer")?.["version_id"]);
  await writeFile(join(office.folder, "a.yaml"), PROMOTED);
  office.emulator.clearRequests();
});
afterEach(() => office.close());

const main = () => office.emulator.state().assistants[0]?.main;
const promotion = () => `POST /ai/assistants/${id}/versions/${version}/promote`;
const write = (text: string) => writeFile(join(office.folder, "a.yaml"), text);
const edit = (greeting: string) =>
  office.emulator.portal.edit("AssistantVersion", `${id}/${version}`, { greeting });

/** The plan after it has nothing to say. */
async function expectSettled(): Promise<void> {
  const plan = await office.rollcall("plan", "--prune", "--detailed-exitcode");
  expect(plan.code, plan.stdout).toBe(0);
  expect(plan.stdout).not.toContain("outside Git");
  expect(JSON.parse(await readFile(join(office.folder, ".rollcall/default.json"), "utf8"))).toMatchObject({
    entries: { "Assistant/front": { versionId: version, madeVersions: expect.arrayContaining([version]) } },
  });
}

test.each(["text", "json", "markdown", "html"])(
  "the plan says in %s that it promotes the version",
  async (format) => {
    const said = await office.ends(0, "plan", "--prune", "--format", format);
    const plain = said.replaceAll(/<[^>]*>|`/g, "");
    expect(plain).toMatch(new RegExp(`promotes AssistantVersion/warmer \\(version ${version}\\)`, "i"));
    expect(plain).toContain("every caller meets it at once, and a canary ends");
  },
);

test("apply promotes it with one request, then ends the canary, and forgets the version", async () => {
  const said = await office.ends(0, "apply", "--prune", "--yes");
  expect(said).toContain("Apply complete! Resources: 0 added, 1 changed, 1 destroyed.");
  expect(office.writes()[0]).toBe(promotion());
  expect(main()).toMatchObject({ version_id: version, greeting: "A warm hello." });
  expect(office.emulator.state().assistants[0]?.versions.length).toBeGreaterThan(1);
  await expectSettled();
  expect(office.writes()).toEqual([]);
});

test.each([
  ["other content", PROMOTED.replace("Answer.", "Answer briefly."), () => undefined],
  ["other tags", PROMOTED.replace("[vip]", "[other]"), () => undefined],
  ["a version that somebody edited", PROMOTED, () => edit("Mine.")],
])("%s: a plain update", async (_, manifests, act) => {
  await write(manifests);
  act();
  await office.ends(0, "apply", "--prune", "--yes");
  expect(office.writes()).toContain(`POST /ai/assistants/${id}`);
  expect(main()).toMatchObject({ greeting: "A warm hello." });
});

test("a version that is still declared is not promoted", async () => {
  await write([PROMOTED, VERSION, CANARY].join("---\n"));
  await office.ends(0, "apply", "--yes");
  expect(office.writes()).toContain(`POST /ai/assistants/${id}`);
});

test("without --prune, a live canary is kept: apply refuses, and sends nothing", async () => {
  const said = await office.ends(4, "apply", "--yes");
  expect(said).toContain("declare it again, or pass --prune to delete it");
  expect(office.writes()).toEqual([]);
});

test("without --prune, a version without a canary is promoted, too", async () => {
  await office.ends(0, "apply", "--target", "CanaryDeploy/front", "--prune", "--yes");
  office.writes();
  await office.ends(0, "apply", "--yes");
  expect(office.writes()).toEqual([promotion()]);
  await expectSettled();
});

test("a saved plan carries it, and is stale when the version was changed since", async () => {
  await office.ends(0, "plan", "--prune", "--out", "plan.json");
  edit("Mine.");
  const said = await office.ends(4, "apply", "plan.json");
  expect(said).toContain("Assistant/front");
  expect(office.writes()).toEqual([]);
  edit("A warm hello.");
  await office.ends(0, "apply", "plan.json");
  expect(office.writes()[0]).toBe(promotion());
  await expectSettled();
});

test("a version that is changed right before it is promoted is refused as stale", async () => {
  async function* answered() {
    edit("Mine.");
    yield "yes\n";
  }
  const { Readable } = await import("node:stream");
  const ran = await runIn(office.folder, office.env, ["apply", "--prune"], {
    isInteractive: true,
    stdin: Readable.from(answered()),
  });
  expect(ran.code, ran.stdout).not.toBe(0);
  expect(ran.stdout + ran.stderr).toContain(
    `version ${version}, which it promotes, has been changed since the plan was made`,
  );
  expect(office.writes()).not.toContain(promotion());
  expect(main()).toMatchObject({ greeting: "Hello." });
});

test.each([
  ["a lost answer", { kind: "reset-after" } as const],
  ["an answer that never comes", { kind: "status", status: 503 } as const],
])("%s: looked for, and the next apply settles it", async (_, fault) => {
  office.emulator.inject({ match: { method: "POST", path: /promote$/ }, fault });
  await office.rollcall("apply", "--prune", "--yes");
  office.emulator.clearFaults();
  await office.ends(0, "apply", "--prune", "--yes");
  expect(main()).toMatchObject({ version_id: version });
  await expectSettled();
});

test("a version that was made in the portal is pulled, promoted in the files, and then by apply", async () => {
  await write(ASSISTANT);
  await office.ends(0, "apply", "--prune", "--yes");
  const portal = office.emulator.portal.create("AssistantVersion", {
    assistant_id: id,
    version_name: "spring",
    greeting: "Spring is here.",
  });
  const { stderr } = await office.rollcall("versions", "promote", "Assistant/front", "spring", "--yes");
  const [, next = ""] = /to write one, run: rollcall (.*)\n/.exec(stderr) ?? [];
  await office.ends(0, ...next.split(" "));
  await office.ends(0, "versions", "promote", "Assistant/front", "spring", "--yes");
  office.writes();
  await office.ends(0, "apply", "--yes");
  expect(office.writes()).toEqual([`POST /ai/assistants/${id}/versions/${portal.split("/").at(-1)}/promote`]);
  expect(main()).toMatchObject({ greeting: "Spring is here." });
});
