/**
 * What happens at the changes to files that a hook counts. KILL_LOG is a file that lists them. With COPY_TO the run goes
 * on, and the folder around the current one is copied before each change (to `1`, `2`, ...) and after the last one (to
 * `after`): what a process leaves that is killed at this moment.
 */
import { appendFileSync, cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

const { KILL_LOG: log, COPY_TO: copies } = process.env;
const around = dirname(process.cwd());
let count = 0;

/** Does `act`, and ends the process with SIGKILL before or after it when it is the nth change. */
export async function countedChange(what, act, { side = "before", nth }) {
  count += 1;
  if (log !== undefined) appendFileSync(log, `${what}\n`);
  if (copies !== undefined) copyTo(String(count));
  const isNow = count === nth;
  if (isNow && side === "before") process.kill(process.pid, "SIGKILL");
  const result = await act();
  if (copies !== undefined) copyTo("after");
  if (isNow && side === "after") process.kill(process.pid, "SIGKILL");
  return result;
}

function copyTo(name) {
  const folder = join(copies, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(around, folder, { recursive: true });
}
