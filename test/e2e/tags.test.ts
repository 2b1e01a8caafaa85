import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { WriteFaultCase } from "./api-faults.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const MANIFEST = `# The desk.
apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec:
  name: Front desk
  instructions: Answer.
  tags: [support, 'english']   # by language
`;

let office: Desk;
let id = "";

const manifest = () => readFile(join(office.folder, "a.yaml"), "utf8");
const liveTags = () => office.emulator.state().assistants.find((one) => one.id === id)?.main["tags"];
const tags = (...args: readonly string[]) => office.rollcall("tags", ...args);

beforeAll(async () => {
  office = await appliedDesk({ "a.yaml": MANIFEST });
  id = office.emulator.state().assistants[0]?.id ?? "";
  office.emulator.portal.create("Assistant", { name: "Other", instructions: "x", tags: ["support", "stray"] });
});
afterAll(() => office.close());
beforeEach(async () => {
  office.emulator.clearFaults();
  // An edit makes a version, which is drift.
  if (JSON.stringify(liveTags()) !== '["support","english"]')
    office.emulator.portal.edit("Assistant", id, { tags: ["support", "english"] });
  office.emulator.clearRequests();
  await writeFile(join(office.folder, "a.yaml"), MANIFEST);
});

test("list: every tag with its number of objects, and undeclared tags are marked", async () => {
  const ran = await tags("list");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toMatch(
    /TAG +OBJECTS +DECLARED\nenglish +1 +yes\nstray +1 +undeclared\nsupport +2 +yes\n/,
  );
  expect(JSON.parse((await tags("list", "--format", "json")).stdout)).toMatchObject({
    tags: [{ name: "english", objects: 1, declared: true }, { name: "stray", declared: false }, { objects: 2 }],
  });
});

test.each(["Assistant/front", "Front desk"])(
  "add edits the manifest of %s, and keeps its formatting",
  async (name) => {
    const ran = await tags("add", name, "trial", "support");
    expect(ran.code, ran.stderr).toBe(0);
    expect(await manifest()).toBe(MANIFEST.replace("'english']", "'english', trial]"));
    expect(ran.stdout).toContain("To write it live, run: rollcall apply");
    expect(office.writes()).toEqual([]);
  },
);

test("remove by the id of the live object; removing the last tag removes the field", async () => {
  expect((await tags("remove", id, "english")).code).toBe(0);
  expect(await manifest()).toContain("tags: [support]");
  const ran = await tags("remove", "Assistant/front", "support", "--format", "json");
  expect(JSON.parse(ran.stdout)).toMatchObject({ object: "Assistant/front", files: ["a.yaml"], tags: [] });
  expect(await manifest()).not.toContain("tags");
});

test("tags that all assistants get are not written into a manifest, and not removed there", async () => {
  const project = join(office.folder, "rollcall.yaml");
  const head = "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: p }\n";
  await writeFile(project, `${head}spec: { tags: { common: [ours, theirs] } }\n`);
  try {
    await office.ends(0, "tags", "add", "Assistant/front", "trial");
    expect(await manifest()).toBe(MANIFEST.replace("'english']", "'english', trial]"));
    await office.ends(0, "tags", "remove", "Assistant/front", "trial");
    expect(await manifest()).toBe(MANIFEST);
    const none = MANIFEST.replace(/ {2}tags.*\n/, "");
    await writeFile(join(office.folder, "a.yaml"), none);
    expect((await tags("remove", "Assistant/front", "ours")).stderr).toContain(
      "one of the tags of all assistants",
    );
    await office.ends(0, "tags", "add", "Assistant/front", "trial");
    expect(await manifest()).toBe(`${none}  tags: [trial]\n`);
  } finally {
    await rm(project);
  }
});

test("without a change nothing is written", async () => {
  expect((await tags("add", "Assistant/front", "support")).stdout).toContain("Nothing was written.");
  expect((await tags("remove", "Assistant/front", "nothing")).stdout).toContain("Nothing was written.");
  expect(await manifest()).toBe(MANIFEST);
});

test("a tag that the project does not allow is refused with that reason", async () => {
  const project = join(office.folder, "rollcall.yaml");
  await writeFile(
    project,
    "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: p }\nspec: { tags: { allowed: { support: A, english: B } } }\n",
  );
  try {
    const ran = await tags("add", "Assistant/front", "trial");
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(/^error: Assistant\/front was not changed: .*trial/);
    expect(await manifest()).toBe(MANIFEST);
  } finally {
    await rm(project);
  }
});

test("--live changes only the live object, and is not drift", async () => {
  const ran = await tags("add", "Assistant/front", "campaign", "--live");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(liveTags()).toEqual(["support", "english", "campaign"]);
  expect(await manifest()).toBe(MANIFEST);
  const drift = await office.rollcall("drift");
  expect(drift.code, drift.stdout).toBe(0);
  expect((await tags("remove", "Assistant/front", "campaign", "gone", "--live")).code).toBe(0);
  expect(liveTags()).toEqual(["support", "english"]);
});

test.each([
  [["add", "Other", "x"], "no manifest declares Other"],
  [["add", "Nobody", "x"], "there is no assistant"],
  [["add", "Assistant/front", " "], "a tag is empty"],
  [["remove", "Assistant/front", "support", "--live"], "the manifest of Assistant/front declares support"],
])("%j changes nothing", async (args, message) => {
  const ran = await tags(...args);
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain(message);
  expect(office.writes()).toEqual([]);
  expect(await manifest()).toBe(MANIFEST);
});

test("while a manifest cannot be read, no tag is removed live: it may declare the tag", async () => {
  await writeFile(join(office.folder, "a.yaml"), `${MANIFEST}---\nkind: [\n`);
  const ran = await tags("remove", "Assistant/front", "english", "--live");
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain("it is not known which tags Assistant/front declares");
  expect(office.writes()).toEqual([]);
});

test("in a folder without a project, the way to change a live object is named", async () => {
  const ran = await runIn(office.emptyFolder, office.env, ["tags", "add", "Other", "x"]);
  expect(ran).toEqual({
    code: 1,
    stdout: "",
    stderr: "error: no manifest declares Other\nhelp: to change the live object, pass --live\n",
  });
});

const FAILURES: readonly WriteFaultCase[] = [
  {
    what: "a connection that breaks after the write: it is looked after",
    fault: { kind: "reset-after" },
    code: 0,
    requests: 1,
    effects: 1,
  },
  { what: "an answer that is cut", fault: { kind: "truncate" }, code: 0, requests: 1, effects: 1 },
];

test.each(FAILURES)("--live: $what", async ({ fault, code, message, requests, effects }) => {
  office.emulator.inject({ match: { method: "POST" }, fault });
  const ran = await tags("add", "Assistant/front", "campaign", "--live");
  expect(ran.code, ran.stderr).toBe(code);
  if (message !== undefined) expect(ran.stderr).toMatch(message);
  expect(liveTags()).toEqual(["support", "english", ...(effects === 1 ? ["campaign"] : [])]);
  expect(office.writes()).toHaveLength(requests);
});

test.each<[string, Parameters<typeof office.emulator.inject>[0], readonly string[], RegExp]>([
  [
    "a second tag that is refused",
    { match: { method: "POST", nth: 2 }, fault: { kind: "status", status: 422, detail: "Too many" } },
    ["campaign"],
    /answered 422.*only campaign was added for certain/,
  ],
  [
    "a lost response for a tag that is not stored",
    { match: { method: "POST" }, fault: { kind: "reset-before" } },
    [],
    /it is not known whether the tag was added/,
  ],
])("--live ends with 3 after %s", async (_, fault, added, said) => {
  office.emulator.inject(fault);
  const ran = await tags("add", "Assistant/front", "campaign", "autumn", "--live");
  expect(ran.code, ran.stderr).toBe(3);
  expect(ran.stderr).toMatch(said);
  expect(liveTags()).toEqual(["support", "english", ...added]);
});
