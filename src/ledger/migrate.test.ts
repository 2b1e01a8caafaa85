import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "../../test/ledger/folder.ts";
import { bareRepository, clone } from "../../test/ledger/git-place.ts";
import { startStateServer } from "../../test/ledger/state-server.ts";
import { ALICE, BOB, isAlive, put, runtime } from "../../test/ledger/fixtures.ts";
import type { LedgerError, LedgerChoice } from "../model/ledger.ts";
import { fileLedger } from "./file.ts";
import { migrateLedger } from "./migrate.ts";
import { openLedger } from "./open.ts";
import type { MovableLedger } from "./session.ts";

function open(root: string, choice: LedgerChoice): MovableLedger {
  const context = { root, cwd: root, project: "shop", environment: "production", version: "0.0.0" };
  return openLedger(choice, { ...context, env: process.env, runtime, isAlive });
}

async function write(ledger: MovableLedger, ...names: readonly string[]): Promise<void> {
  const session = await ledger.open(ALICE, 0);
  for (const name of names) await session.commit([put(name)]);
  await session.release();
}

async function problem(of: Promise<unknown>): Promise<Pick<LedgerError, "problem" | "message"> | undefined> {
  return of.then(
    () => undefined,
    (error: LedgerError) => ({ problem: error.problem, message: error.message }),
  );
}

test("a ledger moved through all backends stays the same", async () => {
  const work = clone(bareRepository());
  const { url } = await startStateServer({ gitlab: true });
  const lock = { lockAddress: `${url}/lock`, lockMethod: "POST", unlockMethod: "DELETE" };
  const file = open(work, { backend: "file" });
  const git = open(work, { backend: "git" });
  const http = open(work, { backend: "http", address: url, ...lock });
  await write(file, "a", "b");
  const state = await file.read();
  expect(await migrateLedger(file, git, ALICE, 0)).toEqual(state);
  expect(await git.read()).toEqual(state);
  expect((await git.history?.(5))?.map(({ serial }) => serial)).toEqual([2]);
  await write(git, "c");
  await migrateLedger(git, http, ALICE, 0);
  await write(http, "d");
  await migrateLedger(http, file, ALICE, 0);
  expect(await file.read()).toMatchObject({ lineage: state?.lineage, serial: 4 });
  for (const ledger of [file, git, http]) expect(await ledger.holder()).toBeUndefined();
});

test("another ledger or a newer state of the same ledger is not overwritten", async () => {
  const root = folder();
  const ledger = (name: string) => fileLedger({ path: join(root, name), place: name, runtime, isAlive });
  await write(ledger("from"), "a");
  await write(ledger("other"), "x");
  const other = await ledger("other").read();
  expect(await problem(migrateLedger(ledger("from"), ledger("other"), ALICE, 0))).toMatchObject({
    problem: "changed",
    message: expect.stringContaining("contains another ledger"),
  });
  expect(await ledger("other").read()).toEqual(other);
  await migrateLedger(ledger("from"), ledger("copy"), ALICE, 0);
  expect((await problem(migrateLedger(ledger("from"), ledger("copy"), ALICE, 0)))?.message).toContain(
    "not older than",
  );
  await write(ledger("copy"), "b");
  expect((await problem(migrateLedger(ledger("from"), ledger("copy"), ALICE, 0)))?.problem).toBe("changed");
  await migrateLedger(ledger("copy"), ledger("from"), ALICE, 0);
  expect(await ledger("from").read()).toEqual(await ledger("copy").read());
});

test("a migration without a source, to itself, or with a held lock is refused", async () => {
  const root = folder();
  const ledger = (name: string) => fileLedger({ path: join(root, name), place: name, runtime, isAlive });
  expect((await problem(migrateLedger(ledger("a"), ledger("b"), ALICE, 0)))?.message).toContain(
    "there is no ledger",
  );
  expect((await problem(migrateLedger(ledger("a"), ledger("a"), ALICE, 0)))?.message).toContain("already");
  await write(ledger("a"), "a");
  const held = await ledger("b").open(BOB, 0);
  expect((await problem(migrateLedger(ledger("a"), ledger("b"), ALICE, 0)))?.problem).toBe("locked");
  await held.release();
  expect(await ledger("a").holder()).toBeUndefined();
});
