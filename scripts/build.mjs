/**
 * Makes `dist`: the command line and the library as a few chunks, with the packages that every start needs in them, and
 * the types. A start reads ten files in place of three hundred.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { nodeWhenUsed, partsOfUndici, tablesWhenUsed } from "./when-used.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");

rmSync(DIST, { recursive: true, force: true });
const types = spawnSync(
  process.execPath,
  [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"],
  {
    cwd: ROOT,
    stdio: "inherit",
  },
);
if (types.status !== 0) process.exit(types.status ?? 1);

const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
/**
 * Runs the command, which loads the rest: nothing may wait for it. What it imports is all that `validate` needs, apart
 * from the checks of the kinds, and one file, because each file makes a start longer.
 */
const START = source("cli/start");
/** What comes before the rest is loaded; `--version` needs nothing else. */
const FIRST = new Set(["host/version", "cli/compile-cache"].map(source));
/** Modules that not every command needs. What imports one stays out of the common chunk, because it would pull it in. */
const APART = /\/src\/(?:host\/version\.ts$|reconcile\/)|\/node_modules\/(?:undici|deep-diff|diff|any-ascii)\//;
let checks;
const bundle = await rolldown({
  cwd: ROOT,
  input: { "cli/main": "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  // The same code as modules: for Node, the package has only the older form, which takes longer to load.
  resolve: { alias: { yaml: join(ROOT, "node_modules/yaml/browser/index.js") } },
  plugins: [
    tablesWhenUsed(/[\\/]string-width[\\/]index\.js$/),
    nodeWhenUsed(/[\\/]commander[\\/]lib[\\/]command\.js$/),
    partsOfUndici(),
  ],
  external: Object.keys(dependencies).map((name) => new RegExp(`^${name}(?:/|$)`)),
});
const { output } = await bundle.write({
  dir: DIST,
  format: "esm",
  entryFileNames: "[name].js",
  // As deep as the command line, for what is found from there: the package's own description.
  chunkFileNames: "chunks/[name].js",
  // Besides what `validate` loads, what nearly every command needs is one file.
  codeSplitting: {
    groups: [
      { debugName: "first", priority: 3, name: (id) => (FIRST.has(id) ? "first" : null) },
      {
        debugName: "checks",
        priority: 2,
        name: (id, modules) => {
          checks ??= reachedFrom([START], modules);
          return checks.has(id) && id !== START ? "checks" : null;
        },
      },
      {
        debugName: "common",
        minShareCount: 10,
        name: (id, modules) => (leadsApart(id, modules) ? null : "common"),
      },
    ],
  },
  sourcemap: true,
  sourcemapExcludeSources: true,
});

// npm sets the mode of a bin on install; a checkout that runs it from dist needs it too.
chmodSync(join(DIST, "cli/main.js"), 0o755);
writeFileSync(join(DIST, "THIRD-PARTY-NOTICES.txt"), notices(output));

function source(name) {
  return join(ROOT, "src", `${name}.ts`);
}

/** These modules, and all that they import directly or through others. */
function reachedFrom(entries, modules) {
  const seen = new Set();
  const waiting = [...entries];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    waiting.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
  }
  return seen;
}

/** True if a module is one of these, or imports one directly or through others. */
function leadsApart(id, modules, seen = new Set()) {
  if (APART.test(id)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return (modules.getModuleInfo(id)?.importedIds ?? []).some((next) => leadsApart(next, modules, seen));
}

/** The licences of the packages whose code is in the chunks. */
function notices(chunks) {
  const modules = chunks.flatMap((chunk) => (chunk.type === "chunk" ? Object.keys(chunk.modules) : []));
  const folders = modules.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)]
    .toSorted()
    .map(notice)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence to go with its code`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}
