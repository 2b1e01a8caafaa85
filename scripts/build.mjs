/**
 * Makes `dist`: the command line and the library as a few chunks, with the packages that every start needs in them, and
 * the types. A start reads ten files in place of three hundred.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

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
/** Modules that not every command needs. What imports one stays out of the common chunk, because it would pull it in. */
const APART = /\/src\/(?:host\/version\.ts$|reconcile\/)|\/node_modules\/(?:undici|deep-diff|diff)\//;
const bundle = await rolldown({
  cwd: ROOT,
  input: { "cli/main": "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  external: Object.keys(dependencies).map((name) => new RegExp(`^${name}(?:/|$)`)),
});
const { output } = await bundle.write({
  dir: DIST,
  format: "esm",
  entryFileNames: "[name].js",
  // As deep as the command line, for what is found from there: the package's own description.
  chunkFileNames: "chunks/[name].js",
  // What nearly every command needs is one file; `--version` needs none of it, and `validate` neither client nor engine.
  codeSplitting: {
    groups: [
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
