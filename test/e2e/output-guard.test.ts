/** A result is not written over something that somebody made: manifests, prompts, the project file, the ledger. */
import { readFile, writeFile } from "node:fs/promises";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";

let one: Desk;

beforeEach(async () => {
  one = await desk();
  mkdirSync(join(one.folder, "prompts"));
  await write("rollcall.yaml", "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\n");
  await write(
    "desk.yaml",
    "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: front }\nspec: { instructions: { file: prompts/front.md } }\n",
  );
  await write("prompts/front.md", "Be brief.\n");
  await write("notes.txt", "Not a plan.\n");
  await write("old.json", '{"lineage":"a","serial":1,"entries":{}}');
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  one.emulator.clearRequests();
});

afterEach(() => one.close());

function write(file: string, text: string): Promise<void> {
  return writeFile(join(one.folder, file), text);
}

function read(file: string): Promise<string> {
  return readFile(join(one.folder, file), "utf8");
}

const OWN = [
  ["rollcall.yaml", "rollcall.yaml is the file of a project"],
  ["./prompts/../rollcall.yaml", "rollcall.yaml is the file of a project"],
  ["desk.yaml", "the file is a manifest"],
  ["prompts/front.md", "the project is read from this file"],
  [".rollcall/default.json", ".rollcall is the folder of the ledger"],
  [".rollcall/other.json", ".rollcall is the folder of the ledger"],
  ["old.json", "the file is a ledger"],
] as const;

async function isRefused(file: string, why: string, ...args: readonly string[]): Promise<void> {
  const before = await read(file).catch(() => undefined);
  const { code, stdout, stderr } = await one.rollcall(...args);
  expect(stderr).toMatch(/^error: the (plan|report) is not written to /);
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(`is not written to ${file}: ${why}`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(await read(file).catch(() => undefined)).toBe(before);
  expect(one.emulator.requests()).toEqual([]);
}

describe.each(OWN)("%s", (file, why) => {
  test.each([
    [["plan", "--report", `markdown=${file}`]],
    [["apply", "--yes", "--report", `html=${file}`]],
    [["drift", "--report", `json=${file}`]],
    [["destroy", "--yes", "--report", `text=${file}`]],
  ])("is not replaced by a report of %j", async (args) => {
    await isRefused(file, why, ...args);
  });

  test("is not replaced by a plan", async () => {
    const { code, stderr } = await one.rollcall("plan", "-o", file);
    expect(code).toBe(1);
    expect(stderr).toContain("error: the plan is not written to ");
    expect(one.emulator.requests()).toEqual([]);
  });
});

test("a plan replaces only a plan or an empty file", async () => {
  await isRefused("notes.txt", "the file exists and is not a plan", "plan", "-o", "notes.txt");
  await write("empty.json", "");
  for (const file of ["empty.json", "empty.json", "new.json"])
    expect((await one.rollcall("plan", "-o", file)).code).toBe(0);
  await write("new.json", (await read("new.json")).slice(0, 900));
  expect((await one.rollcall("plan", "-o", "new.json")).code).toBe(0);
});

test("a report replaces an older report and other files", async () => {
  for (const file of ["notes.txt", "notes.txt", "new.md"])
    expect((await one.rollcall("plan", "--report", `markdown=${file}`)).code).toBe(0);
  expect(await read("notes.txt")).toContain("## Rollcall plan");
});

test("two results cannot be written to one file", async () => {
  const report = ["--report", "json=plan.json"];
  await isRefused(
    "plan.json",
    "another result is written to the same file",
    "plan",
    "-o",
    "plan.json",
    ...report,
  );
  await isRefused("plan.json", "another result is written to the same file", "drift", ...report, ...report);
});

test("a link to the folder of manifests is refused", async () => {
  symlinkSync(join(one.folder, "prompts"), join(one.folder, "out"));
  const { code, stderr } = await one.rollcall("plan", "--report", "text=out/front.md");
  expect(code).toBe(1);
  expect(stderr).toContain("error: the report ");
  expect(await read("prompts/front.md")).toBe("Be brief.\n");
});

test("a ledger in its own folder is not replaced", async () => {
  await write(
    "rollcall.yaml",
    "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec: { ledger: { backend: file, path: state } }\n",
  );
  mkdirSync(join(one.folder, "state"));
  await isRefused("state/default.json", "it is the file of the ledger", "plan", "-o", "state/default.json");
});
