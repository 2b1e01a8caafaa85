// What a run has come to: `count.mjs FAILED-CHECKS REPORT...`, or `count.mjs --no-skips REPORT...`, which fails when a
// test was skipped or there was none. A report is what vitest's JSON reporter writes.
import { existsSync, readFileSync } from "node:fs";

const [first, ...reports] = process.argv.slice(2);
// A run that broke off has written no report, and its check has failed.
const written = reports.filter((path) => existsSync(path));
const results = written.flatMap((path) => JSON.parse(readFileSync(path, "utf8")).testResults);

/** A test that one run skips and another one runs is the same test. */
const tests = new Map();
for (const { name, assertionResults } of results)
  for (const { status, fullName } of assertionResults) {
    const key = `${name}: ${fullName}`;
    const known = tests.get(key) ?? [];
    tests.set(key, [...known, status]);
  }

/** A file that does not even load fails without a test that failed. */
const unloaded = results.filter(
  ({ status, assertionResults }) =>
    status === "failed" && !assertionResults.some((test) => test.status === "failed"),
);

const failed = [...tests].filter(([, states]) => states.includes("failed"));
const passed = [...tests].filter(([, states]) => states.includes("passed") && !states.includes("failed"));
const skipped = tests.size - failed.length - passed.length;

if (first === "--no-skips") {
  if (skipped > 0 || tests.size === 0) console.log(`${skipped} of ${tests.size} tests were skipped`);
  process.exit(skipped > 0 || tests.size === 0 ? 1 : 0);
}

for (const [name] of failed) console.log(`   FAILED ${name}`);
for (const { name } of unloaded) console.log(`   FAILED ${name} (did not load)`);
// The check that runs the tests fails with them; the others count for themselves.
const failures = failed.length + unloaded.length;
const total = failures === 0 ? Number(first) : failures + Number(first) - 1;
console.log(`${passed.length} passed, ${total} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
