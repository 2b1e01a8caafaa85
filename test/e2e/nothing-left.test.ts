/** A command that writes nothing leaves nothing: no empty folder, no lock, no file of its own. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeAllNew } from "../../src/cli/new-files.ts";
import { treeOf } from "../file-tree.ts";
import { httpTo } from "../pull/http.ts";
import { makeSmallAccount } from "../pull/small-account.ts";
import { desk, runIn, type Desk } from "./cli.ts";

let here: Desk;
beforeEach(async () => {
  here = await desk();
  await makeSmallAccount(httpTo(here.emulator.url));
});
afterEach(() => here.close());

const projectWith = (spec: string) =>
  `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec: ${spec}\n`;
const DESK =
  "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: desk }\nspec: { name: Desk, instructions: Hello }\n";

type Files = Readonly<Record<string, string>>;

async function write(files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(here.folder, name), text);
}

const failAt = (path: RegExp, status: number) => () =>
  here.emulator.inject({ match: { method: "GET", path }, fault: { kind: "status", status }, times: "always" });
const NONE: Files = {};
const BLOCKED: Files = { "rollcall.yaml": projectWith("{ tags: { common: [ours] } }") };
const OWN_PLACE: Files = {
  "rollcall.yaml": projectWith(
    "{ tags: { common: [ours] }, ledger: { backend: file, path: state/of/live.json } }",
  ),
};
const DECLARED: Files = { "rollcall.yaml": projectWith("{ tags: { common: [] } }"), "desk.yaml": DESK };

test.each<[number, string, Files, (() => void)?]>([
  [0, "pull --dry-run", NONE],
  [2, "pull --check", NONE],
  [1, "pull Nobody", NONE],
  [1, "pull --kind robots", NONE],
  [3, "pull", BLOCKED],
  [3, "pull --update", BLOCKED],
  [3, "pull", OWN_PLACE],
  [0, "pull --tag none", NONE],
  [1, "pull", { "desk.yaml": "kind: Assistant\n" }],
  [1, "pull", NONE, failAt(/^\/ai\/tools$/, 401)],
  [1, "pull", NONE, failAt(/^\/ai\/assistants\/[^/]+$/, 403)],
  [1, "pull", NONE, failAt(/canary-deploys/, 500)],
  [1, "import Assistant/night none", NONE],
  [0, "get", NONE],
  [0, "get versions,canaries,tests -o yaml", NONE],
  [1, "get Nobody", NONE],
  [1, "clone Nobody --as other --yes", NONE],
  [1, "clone Support --as other --yes", NONE],
  [1, "copy Assistant/desk desk", DECLARED],
  [1, "copy Assistant/none other", DECLARED],
  [1, "migrate vapi --secret-ref none --yes", NONE],
  [1, "migrate vapi --from nowhere.json", NONE],
])("%i %s", async (code, words, files, prepare) => {
  await write(files);
  const before = treeOf(here.folder);
  prepare?.();
  const ran = await here.rollcall(...words.split(" "));
  expect(ran.code, ran.stdout + ran.stderr).toBe(code);
  expect(treeOf(here.folder)).toEqual(before);
});

test("apply that is not approved", async () => {
  await write(DECLARED);
  const before = treeOf(here.folder);
  const ran = await here.rollcall("apply");
  expect(ran.code, ran.stdout + ran.stderr).toBe(1);
  expect(treeOf(here.folder)).toEqual(before);
});

test("a pull that is interrupted", async () => {
  const stop = new AbortController();
  here.emulator.inject({
    match: { method: "GET", path: /canary-deploys/ },
    fault: { kind: "slow", milliseconds: 0 },
    onStrike: () => stop.abort(),
  });
  const ran = await runIn(here.folder, here.env, ["pull"], { interruption: () => stop.signal });
  expect(ran.stderr).toContain("Nothing was written: the pull was interrupted.");
  expect(treeOf(here.folder)).toEqual({});
});

test("a pull that finds a folder in place of the file of its ledger", async () => {
  await mkdir(join(here.folder, ".rollcall/production.json"), { recursive: true });
  const before = treeOf(here.folder);
  expect(await here.rollcall("pull")).toMatchObject({ code: 1 });
  expect(treeOf(here.folder)).toEqual(before);
});

test("an empty folder that somebody made for the ledger stays", async () => {
  await write(OWN_PLACE);
  await mkdir(join(here.folder, "state"));
  expect(await here.rollcall("pull")).toMatchObject({ code: 3 });
  expect(Object.keys(treeOf(here.folder))).toEqual(["rollcall.yaml", "state/"]);
});

describe("new files of which one cannot be written", () => {
  const files = [
    ["prompts/long/a.md", "a\n"],
    ["assistants/a.yaml", "a: 1\n"],
  ] as const;

  test.each([
    ["a file in place of a folder", () => writeFile(join(here.folder, "assistants"), "notes")],
    [
      "a file in its place",
      async () => {
        await mkdir(join(here.folder, "assistants"));
        await writeFile(join(here.folder, "assistants/a.yaml"), "theirs");
      },
    ],
  ])("%s: the others and their folders are removed", async (_, occupy) => {
    await occupy();
    const before = treeOf(here.folder);
    await expect(writeAllNew(here.folder, files)).rejects.toThrow();
    expect(treeOf(here.folder)).toEqual(before);
  });
});
