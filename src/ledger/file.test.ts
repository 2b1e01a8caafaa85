import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "../../test/ledger/folder.ts";
import { fillDisk } from "../../test/ledger/full-disk.ts";
import {
  ALICE,
  BOB,
  closed,
  drop,
  intended,
  isAlive,
  later,
  manualHeart,
  NOBODY,
  put,
  runtime,
} from "../../test/ledger/fixtures.ts";
import type { Fact, LedgerError } from "../model/ledger.ts";
import { commitLine, logPath } from "./file/log.ts";
import { fileLedger, type FileLedgerOptions } from "./file.ts";

const isRoot = process.getuid?.() === 0;

interface Setting {
  readonly path: string;
  readonly notices: string[];
  readonly open: (options?: Partial<FileLedgerOptions>) => ReturnType<typeof fileLedger>;
}

function setting(path = join(folder(), ".rollcall", "default.json")): Setting {
  const notices: string[] = [];
  const onNotice = (message: string) => void notices.push(message);
  const base = { path, place: ".rollcall/default.json", runtime, isAlive, onNotice };
  return { path, notices, open: (options) => fileLedger({ ...base, ...options }) };
}

async function write(ledger: ReturnType<typeof fileLedger>, ...names: readonly string[]): Promise<void> {
  const session = await ledger.open(ALICE, 0);
  for (const name of names) await session.commit([put(name)]);
  await session.release();
}

function problem(of: Promise<unknown>): Promise<Pick<LedgerError, "problem" | "message"> | undefined> {
  return of.then(
    () => undefined,
    (error: LedgerError) => ({ problem: error.problem, message: error.message }),
  );
}

test("keeps commits in files with mode 0600 and leaves no other file", async () => {
  const { path, open } = setting();
  const ledger = open();
  expect(await ledger.read()).toBeUndefined();
  await write(ledger, "a", "b");
  const session = await ledger.open(ALICE, 0);
  expect(statSync(`${path}.lock`).mode & 0o777).toBe(0o600);
  await session.commit([drop("a"), put("c")]);
  await session.release();
  const state = await open().read();
  expect(state?.serial).toBe(3);
  expect(Object.keys(state?.entries ?? {})).toEqual(["Tool/b", "Tool/c"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, ".."))).toEqual(["default.json"]);
});

test("a run that writes nothing leaves none of the folders that it made", async () => {
  const top = folder();
  const { open } = setting(join(top, "state", "of", "default.json"));
  const session = await open().open(ALICE, 0);
  await session.release();
  expect(readdirSync(top)).toEqual([]);
});

test("runs that write nothing and wait for each other leave no .rollcall", async () => {
  const top = folder();
  const { open } = setting(join(top, ".rollcall", "default.json"));
  const open20 = Array.from({ length: 20 }, async (_, index) => {
    const session = await open().open(index % 2 === 0 ? ALICE : BOB, 60_000);
    await session.release();
  });
  await Promise.all(open20);
  expect(readdirSync(top)).toEqual([]);
});

test("a folder that was there before stays, unless it is .rollcall", async () => {
  const top = folder();
  for (const name of ["state", ".rollcall"]) {
    mkdirSync(join(top, name));
    await write(setting(join(top, name, "default.json")).open());
  }
  expect(readdirSync(top)).toEqual(["state"]);
});

test("an edit that keeps size and modification time is noticed", async () => {
  const { path, open } = setting();
  await write(open(), "a");
  const before = statSync(path);
  const text = readFileSync(path, "utf8");
  const ledger = open({ runtime: { ...runtime, now: () => new Date(Date.now() + 60_000) } });
  const first = await ledger.read();
  expect(await ledger.read()).toBe(first);
  writeFileSync(path, text.replace('"serial"', '"Serial"'));
  utimesSync(path, before.atime, before.mtime);
  expect(await problem(ledger.read())).toMatchObject({ problem: "corrupt" });
  writeFileSync(path, text);
  expect(await ledger.read()).toEqual(first);
});

test("each of many simultaneous commits is on disk when it returns", async () => {
  const { open } = setting();
  const session = await open().open(ALICE, 0);
  const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
  await Promise.all(
    names.map(async (name) => {
      await session.commit([put(name)]);
      expect((await open().read())?.entries).toHaveProperty([`Tool/${name}`]);
    }),
  );
  expect((await open().read())?.serial).toBe(50);
  await session.release();
});

test("intents are kept until they are closed", async () => {
  const { open } = setting();
  const session = await open().open(ALICE, 0);
  const ids = async () => (await open().read())?.intents?.map(({ id }) => id);
  await session.commit([intended("1", "2")]);
  expect(await ids()).toEqual(["1", "2"]);
  await session.commit([put("1"), closed("1")]);
  expect(await ids()).toEqual(["2"]);
  await session.commit([put("2"), closed("2")]);
  expect(await open().read()).not.toHaveProperty("intents");
  await session.release();
});

test("a second writer waits, or is refused with the name of the holder", async () => {
  const { open } = setting();
  const first = await open().open(ALICE, 0);
  const refused = await problem(open().open(BOB, 0));
  expect(refused?.problem).toBe("locked");
  expect(refused?.message).toContain(`alice on ${ALICE.host} (process ${ALICE.pid}, apply)`);
  expect(await open().holder()).toMatchObject(ALICE);
  const waiting = open().open(BOB, 600_000);
  await first.commit([put("a")]);
  await first.release();
  const second = await waiting;
  expect(second.state.entries).toHaveProperty(["Tool/a"]);
  expect(await open().holder()).toMatchObject(BOB);
  await second.release();
  expect(await open().holder()).toBeUndefined();
});

test("the lock of a dead process on this host is taken over with a notice", async () => {
  const { notices, open } = setting();
  const dead = await open().open({ ...ALICE, pid: NOBODY }, 0);
  const session = await open().open(BOB, 0);
  expect(notices).toEqual([
    expect.stringMatching(
      /^the lock of file .* held by alice on .* was taken over: its process is no longer running$/,
    ),
  ]);
  await session.commit([put("b")]);
  const lost = await problem(dead.commit([put("a")]));
  expect(lost?.problem).toBe("changed");
  expect(lost?.message).toContain("taken over by bob");
  await session.release();
  await dead.release();
  expect(Object.keys((await open().read())?.entries ?? {})).toEqual(["Tool/b"]);
});

test("a lock of another host, or of another container with the same name, is kept until it expires", async () => {
  for (const strange of [{ host: "elsewhere" }, { space: "another start" }]) {
    const { path, notices, open } = setting();
    mkdirSync(join(path, ".."), { recursive: true });
    const now = runtime.now().getTime();
    const lock = {
      ...ALICE,
      pid: NOBODY,
      token: "t",
      since: new Date(now).toISOString(),
      expires: new Date(now + 50_000).toISOString(),
      space: "s",
      ...strange,
    };
    writeFileSync(`${path}.lock`, JSON.stringify(lock));
    expect((await problem(open().open(BOB, 0)))?.problem).toBe("locked");
    const session = await open({ runtime: later(60_000) }).open(BOB, 0);
    expect(notices[0]).toMatch(/was not renewed and expired at/);
    await session.release();
  }
});

test("a truncated lock file is waited for while it is new, then taken over", async () => {
  const { path, notices, open } = setting();
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(`${path}.lock`, '{"who":"al');
  expect((await problem(open().open(BOB, 0)))?.problem).toBe("locked");
  utimesSync(`${path}.lock`, new Date(), new Date(Date.now() - 120_000));
  await (await open().open(BOB, 0)).release();
  expect(notices).toHaveLength(1);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("a claim left by a process that was killed while taking over does not block", async () => {
  const { path, open } = setting();
  const dead = await open().open({ ...ALICE, pid: NOBODY }, 0);
  const lock = JSON.parse(readFileSync(`${path}.lock`, "utf8"));
  const { claimOf } = await import("./file/lock.ts");
  writeFileSync(claimOf(`${path}.lock`, lock.token), JSON.stringify({ ...lock, token: "claim" }));
  const session = await open().open(BOB, 0);
  await session.release();
  await dead.release();
  expect(existsSync(join(path, ".."))).toBe(false);
});

test("a path in the token of a lock file is not followed", async () => {
  const { path, open } = setting();
  mkdirSync(join(path, ".."), { recursive: true });
  const token = "../../../outside";
  const since = "2020-01-01T00:00:00.000Z";
  writeFileSync(`${path}.lock`, JSON.stringify({ ...ALICE, host: "h", token, since, expires: since }));
  await (await open().open(BOB, 0)).release();
  expect(existsSync(join(path, "..", "..", "outside"))).toBe(false);
});

test("an expired lock is renewed if nobody took it, and lost if somebody did", async () => {
  let shift = 0;
  const shifting = { ...runtime, now: () => new Date(runtime.now().getTime() + shift) };
  const { open } = setting();
  const session = await open({ runtime: shifting }).open(ALICE, 0);
  shift = 300_000;
  await session.commit([put("a")]);
  expect((await problem(open({ runtime: later(301_000) }).open(BOB, 0)))?.problem).toBe("locked");
  shift = 600_000;
  const other = await open({ runtime: later(600_000) }).open(BOB, 0);
  expect((await problem(session.commit([put("b")])))?.problem).toBe("changed");
  await other.release();
  await session.release();
});

test("the heartbeat renews", async () => {
  const heart = manualHeart();
  const { path, open } = setting();
  const expires = () => Date.parse(JSON.parse(readFileSync(`${path}.lock`, "utf8")).expires);
  const session = await open({ runtime: heart.runtime }).open(ALICE, 0);
  const before = expires();
  heart.pass(15_000);
  await heart.beat();
  expect(expires()).toBeGreaterThanOrEqual(before + 15_000);
  await session.release();
});

test("unlock removes any lock, and the run that held it stops writing", async () => {
  const { path, open } = setting();
  const session = await open().open(ALICE, 0);
  await open().unlock();
  expect(existsSync(`${path}.lock`)).toBe(false);
  const lost = await problem(session.commit([put("a")]));
  expect(lost).toMatchObject({ problem: "changed", message: expect.stringContaining("was removed") });
  expect((await problem(session.commit([put("b")])))?.problem).toBe("changed");
  await session.release();
  expect(await open().read()).toBeUndefined();
  await open().unlock();
});

test("a ledger that somebody else changed meanwhile is never overwritten", async () => {
  const { path, open } = setting();
  await write(open(), "a");
  const session = await open().open(ALICE, 0);
  const foreign = readFileSync(path, "utf8").replace('"serial": 1', '"serial": 7');
  writeFileSync(path, foreign);
  expect((await problem(session.commit([put("b")])))?.problem).toBe("changed");
  expect((await problem(session.flush()))?.problem).toBe("changed");
  await session.release();
  expect(readFileSync(path, "utf8")).toBe(foreign);
});

test("a new modification time alone is not a change", async () => {
  const { path, open } = setting();
  await write(open(), "a");
  const session = await open().open(ALICE, 0);
  utimesSync(path, new Date(), new Date(0));
  await session.commit([put("b")]);
  await session.release();
  expect((await open().read())?.serial).toBe(2);
});

test.each([
  ["cut short", (path: string) => truncateSync(path, statSync(path).size - 20), /not valid JSON/],
  ["edited", edit((text) => text.replace('"id": "a"', '"id": "z"')), /checksum does not match/],
  ["of a merge conflict", edit((text) => `<<<<<<< ours\n${text}`), /merge conflict markers/],
  ["without format", edit(() => "{}"), /no format number/],
  ["a state of Terraform", edit(() => '{"version":4,"terraform_version":"1.9"}'), /Terraform 1.9 state/],
  ["a list", edit(() => "[]"), /not an object/],
  ["empty", edit(() => ""), /not valid JSON/],
])("a ledger that is %s is refused and does not change", async (_, spoil, expected) => {
  const { path, open } = setting();
  await write(open(), "a");
  spoil(path);
  const spoilt = readFileSync(path);
  for (const attempt of [open().read(), open().open(ALICE, 0)]) {
    expect(await problem(attempt)).toMatchObject({
      problem: "corrupt",
      message: expect.stringMatching(expected),
    });
  }
  expect(readFileSync(path)).toEqual(spoilt);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

function edit(change: (text: string) => string): (path: string) => void {
  return (path) => writeFileSync(path, change(readFileSync(path, "utf8")));
}

test("line endings that a checkout converted are accepted", async () => {
  const { path, open } = setting();
  await write(open(), "a");
  edit((text) => text.replaceAll("\n", "\r\n"))(path);
  expect((await open().read())?.serial).toBe(1);
});

test("line endings of a log that a checkout converted are accepted, and the log is continued", async () => {
  const { path, open } = setting();
  const log = (await logOf(open(), path, "a", "b")).toString();
  rmSync(path, { force: true });
  writeFileSync(logPath(path), log.replaceAll("\n", "\r\n"));
  expect(Object.keys((await open().read())?.entries ?? {})).toEqual(["Tool/a", "Tool/b"]);
  await write(open(), "c");
  expect(Object.keys((await open().read())?.entries ?? {})).toEqual(["Tool/a", "Tool/b", "Tool/c"]);
});

test("a log with merge conflict markers is refused by that name", async () => {
  const { path, open } = setting();
  const log = (await logOf(open(), path, "a", "b")).toString();
  rmSync(path, { force: true });
  writeFileSync(logPath(path), log.replace("\n", "\n<<<<<<< HEAD\n"));
  expect((await problem(open().read()))?.message).toContain("its log contains merge conflict markers");
});

test("a newer format is refused", async () => {
  const { path, open } = setting();
  await write(open(), "a");
  edit((text) => text.replace('"format": 3', '"format": 4'))(path);
  const refused = await problem(open().open(ALICE, 0));
  expect(refused).toMatchObject({ problem: "newer", message: expect.stringContaining("update Rollcall") });
});

test("a folder that cannot be created, read or written is reported", async () => {
  const root = folder();
  writeFileSync(join(root, "blocked"), "");
  const blocked = await problem(
    setting(join(root, "blocked", "x.json"))
      .open()
      .open(ALICE, 0),
  );
  expect(blocked).toMatchObject({ problem: "unavailable", message: expect.stringContaining("not a folder") });
  mkdirSync(join(root, "x.json"));
  const isFolder = await problem(setting(join(root, "x.json")).open().read());
  expect(isFolder).toMatchObject({
    problem: "unavailable",
    message: expect.stringContaining("it is a folder"),
  });
});

test.skipIf(isRoot)("a folder without permission is said so", async () => {
  const root = folder();
  chmodSync(root, 0o500);
  const refused = await problem(setting(join(root, "x.json")).open().open(ALICE, 0));
  chmodSync(root, 0o700);
  expect(refused).toMatchObject({
    problem: "unavailable",
    message: expect.stringContaining("permission denied"),
  });
});

test("through a symbolic link, its target is written", async () => {
  const root = folder();
  const real = join(root, "shared.json");
  await write(setting(real).open(), "a");
  symlinkSync(real, join(root, "link.json"));
  const linked = setting(join(root, "link.json"));
  const session = await linked.open().open(ALICE, 0);
  expect((await problem(setting(real).open().open(BOB, 0)))?.problem).toBe("locked");
  await session.commit([put("b")]);
  await session.release();
  expect((await setting(real).open().read())?.serial).toBe(2);
});

test("files that killed runs left are removed", async () => {
  const { path, open } = setting();
  await write(open(), "a");
  for (const left of [".draft-1", ".lock.0123456789abcdef"]) writeFileSync(path + left, "");
  writeFileSync(`${path}.backup`, "");
  await write(open(), "b");
  expect(readdirSync(join(path, "..")).sort()).toEqual(["default.json", "default.json.backup"]);
});

test("after a full disk or any failed write, this commit and the next fail", async () => {
  const { path, open } = setting();
  const session = await open().open(ALICE, 0);
  symlinkSync("/dev/full", logPath(path));
  const failed = await problem(session.commit([put("a")]));
  expect(failed).toMatchObject({
    problem: "unavailable",
    message: expect.stringContaining("cannot be written"),
  });
  expect((await problem(session.commit([put("b")])))?.problem).toBe("unavailable");
  await session.release();
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("when the file cannot be replaced at the end of a run, nothing is lost", async () => {
  const { path, open } = setting();
  const session = await open().open(ALICE, 0);
  const { token } = JSON.parse(readFileSync(`${path}.lock`, "utf8"));
  await session.commit([put("a")]);
  // A folder where the draft goes: the write fails for root as well.
  mkdirSync(`${path}.draft-${token}`);
  expect(await problem(session.release())).toMatchObject({ problem: "unavailable" });
  expect(existsSync(`${path}.lock`)).toBe(false);
  expect((await open().read())?.entries).toHaveProperty(["Tool/a"]);
});

/** The log of a session, as it stood before its end: what a killed process leaves. */
async function logOf(ledger: ReturnType<typeof fileLedger>, path: string, ...names: readonly string[]) {
  const session = await ledger.open(ALICE, 0);
  for (const name of names) await session.commit([put(name)]);
  const log = readFileSync(logPath(path));
  await session.release();
  return log;
}

test("the log of an interrupted run is read, continued, and removed at the end of the next run", async () => {
  const { path, open } = setting();
  await write(open(), "a");
  const before = readFileSync(path);
  const log = await logOf(open(), path, "b", "c");
  const after = readFileSync(path);
  writeFileSync(path, before);
  writeFileSync(logPath(path), log);
  expect((await open().read())?.serial).toBe(3);
  const session = await open().open(ALICE, 0);
  await session.commit([put("d")]);
  expect(Object.keys((await open().read())?.entries ?? {})).toEqual(["Tool/a", "Tool/b", "Tool/c", "Tool/d"]);
  await session.release();
  expect(readdirSync(join(path, ".."))).toEqual(["default.json"]);
  // The file was replaced, and the process was killed before it took the log away.
  writeFileSync(path, after);
  writeFileSync(logPath(path), log);
  expect((await open().read())?.serial).toBe(3);
});

test("a log with a truncated last line is read up to the line before, and continued", async () => {
  const { path, open } = setting();
  const log = await logOf(open(), path, "a", "b");
  const last = log.subarray(0, -1).lastIndexOf(10) + 1;
  for (let length = last; length < log.length; length += 7) {
    rmSync(path, { force: true });
    writeFileSync(logPath(path), log.subarray(0, length));
    expect(Object.keys((await open().read())?.entries ?? {}), `${length} bytes`).toEqual(["Tool/a"]);
  }
  await write(open(), "c");
  expect(Object.keys((await open().read())?.entries ?? {})).toEqual(["Tool/a", "Tool/c"]);
});

test("a log that is damaged before its last line or belongs to another ledger is refused", async () => {
  const { path, open } = setting();
  const log = await logOf(open(), path, "a", "b");
  writeFileSync(logPath(path), log.toString().replace('"Tool/a"', '"Tool/x"'));
  expect((await problem(open().read()))?.problem).toBe("corrupt");
  const other = setting();
  await write(other.open(), "z");
  writeFileSync(logPath(other.path), log);
  expect((await problem(other.open().read()))?.problem).toBe("corrupt");
});

test("a log with a complete line that is not a commit is refused", async () => {
  const { path, open } = setting();
  const log = (await logOf(open(), path, "a")).toString();
  const [head] = log.split(/(?<=\n)/);
  const facts: readonly unknown[] = [
    {},
    { fact: "toString" },
    { fact: "intended" },
    { fact: "intended", intents: [null] },
    { fact: "verified", address: "Tool/a", entry: null },
    { fact: "verified", address: "__proto__", entry: { kind: "Tool", id: "1", applied: {}, observed: {} } },
    { fact: "closed", intents: "a" },
    { fact: "answered", intent: 1, objectId: "1" },
  ];
  for (const fact of facts) {
    writeFileSync(logPath(path), head + commitLine({ serial: 9, facts: [fact as Fact] }));
    expect((await problem(open().read()))?.problem, JSON.stringify(fact)).toBe("corrupt");
  }
});

test.each([
  ["before its first commit", 0],
  ["before its last save", 1],
])("a run whose disk is full %s leaves no lock and no partial file", async (_, commits) => {
  const { path, open, notices } = setting();
  await write(open(), "a");
  const session = await open().open(ALICE, 0);
  if (commits > 0) await session.commit([put("b")]);
  await fillDisk();
  await expect(session.commit([put("c")])).rejects.toThrow("the disk is full");
  await session.release();
  const left = readdirSync(join(path, "..")).filter((name) => name !== "default.log.jsonl");
  expect(left).toEqual(["default.json"]);
  expect(notices).toEqual([]);
  const known = commits > 0 ? ["Tool/a", "Tool/b"] : ["Tool/a"];
  expect(Object.keys((await open().read())?.entries ?? {})).toEqual(known);
});
