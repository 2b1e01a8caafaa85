// A process of its own that writes to a ledger: `child.ts <task as JSON>`.
import { closeSync, existsSync, openSync, rmSync } from "node:fs";
import { openLedger } from "../../src/ledger/open.ts";
import type { LedgerChoice } from "../../src/model/ledger.ts";
import { ALICE, isAlive, put, runtime } from "./fixtures.ts";

export interface Task {
  readonly choice: LedgerChoice;
  readonly root: string;
  readonly name: string;
  /** How many sessions, of one commit each. */
  readonly commits: number;
  /** Made exclusively while the lock is held, so that two at once are found out. */
  readonly inside: string;
  /** Nothing is begun before this file exists. */
  readonly start: string;
  /** Takes the lock, says so and keeps it until it is killed. */
  readonly hold?: true;
}

const task = JSON.parse(process.argv[2] ?? "") as Task;
const ledger = openLedger(task.choice, {
  root: task.root,
  cwd: task.root,
  project: "shop",
  environment: "production",
  env: process.env,
  version: "0.0.0",
  pid: process.pid,
  runtime,
  isAlive,
  onNotice: (message) => process.stderr.write(`notice: ${message}\n`),
});
const holder = { ...ALICE, who: task.name };
process.stdout.write("ready\n");
while (!existsSync(task.start)) await runtime.sleep(5);
for (let count = 0; count < task.commits; count += 1) {
  const session = await ledger.open(holder, 240_000);
  closeSync(openSync(task.inside, "wx"));
  if (task.hold === true) {
    await session.commit([put(`${task.name}-held`)]);
    await session.flush();
    process.stdout.write("holding\n");
    await runtime.sleep(600_000);
  }
  await session.commit([put(`${task.name}-${count}`)]);
  await session.flush();
  rmSync(task.inside);
  await session.release();
}
