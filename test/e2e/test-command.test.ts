import { afterEach, expect, test } from "vitest";
import { desk, EXAMPLE, type Desk } from "./cli.ts";

let one: Desk;

afterEach(() => one.close());

async function applied(): Promise<void> {
  one = await desk(EXAMPLE);
  expect((await one.rollcall("apply", "--env", "staging", "--yes")).code).toBe(0);
}

const STAGING = ["--env", "staging"];

test("a suite that passes: progress, one line per test, exit 0", async () => {
  await applied();
  const ran = await one.rollcall("test", "routing", ...STAGING);
  expect(ran.stderr).toMatch(/AssistantTest\/\S+: running/);
  expect(ran.stdout).toMatch(/5 tests: 5 passed\./);
  expect(ran.code).toBe(0);
});

test("a test that fails: the criterion, exit 1, and the same in JUnit and JSON", async () => {
  await applied();
  one.emulator.testRule({
    test: "Support offers only safe checks",
    criteria: { "No panels": "failed" },
    logs: "<log> & more",
  });
  const text = await one.rollcall("test", "AssistantTest/support-stays-safe", ...STAGING);
  expect(text.stdout).toMatch(
    /support-stays-safe\s+failed[\s\S]*No panels: failed[\s\S]*1 test: 0 passed and 1 failed\./,
  );
  expect(text.code).toBe(1);
  const junit = await one.rollcall("test", "specialists", "--format", "junit", ...STAGING);
  expect(junit.stdout).toMatch(/<testsuite name="specialists" tests="7" failures="1" errors="0"/);
  expect(junit.stdout).toContain("&lt;log&gt; &amp; more");
  const json = await one.rollcall("test", "support-stays-safe", "--format", "json", ...STAGING);
  expect(JSON.parse(json.stdout)).toMatchObject({ results: [{ verdict: "failed" }] });
});

test("a run that does not end in time, or ends in an error, cannot be judged: exit 3", async () => {
  await applied();
  one.emulator.testRule({ suite: "routing", after: { finished: null } });
  const slow = await one.rollcall("test", "routing", "--timeout", "100ms", ...STAGING);
  expect(slow.stdout).toMatch(/5 could not be judged/);
  expect(slow.code).toBe(3);
  one.emulator.clearTestRules();
  one.emulator.inject({
    match: { method: "POST", path: /\/runs$/ },
    times: "always",
    fault: { kind: "status", status: 422, body: "fastapi" },
  });
  const refused = await one.rollcall("test", "routing", ...STAGING);
  expect(refused.stdout).toMatch(/422/);
  expect(refused.code).toBe(3);
});

test("on a version; unknown names and tests that were never applied are reported", async () => {
  await applied();
  one.emulator.clearRequests();
  const ran = await one.rollcall(
    "test",
    "routes-billing-question",
    "--version-of",
    "AssistantVersion/front-desk-listens-first",
    ...STAGING,
  );
  expect(ran.code).toBe(0);
  const start = one.emulator.requests().find(({ method }) => method === "POST");
  expect(start?.body).toMatchObject({ destination_version_id: expect.stringMatching(/.+/) as string });
  expect((await one.rollcall("test", "nothing-like-it", ...STAGING)).stderr).toMatch(
    /no test suite and no test/,
  );
  const production = await one.rollcall("test", "routing", "--env", "production");
  expect(production.stdout).toMatch(/it has not been applied yet/);
  expect(production.code).toBe(3);
});
