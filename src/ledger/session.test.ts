import { expect, test } from "vitest";
import { drop, intended, put, runtime } from "../../test/ledger/fixtures.ts";
import type { LedgerState } from "../model/ledger.ts";
import { openSession, type Store } from "./session.ts";

const EMPTY: LedgerState = { lineage: "l", serial: 0, entries: {} };

/** A store whose saves end when they are told to. */
function manualStore() {
  const saved: LedgerState[] = [];
  const pending: { readonly state: LedgerState; readonly end: (error?: Error) => void }[] = [];
  let released = 0;
  const store: Store = {
    save: (state) =>
      new Promise((resolve, reject) => {
        pending.push({
          state,
          end: (error) => {
            if (error !== undefined) return reject(error);
            saved.push(state);
            return resolve(state);
          },
        });
      }),
    release: async () => void (released += 1),
  };
  return { store, saved, pending, releases: () => released };
}

/** Everything that can go on without the store has gone on. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const forever = { ...runtime, sleep: (_: number, signal?: AbortSignal) => runtime.sleep(600_000, signal) };
const gathering = { runtime: forever, pause: 5_000 };

test("without batching, a commit returns when it is saved, and later commits share the next save", async () => {
  const { store, saved, pending } = manualStore();
  const session = openSession(EMPTY, store);
  const returned: string[] = [];
  for (const name of ["a", "b", "c"]) void session.commit([put(name)]).then(() => returned.push(name));
  await settled();
  expect(pending.map(({ state }) => state.serial)).toEqual([1]);
  pending.shift()?.end();
  await settled();
  expect(returned).toEqual(["a"]);
  pending.shift()?.end();
  await settled();
  expect(returned).toEqual(["a", "b", "c"]);
  expect(saved.map(({ serial }) => serial)).toEqual([1, 3]);
});

test("with batching, a commit returns at once, and flush saves all commits together", async () => {
  const { store, saved, pending } = manualStore();
  const session = openSession(EMPTY, store, gathering);
  await session.commit([put("a")]);
  await session.commit([put("b"), drop("a")]);
  expect(Object.keys(session.state.entries)).toEqual(["Tool/b"]);
  await settled();
  expect(pending).toEqual([]);
  const flushed = session.flush();
  await settled();
  pending.shift()?.end();
  await flushed;
  expect(saved).toEqual([session.state]);
});

test("intents are durable when the commit returns, also during another save", async () => {
  const { store, saved, pending } = manualStore();
  const session = openSession(EMPTY, store, gathering);
  await session.commit([put("a")]);
  const flushed = session.flush();
  await settled();
  let isBegun = false;
  const begun = session.commit([intended("1")]).then(() => (isBegun = true));
  await settled();
  pending.shift()?.end();
  await settled();
  expect(isBegun).toBe(false);
  pending.shift()?.end();
  await Promise.all([begun, flushed]);
  expect(saved.at(-1)?.intents?.map(({ id }) => id)).toEqual(["1"]);
});

test("the next serial follows the one that the store had to raise", async () => {
  const { store, pending } = manualStore();
  const raising: Store = {
    ...store,
    save: async (state) => ({ ...(await store.save(state)), serial: state.serial + 4 }),
  };
  const session = openSession(EMPTY, raising);
  const first = session.commit([put("a")]);
  await settled();
  const second = session.commit([put("b")]);
  pending.shift()?.end();
  await first;
  await settled();
  expect(pending[0]?.state.serial).toBe(6);
  pending.shift()?.end();
  await second;
  expect(session.state.serial).toBe(10);
});

test("after a failed save, waiting and later commits fail, and release does not report it twice", async () => {
  const { store, pending, releases } = manualStore();
  const session = openSession(EMPTY, store);
  const first = session.commit([put("a")]);
  const second = session.commit([put("b")]);
  const failures = Promise.allSettled([first, second]);
  await settled();
  pending.shift()?.end(new Error("disk full"));
  expect((await failures).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(pending).toEqual([]);
  await expect(session.commit([put("c")])).rejects.toThrow("disk full");
  await expect(session.flush()).rejects.toThrow("disk full");
  await session.release();
  await session.release();
  expect(releases()).toBe(1);
});

test("an unreported failure is reported at release, and the lock is still released", async () => {
  const { store, pending, releases } = manualStore();
  const session = openSession(EMPTY, store, gathering);
  await session.commit([put("a")]);
  const released = session.release();
  await settled();
  pending.shift()?.end(new Error("unreachable"));
  await expect(released).rejects.toThrow("unreachable");
  expect(releases()).toBe(1);
});
