/**
 * Loaded before the program: ends its process with SIGKILL before the nth change to a file below the current folder.
 * KILL_AT is n.
 */
import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { relative, resolve } from "node:path";
import { countedChange } from "./counted-changes.mjs";

const nth = Number(process.env.KILL_AT);
const root = process.cwd();

function around(path, what, act) {
  const place = relative(root, resolve(String(path)));
  return place.startsWith("..") ? act() : countedChange(`${what} ${place}`, act, { nth });
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
