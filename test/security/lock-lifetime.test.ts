import { hostname } from "node:os";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { desk, type Desk } from "../e2e/cli.ts";
import { bareRepository, git } from "../ledger/git-place.ts";
import { startStateServer } from "../ledger/state-server.ts";

let office: Desk;

beforeEach(async () => {
  office = await desk();
});

afterEach(() => office.close());

async function project(ledger: object): Promise<void> {
  const write = (file: string, kind: string, rest: object) =>
    writeFile(join(office.folder, file), JSON.stringify({ apiVersion: "rollcall.dev/v1", kind, ...rest }));
  await write("rollcall.yaml", "Project", { metadata: { name: "office" }, spec: { ledger } });
  const spec = { name: "Front", instructions: "Answer." };
  await write("front.yaml", "Assistant", { metadata: { name: "front" }, spec });
}

const soon = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

/** By a process that is alive, so that only its time can end it. */
const heldUntil = (expires: string) =>
  JSON.stringify({
    who: "mallory",
    host: hostname(),
    pid: process.pid,
    operation: "apply",
    token: "t",
    since: "2099-01-01T00:00:00.000Z",
    expires,
  });

const NEVER_ENDING = [
  "2099-01-01T00:00:00.000Z",
  "9999-12-31T23:59:59.999Z",
  "+275760-09-13T00:00:00.000Z",
  "2099",
];

async function expectTaken(): Promise<void> {
  const ran = await office.rollcall("apply", "--yes");
  expect(ran.stderr).toContain("no lock holds that long");
  expect(ran.code).toBe(0);
  expect(office.writes()).toEqual(["POST /ai/assistants"]);
  expect((await office.rollcall("ledger", "unlock")).stdout).toContain("not locked");
}

async function expectLocked(): Promise<void> {
  const ran = await office.rollcall("apply", "--yes");
  expect(ran).toMatchObject({ code: 4, stderr: expect.stringContaining("is locked by mallory") as string });
  expect(office.writes()).toEqual([]);
}

describe("a lock in a file", () => {
  const path = () => join(office.folder, ".rollcall/default.json.lock");

  beforeEach(async () => {
    await project({ backend: "file" });
    await mkdir(join(office.folder, ".rollcall"));
  });

  test.each(NEVER_ENDING)("that claims to hold until %s holds nobody up", async (expires) => {
    await writeFile(path(), heldUntil(expires));
    await expectTaken();
  });

  test("without information and with a future date does not block", async () => {
    await writeFile(path(), "{}");
    await utimes(path(), new Date("2099-01-01"), new Date("2099-01-01"));
    await expectTaken();
  });

  test("that was just renewed by a clock slightly ahead is respected", async () => {
    await writeFile(path(), heldUntil(soon(90_000)));
    await expectLocked();
  });
});

describe("a lock in Git", () => {
  beforeEach(async () => {
    await project({ backend: "git" });
    git(office.folder, "init", "--quiet", "--initial-branch=main");
    git(office.folder, "remote", "add", "origin", bareRepository());
    git(office.folder, "add", ".");
    git(office.folder, "commit", "--quiet", "-m", "one");
  });

  const lock = (text: string) => {
    const commit = git(office.folder, "commit-tree", "HEAD^{tree}", "-m", `locked\n\n${text}`);
    git(office.folder, "push", "--quiet", "origin", `${commit}:refs/rollcall-locks/rollcall/office/default`);
  };

  test("that claims to be valid until 2099 does not block", async () => {
    lock(heldUntil("2099-01-01T00:00:00.000Z"));
    await expectTaken();
  });

  test("that was just renewed is respected", async () => {
    lock(heldUntil(soon(60_000)));
    await expectLocked();
  });
});

test("a lock on a server blocks until it is removed", async () => {
  const server = await startStateServer();
  await project({ backend: "http", address: server.url, lockAddress: `${server.url}/lock` });
  server.lock = { ID: "t", Who: "mallory", Operation: "apply", Created: "2099-01-01T00:00:00Z" };
  await expectLocked();
  expect((await office.rollcall("ledger", "unlock", "--yes")).code).toBe(0);
  expect((await office.rollcall("apply", "--yes")).code).toBe(0);
});
