import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { openLedger } from "../../src/ledger/open.ts";
import type { LedgerChoice } from "../../src/model/ledger.ts";
import type { MovableLedger } from "../../src/ledger/session.ts";
import { everyNth } from "../grid.ts";
import { race, startChild } from "./children.ts";
import { folder } from "./folder.ts";
import { bareRepository, clone, git, serve } from "./git-place.ts";
import { startStateServer } from "./state-server.ts";
import { ALICE, isAlive, put, runtime } from "./fixtures.ts";

const test = everyNth(3);

interface Place {
  readonly choice: LedgerChoice;
  /** Where the writers start, one after the other. */
  readonly roots: readonly string[];
}

const PLACES: readonly (readonly [string, () => Promise<Place>])[] = [
  ["file", async () => ({ choice: { backend: "file" }, roots: [folder()] })],
  [
    "git",
    async () => {
      const bare = bareRepository();
      return { choice: { backend: "git" }, roots: [clone(bare), clone(bare)] };
    },
  ],
  [
    "git, the repository itself",
    async () => {
      const root = folder();
      git(root, "init", "--quiet");
      return { choice: { backend: "git" }, roots: [root] };
    },
  ],
  [
    "git, through a daemon, clones of depth 1",
    async () => {
      const bare = bareRepository();
      const url = (await serve(bare)) ?? `file://${bare}`;
      return { choice: { backend: "git" }, roots: [clone(url, "--depth=1"), clone(url, "--depth=1")] };
    },
  ],
  [
    "http",
    async () => {
      const { url } = await startStateServer();
      return { choice: { backend: "http", address: url, lockAddress: `${url}/lock` }, roots: [folder()] };
    },
  ],
  [
    "http, as GitLab has it",
    async () => {
      const { url } = await startStateServer({ gitlab: true });
      const lock = { lockAddress: `${url}/lock`, lockMethod: "POST", unlockMethod: "DELETE" };
      return { choice: { backend: "http", address: url, ...lock }, roots: [folder()] };
    },
  ],
];

function ledgerAt({ choice, roots }: Place, notices: string[] = []): MovableLedger {
  const root = roots[0] ?? "";
  return openLedger(choice, {
    root,
    cwd: root,
    project: "shop",
    environment: "production",
    env: process.env,
    version: "0.0.0",
    pid: process.pid,
    runtime,
    isAlive,
    onNotice: (message) => void notices.push(message),
  });
}

/** Takes the lock, commits, and is killed. */
async function killedHolder({ choice, roots }: Place): Promise<void> {
  const shared = folder();
  const start = join(shared, "start");
  writeFileSync(start, "");
  const inside = join(shared, "inside");
  const child = await startChild({
    choice,
    root: roots.at(-1) ?? "",
    name: "victim",
    commits: 1,
    inside,
    start,
    hold: true,
  });
  await child.printed("holding");
  child.kill();
  await child.ended;
}

for (const [name, make] of PLACES) {
  const compete = async (count: number, commits: number): Promise<void> => {
    const place = await make();
    await killedHolder(place);
    const names = await race(place.choice, place.roots, count, commits);
    const state = await ledgerAt(place).read();
    expect(Object.keys(state?.entries ?? {}).sort()).toEqual([...names, "Tool/victim-held"].sort());
    expect(state?.serial).toBe(count * commits + 1);
    expect(await ledgerAt(place).holder()).toBeUndefined();
    const log = await ledgerAt(place).history?.(100);
    if (name.startsWith("git")) expect(log).toHaveLength(count * commits + 1);
  };

  test(
    `${name}: after a killed process, one of two processes writes at a time, and nothing is lost`,
    () => compete(2, 4),
    280_000,
  );

  // The backends themselves; not every way to reach them.
  if (!name.includes(",")) {
    test(
      `${name}: one of eight processes writes at a time`,
      () => compete(8, name === "file" ? 20 : 1),
      280_000,
    );
  }

  test(`${name}: the lock of a killed process is taken over, with its durable commits`, async () => {
    const place = await make();
    await killedHolder(place);
    const notices: string[] = [];
    const session = await ledgerAt(place, notices).open(ALICE, 0);
    expect(notices).toEqual([
      expect.stringMatching(/held by victim on .* was taken over: its process is no longer/),
    ]);
    expect(Object.keys(session.state.entries)).toEqual(["Tool/victim-held"]);
    await session.commit([put("after")]);
    await session.release();
    expect((await ledgerAt(place).read())?.serial).toBe(2);
  }, 60_000);
}
