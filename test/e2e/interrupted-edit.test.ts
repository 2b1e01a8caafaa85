import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginBatch } from "../../src/host/files/batch.ts";
import { treeOf } from "../file-tree.ts";
import { appliedDesk, type Desk } from "./cli.ts";

const MANIFEST = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: desk }
spec: { instructions: Be kind., greeting: Hi, tags: [one] }
`;

let one: Desk;
beforeEach(async () => {
  one = await appliedDesk({ "desk.yaml": MANIFEST });
});
afterEach(() => one.close());

/** What is left of a command between its last file and its end. */
async function leftBy(command: string, pid: number): Promise<void> {
  const digest = createHash("sha256").update(MANIFEST).digest("hex");
  const changes = [
    { file: "desk.yaml", text: MANIFEST.replace("Hi", "Hello"), digest },
    { file: "prompts/desk.md", text: "Be quick.\n" },
  ];
  await (await beginBatch(one.folder, "default", changes, { command, host: "here", pid })).place();
}

const ended = () => spawnSync(process.execPath, ["--version"]).pid;

test.each([
  [["plan"], "drift --propose"],
  [["drift", "--quick"], "apply --on-conflict adopt"],
  [["tags", "add", "desk", "two"], "tags add"],
])("%j undoes what a killed command wrote, and says so", async (words, command) => {
  const before = treeOf(one.folder);
  await leftBy(command, ended());
  const noted = await one.ends(0, "validate");
  expect(noted).toContain(
    `a change to files (${command}) of environment default is under way or was interrupted`,
  );
  const said = await one.ends(0, ...words);
  expect(said).toContain(`note: undid an interrupted ${command}; run it again`);
  const changed = words.includes("two")
    ? { ...before, "desk.yaml": MANIFEST.replace("[one]", "[one, two]") }
    : before;
  expect(treeOf(one.folder)).toEqual(changed);
});

test("the files of a process that runs are left", async () => {
  await leftBy("drift --propose", process.ppid);
  const before = treeOf(one.folder);
  expect(await one.ends(4, "plan")).toContain(
    `the files of environment default are being changed (process ${process.ppid}, drift --propose): run the command again`,
  );
  expect(treeOf(one.folder)).toEqual(before);
});
