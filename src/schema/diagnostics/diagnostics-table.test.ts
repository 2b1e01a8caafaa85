import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { DIAGNOSTIC_RULES, ruleOf } from "./diagnostics-table.ts";

const SCENARIOS = resolve(import.meta.dirname, "../../../test/scenarios/manifests");
const SRC = resolve(import.meta.dirname, "../..");
const REPORTING = /^(?!.*\bdiagnostics-table).*(?<!\.test)\.ts$/;
const codes: readonly string[] = DIAGNOSTIC_RULES.map(({ code }) => code);

/** Shown by other tests: no kind of the API has such references or such rules, and no scenario belongs to a stranger. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(["RC2016", "RC3019", "RC4014"]);

function textsBelow(folder: string, name: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => name.test(path))
    .map((path) => readFileSync(join(folder, path), "utf8"));
}

test("every code is listed once, in order", () => {
  expect(codes).toEqual([...new Set(codes)].sort());
});

test("every code is reported somewhere, and shown by a scenario", () => {
  const sources = textsBelow(SRC, REPORTING).join();
  expect(codes.filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
  const expected = textsBelow(SCENARIOS, /expected\.txt$/);
  expect(expected.length).toBeGreaterThan(120);
  const all = expected.join();
  expect(codes.filter((code) => !all.includes(`[${code}]`) && !SHOWN_ELSEWHERE.has(code))).toEqual([]);
});

test("no code is reported that is not in the table", () => {
  const reported = textsBelow(SRC, REPORTING).flatMap((text) => text.match(/(?<=")RC\d{4}(?=")/g) ?? []);
  expect(reported.length).toBeGreaterThan(100);
  expect(reported.filter((code) => ruleOf(code) === undefined)).toEqual([]);
});

test("scenarios show no code that is not in the table", () => {
  const shown = textsBelow(SCENARIOS, /expected\.txt$/).flatMap(
    (text) => text.match(/(?<=\[)RC\d{4}(?=\])/g) ?? [],
  );
  expect(shown.filter((code) => ruleOf(code) === undefined)).toEqual([]);
});

test("texts of a code are single-line sentences", () => {
  for (const { title, explanation, remedy } of DIAGNOSTIC_RULES) {
    expect(title).toMatch(/^[a-zA-Z0-9][^\n]*[^.\n]$/);
    expect(explanation).toMatch(/^[A-Z`0-9][^\n]*\.$/);
    expect(remedy).toMatch(/^[A-Z][^\n]*\.$/);
  }
});
