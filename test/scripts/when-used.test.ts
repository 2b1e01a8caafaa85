import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import stringWidth from "string-width";
import * as undici from "undici";
import { expect, test } from "vitest";

const REPOSITORY = resolve(import.meta.dirname, "../..");

function load<T>(path: string): Promise<T> {
  return import(pathToFileURL(path).href) as Promise<T>;
}

const { whenUsed, loadingWhenUsed, usedOfUndici, http2WhenUsed } = await load<
  Record<"whenUsed" | "loadingWhenUsed" | "usedOfUndici" | "http2WhenUsed", (code: string) => string>
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

/** The names of values that the sources import from undici. */
async function importedFromUndici(): Promise<readonly string[]> {
  const files = (await readdir(join(REPOSITORY, "src"), { recursive: true })).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  const texts = await Promise.all(files.map((name) => readFile(join(REPOSITORY, "src", name), "utf8")));
  const lists = texts.flatMap((text) =>
    Array.from(text.matchAll(/^import \{([^}]*)\} from "undici"/gm), ([, list = ""]) => list),
  );
  const names = lists.flatMap((list) => list.split(",").map((name) => name.trim()));
  return [...new Set(names.filter((name) => name !== "" && !name.startsWith("type ")))].toSorted();
}

test("the published part of undici has what the sources import, as the package has it", async () => {
  const index = join(REPOSITORY, "node_modules/undici/index.js");
  const require = createRequire(index);
  const published = { exports: {} as Record<string, unknown> };
  const code = usedOfUndici(await readFile(index, "utf8"));
  // oxlint-disable-next-line no-new-func -- the code of a package, as a module of that folder
  new Function("require", "module", code)(require, published);
  const { request, ...classes } = published.exports;
  const whole: Readonly<Record<string, unknown>> = { ...undici };
  expect(Object.keys(published.exports).toSorted()).toEqual(await importedFromUndici());
  for (const [name, one] of Object.entries(classes)) expect(one).toBe(whole[name]);
  expect(String(request)).toBe(String(undici.request));
  expect(() => usedOfUndici("")).toThrow(/other parts/);
});

test("undici loads HTTP/2 only for a server that speaks it", async () => {
  const client = join(REPOSITORY, "node_modules/undici/lib/dispatcher/client.js");
  const code = http2WhenUsed(await readFile(client, "utf8"));
  expect(code).not.toMatch(/^const .*client-h2/m);
  expect(code).toContain("? require('./client-h2.js')(client, socket)");
  expect(() => http2WhenUsed("")).toThrow(/another way/);
});
