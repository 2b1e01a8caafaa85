import { chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { currentUser } from "../../src/host/processes.ts";
import { runIn } from "../e2e/cli.ts";
import { folder } from "../ledger/folder.ts";
import { startRecorder, type Recorder } from "./recorder.ts";

/** Nobody. */
const STRANGER = 54_321;
const isRoot = currentUser().uid === 0;

let upper: string;
let work: string;
let recorder: Recorder;

/** A folder of manifests, and a `rollcall.yaml` above it that asks for the key. */
beforeEach(async () => {
  [upper, recorder] = [folder(), await startRecorder()];
  work = join(upper, "work");
  mkdirSync(work);
  writeFileSync(
    join(work, "desk.yaml"),
    "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: desk }\nspec: { instructions: Be brief. }\n",
  );
  const spec = { environments: { all: { baseUrl: `${recorder.url}/v2` } } };
  const document = { apiVersion: "rollcall.dev/v1", kind: "Project", metadata: { name: "upper" }, spec };
  writeFileSync(join(upper, "rollcall.yaml"), JSON.stringify(document));
});

/** Of another user than the one who runs the program, whoever runs the tests. */
function another(path: string): { readonly uid?: number } {
  if (!isRoot) return { uid: STRANGER };
  chownSync(path, STRANGER, STRANGER);
  return currentUser();
}

const ENV = { TELNYX_API_KEY: ["KEY", "0123456789ABCDEF"].join("") };
const asksForTheKey = () => recorder.seen.some(({ authorization }) => authorization !== undefined);

describe.skipIf(currentUser().uid === undefined)("a project file of another user", () => {
  test.each([
    ["above the current folder", "rollcall.yaml", "work", []],
    ["above the folder that is named", "rollcall.yaml", ".", ["work"]],
    ["in the current folder", "rollcall.yaml", ".", []],
    ["an own file in a folder of another user", ".", "work", []],
  ])("%s is not used, and the error says how to use it", async (_, owned, cwd, path) => {
    const who = another(join(upper, owned));
    for (const command of ["plan", "validate", "drift"]) {
      const ran = await runIn(join(upper, cwd), ENV, [command, ...path], who);
      expect(ran.code).toBe(1);
      expect(ran.stdout + ran.stderr).toContain("RC4014");
      expect(ran.stdout + ran.stderr).toContain("ROLLCALL_TRUSTED_FOLDERS=");
    }
    expect(recorder.seen).toEqual([]);
  });

  test.each([
    ["its folder is named", [".."], {}],
    ["the file is named", ["../rollcall.yaml"], {}],
    ["its folder is trusted", [], (): object => ({ ROLLCALL_TRUSTED_FOLDERS: upper })],
    ["all folders are trusted", [], { ROLLCALL_TRUSTED_FOLDERS: "*" }],
  ])("is used when %s", async (_, path, env) => {
    const who = another(join(upper, "rollcall.yaml"));
    await runIn(work, { ...ENV, ...(typeof env === "function" ? env() : env) }, ["plan", ...path], who);
    expect(asksForTheKey()).toBe(true);
  });

  test("is used if that user called sudo", async () => {
    const { uid = 0 } = currentUser();
    another(join(upper, "rollcall.yaml"));
    await runIn(work, { ...ENV, SUDO_UID: String(isRoot ? STRANGER : uid) }, ["plan"], { uid: 0 });
    expect(asksForTheKey()).toBe(true);
  });
});

test("an own project file is found from a subfolder", async () => {
  await runIn(work, ENV, ["plan"]);
  expect(asksForTheKey()).toBe(true);
});

test.each([
  ["a folder", (at: string) => mkdirSync(at)],
  ["a file, as in a work tree", (at: string) => writeFileSync(at, "gitdir: /elsewhere\n")],
  ["a link that leads nowhere", (at: string) => symlinkSync("/no/such/place", at)],
])("a project file above the top of the repository is not used, .git being %s", async (_, make) => {
  make(join(work, ".git"));
  const { stdout, stderr } = await runIn(work, ENV, ["validate"]);
  expect(stdout + stderr).toContain("work: 1 manifest valid");
  rmSync(join(work, ".git"), { recursive: true });
  expect((await runIn(work, ENV, ["validate"])).stdout).toContain("upper: 1 manifest valid");
});

test.each([
  ["nowhere", "elsewhere.yaml"],
  ["to itself", "rollcall.yaml"],
])("a project file that is a link %s is an error", async (_, target) => {
  symlinkSync(target, join(work, "rollcall.yaml"));
  const ran = await runIn(work, ENV, ["plan"]);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/^error\[RC1002\]: .*rollcall\.yaml/m);
  expect(recorder.seen).toEqual([]);
});
