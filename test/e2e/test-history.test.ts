import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FaultCase } from "./api-faults.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const testManifest = (name: string, suite: string) => `---
apiVersion: rollcall.dev/v1
kind: AssistantTest
metadata: { name: ${name} }
spec:
  name: Test ${name}
  instructions: Ask for the hours.
  destination: "+13125550100"
  telnyx_conversation_channel: web_chat
  test_suite: ${suite}
  rubric:
    - { name: Polite, criteria: It is polite. }
    - { name: Correct, criteria: It is correct. }
`;

let office: Desk;

beforeAll(async () => {
  office = await appliedDesk({ "t.yaml": testManifest("hours", "smoke") + testManifest("odd", "runs") });
  for (const status of ["passed", "failed", "failed", "passed"] as const) {
    office.emulator.clearTestRules();
    const messages = [
      { role: "user", text: "When are you open?" },
      {
        role: "assistant",
        text: null,
        tool_calls: [
          { id: "c", type: "function", function: { name: "look_up", arguments: '{"day":"today"}' } },
        ],
      },
      { role: "assistant", text: "At nine.\u001B[2J" },
    ];
    office.emulator.testRule({ test: "Test hours", criteria: { Correct: status }, logs: "all said", messages });
    await office.rollcall("test", "AssistantTest/hours");
  }
}, 60_000);
afterAll(() => office.close());
beforeEach(() => {
  office.emulator.clearFaults();
  office.emulator.clearRequests();
});

const json = async (...args: readonly string[]) => {
  const ran = await office.rollcall("test", ...args, "--format", "json");
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout) as Record<string, unknown>;
};

interface Records {
  readonly tests: readonly { readonly history: readonly { readonly id: string }[] }[];
}

const runs = async (...args: readonly string[]) =>
  ((await json("runs", ...args)) as unknown as Records).tests.flatMap(({ history }) => history);

test.each(["AssistantTest/hours", "Test hours"])(
  "the history of %s has rates of the test and its criteria",
  async (name) => {
    const { tests } = await json("runs", name);
    expect(tests).toMatchObject([
      {
        address: "AssistantTest/hours",
        suite: "smoke",
        runs: 4,
        passed: 2,
        failed: 2,
        errors: 0,
        pass_rate: 0.5,
        criteria: [
          { name: "Polite", passed: 4, pass_rate: 1, flakiness: 0 },
          { name: "Correct", passed: 2, failed: 2, pass_rate: 0.5 },
        ],
      },
    ]);
    const text = await office.rollcall("test", "runs", name);
    expect(text.stdout).toMatch(
      /^AssistantTest\/hours: 4 runs: 2 passed and 2 failed; pass rate 50%, flakiness \d+%\n/,
    );
    expect(text.stdout).toMatch(/RUN +STATUS +STARTED +DURATION +BY/);
  },
);

test("--limit limits the runs and the page size; without a test, all tests", async () => {
  expect(await runs("AssistantTest/hours", "--limit", "3")).toHaveLength(3);
  const asked = office.emulator.requests().filter(({ path }) => path.endsWith("/runs"));
  expect(asked.map(({ query }) => query)).toEqual([encodeURI("page[number]=1&page[size]=3")]);
  const { tests } = await json("runs");
  expect(tests).toMatchObject([{ runs: 4 }, { address: "AssistantTest/odd", runs: 0, pass_rate: null }]);
});

test("the runs of a suite; a suite that does not exist", async () => {
  expect(await runs("--suite", "smoke")).toHaveLength(4);
  const unknown = await office.rollcall("test", "runs", "--suite", "smoek");
  expect(unknown).toMatchObject({ code: 1, stdout: "" });
  expect(unknown.stderr).toContain("there is no test suite smoek");
});

test("one run with its results and transcript, with escaped control characters", async () => {
  const [first] = await runs("AssistantTest/hours");
  const id = first?.id ?? "";
  const { stdout, code } = await office.rollcall("test", "show", id);
  expect(code).toBe(0);
  expect(stdout).toContain("AssistantTest/hours: passed");
  expect(stdout).toMatch(/ {2}passed {2}Polite\n {2}passed {2}Correct\n/);
  expect(stdout).toMatch(/Logs:\n {2}all said\n/);
  expect(stdout).toContain('  user: When are you open?\n  assistant calls look_up({"day":"today"})\n');
  expect(stdout).toContain("  assistant: At nine.");
  expect(stdout).not.toContain("\u001B[2J");
  expect(await json("show", "latest", "--test", "AssistantTest/hours")).toMatchObject({
    test: { address: "AssistantTest/hours" },
    run: { id, status: "passed", logs: "all said" },
    messages: [{ role: "user" }, { text: null, tool_calls: [{ name: "look_up" }] }, { role: "assistant" }],
  });
});

test("the suites with their tests; `test run` runs a suite with the name of a command", async () => {
  expect(await json("suites")).toMatchObject({
    suites: [
      { name: "runs", tests: [{ address: "AssistantTest/odd" }] },
      { name: "smoke", tests: [{ address: "AssistantTest/hours", name: "Test hours" }] },
    ],
  });
  office.emulator.clearTestRules();
  expect((await office.rollcall("test", "run", "runs")).stdout).toContain("AssistantTest/odd");
  expect((await office.rollcall("test", "--help")).stdout).toContain("rollcall test run <suite>");
});

test("without a project, by name, with reads only", async () => {
  const ran = await runIn(office.emptyFolder, office.env, ["test", "runs", "Test hours"]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toContain("Test hours: 4 runs");
  expect(office.writes()).toEqual([]);
});

describe("what cannot be shown", () => {
  test.each([
    [["runs", "AssistantTest/nobody"], "there is no assistant test"],
    [["runs", "--limit", "0"], "--limit is less than 1"],
    [["runs", "AssistantTest/hours", "--suite", "smoke"], "exclude each other"],
    [["show", "no-such-run"], "no test has the run no-such-run"],
    [["show", "x", "--test", "AssistantTest/hours"], "AssistantTest/hours has no run x"],
    [["show", "", "--test", "AssistantTest/hours"], "AssistantTest/hours has no run "],
    [["runs", "--suite", ".."], "there is no test suite .."],
    [["show", "latest"], "latest is the newest run of one test"],
    [["show"], "missing required argument 'run'"],
  ])("%j", async (args, message) => {
    const ran = await office.rollcall("test", ...args);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain(message);
  });
});

const FAILURES: readonly FaultCase[] = [
  { what: "a cut connection: reads are repeated", fault: { kind: "truncate" }, code: 0, requests: 2 },
];

test.each(FAILURES)("runs: $what", async ({ fault, code, message, requests }) => {
  office.emulator.inject({ match: { method: "GET", path: /\/runs$/ }, fault });
  const ran = await office.rollcall("test", "runs", "AssistantTest/hours");
  expect(ran.code, ran.stderr).toBe(code);
  if (message !== undefined) expect(ran.stderr).toMatch(message);
  expect(office.emulator.requests().filter(({ path }) => path.endsWith("/runs"))).toHaveLength(requests);
});
