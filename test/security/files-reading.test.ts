import { execFileSync } from "node:child_process";
import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Desk } from "../e2e/cli.ts";
import { assistant, project, settings } from "./project.ts";

/** What no reader comes to the end of, or not before the memory is full. */
const ENDLESS: Readonly<Record<string, (path: string) => void>> = {
  "a pipe": (path) => void execFileSync("mkfifo", [path]),
  "a link to /dev/zero": (path) => symlinkSync("/dev/zero", path),
  "a file of 1 GiB": (path) => {
    writeFileSync(path, "");
    truncateSync(path, 1024 ** 3);
  },
};

const EVENT = { GITHUB_ACTIONS: "true", GITHUB_REPOSITORY: "a/b", GITHUB_TOKEN: "t" };
const REPORT = "<!-- rollcall plan p e -->\ntext\n";

/** Every file that Rollcall reads: where it is, and what reads it. */
const READERS: Readonly<Record<string, readonly [string, (one: Desk) => ReturnType<Desk["rollcall"]>]>> = {
  "the project": ["rollcall.yaml", (one) => one.rollcall("validate")],
  "a manifest": ["more.yaml", (one) => one.rollcall("validate")],
  "an included text": ["prompt.md", (one) => one.rollcall("validate", "includes.yaml")],
  "the ledger": [".rollcall/default.json", (one) => one.rollcall("plan")],
  "the ledger of an apply": [".rollcall/default.json", (one) => one.rollcall("apply", "--yes")],
  "the lock of the ledger": [".rollcall/default.json.lock", (one) => one.rollcall("apply", "--yes")],
  "a saved plan": ["plan.json", (one) => one.rollcall("apply", "plan.json")],
  "a report": ["report.md", (one) => one.rollcallWith(EVENT, "ci", "comment", "report.md")],
  "the event of a job": [
    "event.json",
    async (one) => {
      writeFileSync(join(one.folder, "report.md"), REPORT);
      const path = join(one.folder, "event.json");
      return one.rollcallWith({ ...EVENT, GITHUB_EVENT_PATH: path }, "ci", "comment", "report.md");
    },
  ],
  "the data of the emulator": [
    "live.jsonl",
    (one) => one.rollcall("emulator", "--port", "0", "--data", "live.jsonl"),
  ],
  "a list of what Git ignores": [".gitignore", (one) => one.rollcall("init")],
};

describe.each(Object.entries(ENDLESS))("%s is refused", (_, make) => {
  test.each(Object.entries(READERS))("as %s", async (_, [file, read]) => {
    const one = await project();
    writeFileSync(
      join(one.folder, "includes.yaml"),
      assistant("instructions: { file: prompt.md }", "includes"),
    );
    if (file !== "rollcall.yaml")
      writeFileSync(join(one.folder, "rollcall.yaml"), settings("{ manifests: [front.yaml, more.yaml] }"));
    if (file !== "more.yaml")
      writeFileSync(join(one.folder, "more.yaml"), assistant("instructions: Answer.", "more"));
    await mkdir(dirname(join(one.folder, file)), { recursive: true });
    make(join(one.folder, file));
    const { code, stdout, stderr } = await read(one);
    expect([1, 4]).toContain(code);
    expect(stdout + stderr).toMatch(
      /not a regular file|is larger than|leads out of the project|outside of the project/,
    );
    expect(one.emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  });
});
