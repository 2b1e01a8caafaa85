import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { isList, isObject, type Json } from "../../src/model/json.ts";
import { valuesOf } from "../../src/schema/write/yaml-text.ts";
import { migrate } from "../../src/operations/migrate/migrate.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { CONVERSIONS, migrated } from "../../src/providers/telnyx/migrate/index.ts";
import { loadProject } from "../../src/schema/load.ts";

const FOLDER = join(import.meta.dirname, "migrate");
const NONE: ReadonlySet<string> = new Set();
const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
const folder = mkdtempSync(join(tmpdir(), "migrate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function result(provider: string, names: readonly string[]) {
  const conversion = CONVERSIONS[provider];
  if (conversion === undefined) throw new Error(`no provider ${provider}`);
  const files = names.map((name) => ({ name, value: JSON.parse(readFileSync(join(FOLDER, name), "utf8")) }));
  const options = { provider: conversion.provider, kinds: byKind, layout: "single", taken: NONE, addresses: NONE } as const;
  return migrate(migrated(conversion, files), options);
}

/** As a person gets it: the manifests, what is left to do and what was lost, and what validation says. */
async function outcome(provider: string, names: readonly string[]): Promise<string> {
  const { files, result: found } = result(provider, names);
  rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { diagnostics } = await loadProject({ path: folder, env: {}, kinds: byKind });
  return [
    ...files.map(({ text }) => text),
    "=== left to do",
    ...found.todos.map(({ address, path, what }) => `${address} ${path}: ${what}`),
    "=== not migrated",
    ...found.losses.map(({ file, at, why }) => `${file} ${at}: ${why}`),
    "=== validation",
    ...diagnostics.map(({ code, message }) => `${code} ${message}`),
    "",
  ].join("\n");
}

describe("files of other providers are converted to manifests", () => {
  test.each([
    ["vapi", "vapi-assistant", ["vapi-assistant.json"]],
    ["vapi", "vapi-squad", ["vapi-squad.json"]],
    ["elevenlabs", "elevenlabs-agent", ["elevenlabs-agent.json"]],
    ["retell", "retell-agent", ["retell-agent.json"]],
    ["retell", "retell-flow", ["retell-flow-agent.json", "retell-flow.json"]],
    ["retell", "retell-flow-alone", ["retell-flow-agent.json"]],
    ["retell", "retell-flow-split", ["retell-flow-split.json"]],
  ])("%s: %s", async (provider, name, files) => {
    await expect(await outcome(provider, files)).toMatchFileSnapshot(`migrate/${name}.txt`);
  });
});

const ODD = fc.constantFrom<Json[]>(null, true, -1, 1e9, "", "x", "TODO", "{{now}}", [], {}, [null], [1, "a"], { a: {} }, { type: "prompt" });

/** The value with another one in a random place. */
function changed(value: Json, odd: Json, way: readonly number[]): Json {
  const [first, ...rest] = way;
  const entries: readonly (readonly [string, Json])[] = isList(value)
    ? value.map((item, index) => [String(index), item])
    : isObject(value) ? Object.entries(value) : [];
  const chosen = first === undefined ? undefined : entries[first % Math.max(1, entries.length)];
  if (chosen === undefined) return odd;
  const inner = changed(chosen[1], odd, rest);
  if (isList(value)) return value.map((item, index) => (String(index) === chosen[0] ? inner : item));
  return isObject(value) ? { ...value, [chosen[0]]: inner } : odd;
}

test("any input gives valid YAML without a failure", () => {
  const fixture = fc.constantFrom(
    ["vapi", "vapi-assistant.json"],
    ["vapi", "vapi-squad.json"],
    ["elevenlabs", "elevenlabs-agent.json"],
    ["retell", "retell-agent.json"],
    ["retell", "retell-flow.json"],
  );
  fc.assert(
    fc.property(fixture, ODD, fc.array(fc.nat(30), { maxLength: 9 }), ([provider = "", name = ""], odd, way) => {
      const conversion = CONVERSIONS[provider];
      if (conversion === undefined) throw new Error(`no provider ${provider}`);
      const value = changed(JSON.parse(readFileSync(join(FOLDER, name), "utf8")), odd, way);
      const options = { provider, kinds: byKind, layout: "single", taken: NONE, addresses: NONE } as const;
      const { files } = migrate(migrated(conversion, [{ name, value }]), options);
      for (const { text } of files) expect(valuesOf(text), text).toBeDefined();
    }),
    { numRuns: 200 },
  );
});
