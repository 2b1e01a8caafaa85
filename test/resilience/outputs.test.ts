import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { KEY, type Desk } from "../e2e/cli.ts";
import { slowAnswers } from "../e2e/slow-answers.ts";
import { project } from "../security/project.ts";
import { until } from "./crash.ts";
import { builtProgram, type Ended, type Program } from "./program.ts";

let program: Program;
beforeAll(async () => {
  program = await builtProgram();
});

/** One command in a process of its own; the shell says where its output goes. */
function start({ folder, emulator }: Desk, shell: string, ...args: readonly string[]) {
  const env = { TELNYX_BASE_URL: emulator.url, TELNYX_API_KEY: KEY };
  return program.start(folder, args, { env, shell });
}

const names = ({ emulator }: Desk) => emulator.state().assistants.map(({ main }) => main["name"]);

function noTrace({ stderr, stdout }: Pick<Ended, "stdout" | "stderr">): void {
  expect(stdout + stderr).not.toMatch(/^\s+at |node:internal|Warning:/m);
}

describe.skipIf(!existsSync("/dev/full"))("a full disk", () => {
  test("before the writes: nothing is written, exit 1", async () => {
    const one = await project();
    const ended = await start(one, '"$@" > /dev/full', "apply", "--yes").ended;
    expect(ended).toMatchObject({
      code: 1,
      stderr: "error: standard output cannot be written: the disk is full\n",
    });
    expect(one.writes()).toEqual([]);
  });

  test("after the writes: the result is printed, the other report is written, exit 3", async () => {
    const one = await project();
    const args = ["apply", "--yes", "--format", "json", "--report", "text=applied.txt"];
    const ended = await start(one, '"$@" > /dev/full', ...args).ended;
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('{"error":{"message":"standard output cannot be written: the disk is full"');
    expect(ended.stderr).toContain("the changes were made");
    noTrace(ended);
    expect(names(one)).toEqual(["front"]);
    expect(await readFile(join(one.folder, "applied.txt"), "utf8")).toContain("Apply complete!");
  });

  test("for a report: exit 3 if something was written, else 1", async () => {
    const one = await project();
    const first = await one.rollcall(
      "apply",
      "--yes",
      "--report",
      "markdown=/dev/full",
      "--report",
      "text=ok.txt",
    );
    expect(first.code).toBe(3);
    expect(first.stdout).toContain("Apply complete!");
    expect(first.stderr).toContain("error: the report was not written to /dev/full: the disk is full");
    expect(existsSync(join(one.folder, "ok.txt"))).toBe(true);
    const second = await one.rollcall("apply", "--yes", "--report", "markdown=/dev/full");
    expect(second.code).toBe(1);
    one.writes();
    expect((await one.rollcall("destroy", "--yes", "--report", "markdown=/dev/full")).code).toBe(3);
    expect(one.writes()).toEqual([expect.stringMatching(/^DELETE /)]);
  });

  test("after the ledger was changed: exit 3", async () => {
    const one = await project();
    await one.rollcall("apply", "--yes");
    const ended = await start(one, '"$@" > /dev/full', "ledger", "forget", "Assistant/front").ended;
    expect(ended.code).toBe(3);
    expect((await one.rollcall("ledger", "list")).stdout).toBe("The ledger is empty.\n");
  });

  test.each([
    [["--help"]],
    [["--version"]],
    [["help", "plan"]],
    [["apply", "--help"]],
    [["emulator", "--port", "0"]],
  ])("for %j: one line, exit 1", async (args) => {
    const ended = await start(await project(), '"$@" > /dev/full', ...args).ended;
    expect(ended).toMatchObject({
      code: 1,
      stderr: "error: standard output cannot be written: the disk is full\n",
    });
  });

  test("for progress and notices: the apply goes on, exit 0", async () => {
    const one = await project();
    const ended = await start(one, '"$@" 2> /dev/full', "apply", "--yes").ended;
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining("Apply complete!") });
    expect(names(one)).toEqual(["front"]);
  });
});

test("no reader: the apply continues, exit 0", async () => {
  const one = await project();
  const run = start(one, '"$@"', "apply", "--yes");
  run.child.stdout?.destroy();
  run.child.stderr?.destroy();
  expect((await run.ended).code).toBe(0);
  expect(names(one)).toEqual(["front"]);
});

test("Ctrl-C during the last write: the apply completes, exit 0", async () => {
  const { sleep, end } = slowAnswers();
  const one = await project({}, { sleep });
  one.emulator.inject({ match: { method: "POST" }, fault: { kind: "slow", milliseconds: 1 } });
  const run = start(one, 'exec "$@"', "apply", "--yes");
  await until(() => one.emulator.faults().length === 0, run);
  run.child.kill("SIGINT");
  await until(() => run.texts.stderr.includes("Stopping:"), run);
  end();
  const ended = await run.ended;
  expect(ended.stderr).toContain("Stopping:");
  expect(ended).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Apply complete! Resources: 1 added"),
  });
});

describe("the path of a report is checked before anything is sent", () => {
  test.each(["apply --yes", "destroy --yes", "plan", "drift", "drift --propose", "apply --yes plan.json"])(
    "by %s",
    async (command) => {
      const one = await project();
      await one.rollcall("plan", "--out", "plan.json");
      await mkdir(join(one.folder, "folder"));
      one.emulator.clearRequests();
      for (const file of ["none/x.md", "folder", "front.yaml/x.md"]) {
        const ran = await one.rollcall(...command.split(" "), "--report", `markdown=${file}`);
        expect(ran.code).toBe(1);
        expect(ran.stderr).toMatch(new RegExp(`^error: the report was not written to ${file}: `));
        expect(one.emulator.requests()).toEqual([]);
      }
    },
  );

  test("the path of a plan is checked before anything is sent", async () => {
    const one = await project();
    expect((await one.rollcall("plan", "--out", "none/plan.json")).code).toBe(1);
    expect(one.emulator.requests()).toEqual([]);
  });
});
