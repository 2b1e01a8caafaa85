/**
 * Loaded before the program: ends its process with SIGKILL at the nth change to the files beside the ledger. KILL_AT is
 * `operation:side:n`; an operation is `save`, the ledger learning something (a line of its log, or its new text), or
 * `any`.
 */
import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";
import { countedChange } from "./counted-changes.mjs";

const [operation, side, nth] = (process.env.KILL_AT ?? "").split(":");

function around(isMeant, what, act) {
  return isMeant ? countedChange(what, act, { side, nth: Number(nth) }) : act();
}

const isBeside = (path) => basename(dirname(String(path))) === ".rollcall";
const isAny = operation === "any";
const { link, mkdir, open, rename, rm, writeFile } = promises;

promises.rename = (from, to) =>
  around(isBeside(to), `rename ${basename(to)}`, () => rename.call(promises, from, to));
promises.open = async (path, flags, ...more) => {
  const name = basename(path);
  const isMeant = isBeside(path) && flags !== "r";
  const file = await around(isAny && isMeant, `open ${name}`, () => open.call(promises, path, flags, ...more));
  const isLog = name.endsWith(".log.jsonl");
  const methods = isAny ? ["writeFile", "write", "sync", "datasync", "truncate"] : isLog ? ["writeFile"] : [];
  for (const method of isMeant ? methods : []) {
    const original = file[method];
    file[method] = (...args) => around(true, `${method} ${name}`, () => original.call(file, ...args));
  }
  return file;
};
if (isAny) {
  promises.mkdir = (path, ...more) =>
    around(basename(path) === ".rollcall", "mkdir", () => mkdir.call(promises, path, ...more));
  promises.link = (from, to) =>
    around(isBeside(to), `link ${basename(to)}`, () => link.call(promises, from, to));
  promises.writeFile = (path, ...more) =>
    around(isBeside(path), `writeFile ${basename(path)}`, () => writeFile.call(promises, path, ...more));
  promises.rm = (path, ...more) =>
    around(isBeside(path), `rm ${basename(path)}`, () => rm.call(promises, path, ...more));
}
syncBuiltinESMExports();
