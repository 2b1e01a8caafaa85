/**
 * Loaded with `--import` before the program: records what reaches out of a run. A process that is not `git` or that gets
 * a secret, a connection to anything but the allowed ports of this machine, a change to a file outside of the allowed
 * folders. `FUZZ_GUARD` holds the rules, as JSON; `FUZZ_GUARD_LOG` names the file to note breaches in. In one process
 * with the fuzzer, `globalThis.fuzzGuard.watch(rules)` begins and returns what ends.
 */
import childProcess, { ChildProcess } from "node:child_process";
import dgram from "node:dgram";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { basename, dirname, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const { appendFileSync, realpathSync } = fs;
const log = process.env.FUZZ_GUARD_LOG;
let rules = process.env.FUZZ_GUARD === undefined ? undefined : JSON.parse(process.env.FUZZ_GUARD);
let breaches = [];

function breach(text) {
  breaches.push(text);
  if (log !== undefined) appendFileSync.call(fs, log, `${text}\n`);
}

function started(file, args, env) {
  if (rules === undefined) return;
  if (basename(String(file)) !== "git") breach(`process: ${[file, ...(args ?? [])].join(" ")}`);
  const holders = Object.entries(env ?? process.env).filter(([, value]) =>
    rules.secrets.some((secret) => String(value).includes(secret)),
  );
  for (const [name] of holders)
    if (!rules.gitVariables.includes(name)) breach(`secret: ${name} in the environment of ${file}`);
}

function connected(options) {
  if (rules === undefined) return;
  const { host = "localhost", port, path } = options;
  if (path !== undefined && port === undefined) return breach(`connection: ${path}`);
  const isHere = ["127.0.0.1", "localhost", "::1", "[::1]"].includes(host);
  if (!isHere || !rules.ports.includes(Number(port))) breach(`connection: ${host}:${port}`);
}

function changed(what, path) {
  if (rules === undefined || typeof path === "number") return;
  const text = path instanceof URL ? fileURLToPath(path) : String(path);
  const target = real(resolve(text));
  if (target === "/dev/null") return;
  if (!rules.folders.some((folder) => target === folder || target.startsWith(folder + sep)))
    breach(`file: ${what} ${target}`);
}

/** Where a path leads, whether or not there is something. */
function real(path) {
  try {
    return realpathSync.call(fs, path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : resolve(real(parent), basename(path));
  }
}

function replace(object, name, before) {
  const original = object[name];
  if (typeof original !== "function") return;
  object[name] = function replaced(...args) {
    before(...args);
    return Reflect.apply(original, this, args);
  };
}

replace(ChildProcess.prototype, "spawn", ({ file, args, envPairs }) =>
  started(file, args?.slice(1), Object.fromEntries((envPairs ?? []).map((pair) => pair.split(/=(.*)/s)))),
);
for (const name of ["spawnSync", "execFileSync", "execSync"])
  replace(childProcess, name, (file) => started(file, []));
replace(net.Socket.prototype, "connect", (...args) => {
  const [first] = args;
  if (Array.isArray(first)) connected(first[0]);
  else if (typeof first === "object") connected(first);
  else connected(typeof first === "string" ? { path: first } : { port: first, host: args[1] });
});
replace(dgram.Socket.prototype, "send", () => rules !== undefined && breach("connection: UDP"));

const FIRST = [
  "appendFile",
  "chmod",
  "chown",
  "createWriteStream",
  "lchown",
  "lutimes",
  "mkdir",
  "mkdtemp",
  "rm",
  "rmdir",
  "truncate",
  "unlink",
  "utimes",
  "writeFile",
];
const SECOND = ["copyFile", "cp", "link", "symlink"];
const isReading = (flags) =>
  flags === undefined ||
  flags === "r" ||
  (typeof flags === "number" && (flags & (1 | 2 | 64 | 512 | 1024)) === 0);
for (const [object, suffix] of [
  [fs, ""],
  [fs, "Sync"],
  [fs.promises, ""],
]) {
  for (const name of FIRST) replace(object, name + suffix, (path) => changed(name, path));
  for (const name of SECOND) replace(object, name + suffix, (_, path) => changed(name, path));
  replace(object, `open${suffix}`, (path, flags) => isReading(flags) || changed("open", path));
  replace(object, `rename${suffix}`, (from, to) =>
    [dirname(String(from)), dirname(String(to))].forEach((path) => changed("rename in", path)),
  );
}
syncBuiltinESMExports();

globalThis.fuzzGuard = {
  /** From now on. The function that is returned ends it, and gives what was recorded. */
  watch(now) {
    rules = now;
    breaches = [];
    return () => {
      rules = undefined;
      return breaches;
    };
  },
};
