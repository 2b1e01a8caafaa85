import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "vitest";
import type { Fault, FaultKind } from "../../src/providers/telnyx/emulator/faults.ts";
import { slowAnswers, type SlowAnswers } from "../e2e/slow-answers.ts";
import { everyNth } from "../grid.ts";
import { officeScene, openPlace, type Place, type Scene } from "./crash-scene.ts";
import { rehearse, until, type Rehearsed } from "./crash.ts";
import { builtProgram, type Ended, type Program, type Running } from "./program.ts";

/** There are five moments for each signal, so that each moment has its turn. */
const test = everyNth(2);

const SIGNALS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;
const TELL_LOCK = join(import.meta.dirname, "tell-lock.mjs");
const LOCK = "default.json.lock";
const LOG = "default.log.jsonl";

let program: Program;
let scene: Scene;
let rehearsed: Rehearsed;
let place: Place;
let slow: SlowAnswers;

beforeAll(async () => {
  program = await builtProgram();
  scene = await officeScene("create things");
  rehearsed = await rehearse(scene, program);
});

afterAll(async () => {
  if (scene !== undefined) await rm(scene.project, { recursive: true });
});

beforeEach(async () => {
  slow = slowAnswers();
  place = await openPlace(scene, { sleep: slow.sleep });
});

afterEach(() => place.close());

/** A run that has come to where the fault strikes. */
async function runUntil(fault: Fault, args: readonly string[] = scene.args): Promise<Running> {
  place.emulator.inject(fault);
  const run = place.start(program, { args });
  await until(() => place.emulator.faults().length === 0, run);
  return run;
}

const writing = (fault: FaultKind): Fault => ({ match: { method: "POST" }, fault });
const HANGS: FaultKind = { kind: "timeout-before" };

async function stopped({ child, texts, ended }: Running, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await until(() => texts.stderr.includes("Stopping: "), { child, texts, ended });
}

/** Without a trace of the one before. */
async function finishes(): Promise<void> {
  const again = await place.again();
  expect(again.code, again.stderr).toBe(0);
  expect(await place.picture()).toEqual(rehearsed.after);
  expect(await place.files()).toEqual([scene.ledger.name]);
}

function noTrace({ stderr, stdout }: Pick<Ended, "stdout" | "stderr">): void {
  expect(stdout + stderr).not.toMatch(/^\s+at |Error:|node:internal|Warning:/m);
}

describe.each(SIGNALS)("%s", (signal, code) => {
  test("once: running steps finish, and the others are listed", async () => {
    const run = await runUntil(writing({ kind: "slow", milliseconds: 1 }));
    await stopped(run, signal);
    slow.end();
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 3 });
    noTrace(ended);
    expect(ended.stderr).toContain("Stopping: finishing requests in progress.");
    expect(ended.stdout).toMatch(/McpServer\/crm +created .* verified/);
    expect(ended.stdout).toMatch(/Not started\n\n +Tool\/ticket +create +interrupted/);
    expect(ended.stdout).toMatch(/^The run was interrupted\.$/m);
    expect(await place.files()).toEqual([scene.ledger.name]);
    const { ledger } = await place.picture();
    expect(ledger).toMatchObject({ entries: { "McpServer/crm": { kind: "McpServer" } }, open: [] });
    expect(place.emulator.requests().filter(({ method }) => method !== "GET")).toHaveLength(1);
    await finishes();
  });

  test("twice: it ends immediately, and the next apply finds out what was done", async () => {
    const run = await runUntil(writing({ kind: "timeout-after" }));
    await stopped(run, signal);
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended).toMatchObject({ code });
    noTrace(ended);
    expect(await place.files()).toEqual([LOCK, LOG]);
    await finishes();
  });

  test("while it plans: it ends without waiting for a response, and leaves no lock", async () => {
    const run = await runUntil({ match: { nth: 2 }, fault: HANGS });
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 1 });
    noTrace(ended);
    expect(ended.stderr).toContain("Nothing was applied: it was interrupted.");
    expect(await place.files()).toEqual([]);
    await finishes();
  });

  test("while plan reads: it ends", async () => {
    const run = await runUntil({ match: { nth: 2 }, fault: HANGS }, ["plan"]);
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended).toMatchObject({ signal });
    noTrace(ended);
    expect(await place.files()).toEqual([]);
  });

  test("while it waits for the lock: it ends, names the holder, and keeps the lock", async () => {
    const holder = await runUntil(writing(HANGS));
    const args = [...scene.args, "--lock-timeout=10m"];
    const run = place.start(program, { args, first: [TELL_LOCK] });
    await until(() => run.texts.stderr.includes("looked at the lock"), run);
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 1 });
    noTrace(ended);
    expect(ended.stderr).toContain(`(process ${holder.child.pid}, apply)`);
    expect(ended.stderr).toContain("Nothing was applied: it was interrupted.");
    expect(await place.files()).toEqual([LOCK, LOG]);
    holder.child.kill("SIGKILL");
    await holder.ended;
    await finishes();
  });
});

/** What gives a program a terminal; its options are other ones elsewhere. */
const SCRIPT = "/usr/bin/script";

describe.skipIf(process.platform !== "linux" || !existsSync(SCRIPT))("at the question whether to apply", () => {
  async function asked(): Promise<Running> {
    const args = scene.args.filter((arg) => arg !== "--yes");
    const run = place.start(program, { args, shell: `exec ${SCRIPT} -qefc "$*" /dev/null` });
    await until(() => run.texts.stdout.includes('Type "yes" to continue: '), run);
    return run;
  }

  async function isDeclined(run: Running): Promise<void> {
    const ended = await run.ended;
    expect(ended, ended.stdout).toMatchObject({ code: 1 });
    noTrace(ended);
    expect(ended.stdout).toContain("Cancelled. Nothing was applied.");
    expect(await place.files()).toEqual([]);
    await finishes();
  }

  test.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
    ["no", "no\r"],
    ["an empty line", "\r"],
  ])("%s is not yes", async (_, keys) => {
    const run = await asked();
    run.child.stdin?.write(keys);
    await isDeclined(run);
  });

  test.each(SIGNALS)("%s is not yes", async (signal) => {
    const run = await asked();
    const { pid } = JSON.parse(await readFile(join(place.folder, ".rollcall", LOCK), "utf8")) as {
      pid: number;
    };
    process.kill(pid, signal);
    await isDeclined(run);
  });

  test("yes is", async () => {
    const run = await asked();
    run.child.stdin?.write("yes\r");
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(await place.picture()).toEqual(rehearsed.after);
  });
});

describe("a closed pipe", () => {
  test.each([
    ["plan", '{ "$@"; echo "code $?" >&2; } | head -n 1', 0],
    ["plan --detailed-exitcode", '{ "$@"; echo "code $?" >&2; } | head -c 1', 2],
    ["validate --format json", '{ "$@"; echo "code $?" >&2; } | true', 0],
  ])("of %s is not a crash", async (line, shell, code) => {
    const { stderr } = await place.start(program, { args: line.split(" "), shell }).ended;
    expect(stderr).toBe(`code ${code}\n`);
  });

  test.each([
    ["of the result", '{ "$@"; echo "code $?" >&3; } 3>&2 | true'],
    ["of standard output and standard error", '{ { "$@"; echo "code $?" >&3; } 2>&1 | true; } 3>&2'],
  ])("%s does not stop an apply", async (_, shell) => {
    const { stderr } = await place.start(program, { shell }).ended;
    expect(stderr).toMatch(/^code 0$/m);
    expect(await place.picture()).toEqual(rehearsed.after);
    expect(await place.files()).toEqual([scene.ledger.name]);
  });
});
