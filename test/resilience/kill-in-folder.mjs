/**
 * Loaded before the program: ends its process with SIGKILL before the nth change to a file below the current folder.
 * KILL_AT is n; KILL_LOG is a file that lists the changes.
 */
import { promises, appendFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { relative, resolve } from "node:path";

const nth = Number(process.env.KILL_AT);
const root = process.cwd();
let count = 0;

async function around(path, what, act) {
  const place = relative(root, resolve(String(path)));
  if (place.startsWith("..")) return act();
  count += 1;
  if (process.env.KILL_LOG !== undefined) appendFileSync(process.env.KILL_LOG, `${what} ${place}\n`);
  if (count === nth) process.kill(process.pid, "SIGKILL");
  return act();
}

const original = { ...promises };
/** Which argument is the file that changes. */
const CHANGES = { rename: 1, link: 1, mkdir: 0, writeFile: 0, rm: 0, rmdir: 0 };
for (const [name, at] of Object.entries(CHANGES)) {
  promises[name] = (...args) => around(args[at], name, () => original[name].call(promises, ...args));
}
promises.open = async (path, flags, ...more) => {
  if (flags === "r") return original.open(path, flags, ...more);
  const file = await around(path, "open", () => original.open(path, flags, ...more));
  for (const method of ["writeFile", "write", "sync", "datasync", "truncate", "chmod"]) {
    const real = file[method];
    file[method] = (...args) => around(path, method, () => real.call(file, ...args));
  }
  return file;
};
syncBuiltinESMExports();
