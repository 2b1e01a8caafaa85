import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";

const REPOSITORY = resolve(import.meta.dirname, "../..");

function load<T>(path: string): Promise<T> {
  return import(pathToFileURL(path).href) as Promise<T>;
}

const { whenUsed, loadingWhenUsed } = await load<
  Record<"whenUsed" | "loadingWhenUsed", (code: string) => string>
>(join(REPOSITORY, "scripts/when-used.mjs"));

test("the published code measures text like the package, and builds its tables on first use", async () => {
  const code = whenUsed(await readFile(join(REPOSITORY, "node_modules/string-width/index.js"), "utf8"));
  expect(code).not.toMatch(/^const \w+ = (?:new Intl|\/.*RGI_Emoji)/m);
  const folder = await mkdtemp(join(tmpdir(), "rollcall-width-"));
  try {
    await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "index.mjs"), code);
    const published = await load<{ readonly default: typeof stringWidth }>(join(folder, "index.mjs"));
    const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(text, (one) => published.default(one) === stringWidth(one)),
      { numRuns: 500 },
    );
    for (const one of ["🇩🇪", "👩‍👩‍👧", "1️⃣", "ﾊﾟ", "각", "é", "한글", "\u001B[31mred\u001B[0m"])
      expect(published.default(one)).toBe(stringWidth(one));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("code without these tables is refused", () => {
  expect(() => whenUsed("export default 1;")).toThrow(/makes no tables/);
});

test("commander loads child_process only to start a process", async () => {
  const code = await readFile(join(REPOSITORY, "node_modules/commander/lib/command.js"), "utf8");
  const published = loadingWhenUsed(code);
  const used = new Set(Array.from(code.matchAll(/childProcess\.(\w+)/g), ([, name]) => name));
  expect([...used]).toEqual(["spawn"]);
  expect(published).toContain("get spawn() { return require('node:child_process').spawn; }");
  expect(published).not.toMatch(/^const \w+ = require\('node:(?:child_process|process)'\)/m);
  expect(() => loadingWhenUsed("")).toThrow(/any more/);
});
