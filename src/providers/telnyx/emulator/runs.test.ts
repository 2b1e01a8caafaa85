import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../model/json.ts";
import { emulatorForTests } from "../../../../test/e2e/raw-client.ts";

let time = Date.parse("2026-01-01T00:00:00Z");
const { emulator, api } = await emulatorForTests({ now: () => time });
const TESTS = "/ai/assistants/tests";
const RUBRIC = [
  { name: "Polite", criteria: "Says please." },
  { name: "Right", criteria: "Knows the price." },
];

async function create(more: JsonObject = {}): Promise<string> {
  const body = { name: "refund", destination: "d", instructions: "i", rubric: RUBRIC, ...more };
  const answer = await api.post(TESTS, body);
  if (answer.status !== 201) throw new Error(answer.text);
  return String(answer.body["test_id"]);
}

async function start(test: string, body: JsonObject = {}): Promise<string> {
  const answer = await api.post(`${TESTS}/${test}/runs`, body);
  expect(answer).toMatchObject({ status: 201, body: { status: "pending", triggered_by: "api" } });
  return `${TESTS}/${test}/runs/${String(answer.body["run_id"])}`;
}

const statusAt = async (at: string) => (await api.get(at)).body["status"];

async function outcome(at: string): Promise<JsonObject> {
  for (let polls = 0; polls < 10; polls += 1) {
    const { body } = await api.get(at);
    if (["passed", "failed", "error"].includes(String(body["status"]))) return body;
  }
  throw new Error("the run did not end");
}

describe("tests", () => {
  test("PUT changes only the given fields", async () => {
    const id = await create({ description: "d", max_duration_seconds: 60 });
    const { body } = await api.put(`${TESTS}/${id}`, { test_suite: "nightly" });
    expect(body).toMatchObject({
      name: "refund",
      description: "d",
      max_duration_seconds: 60,
      test_suite: "nightly",
    });
    expect((await api.put(`${TESTS}/${id}`, { rubric: [] })).status).toBe(422);
  });

  test.each<[string, JsonObject]>([
    ["an extra key in the rubric", { rubric: [{ name: "n", criteria: "c", weight: 2 }] }],
    ["an empty rubric", { rubric: [] }],
    ["an unknown channel", { telnyx_conversation_channel: "telepathy" }],
    ["a name that is too long", { name: "x".repeat(256) }],
    ["an empty destination", { destination: "" }],
  ])("%s is refused", async (_what, more) => {
    const body = { name: "n", destination: "d", instructions: "i", rubric: RUBRIC, ...more };
    expect((await api.post(TESTS, body)).status).toBe(422);
  });

  test("are filtered by suite, channel and destination, and deleted together with their runs", async () => {
    const id = await create({ test_suite: "a", telnyx_conversation_channel: "phone_call" });
    await create({ test_suite: "b", destination: "+15550001111" });
    const names = async (query: string) =>
      ((await api.get(`${TESTS}?${query}`)).body["data"] as JsonObject[]).map((one) => one["test_suite"]);
    expect(await names("telnyx_conversation_channel=phone_call")).toEqual(["a"]);
    expect(await names("destination=%2B15550001111")).toEqual(["b"]);
    expect(await names("test_suite=a&destination=nowhere")).toEqual([]);
    await start(id);
    const gone = await api.delete(`${TESTS}/${id}`);
    expect([gone.status, gone.text]).toEqual([200, ""]);
    expect(emulator.state().runs).toEqual([]);
  });
});

describe("runs", () => {
  test("pass without a matching rule", async () => {
    const run = await start(await create());
    expect([await statusAt(run), await statusAt(run)]).toEqual(["starting", "running"]);
    expect(await outcome(run)).toMatchObject({
      status: "passed",
      completed_at: expect.any(String),
      detail_status: RUBRIC.map(({ name }) => ({ name, status: "passed" })),
    });
  });

  test("have no results before they finish", async () => {
    const run = await start(await create());
    const { body } = await api.get(run);
    expect(body).not.toHaveProperty("detail_status");
    expect(body).not.toHaveProperty("completed_at");
  });

  test("fail if a rule says so; the last matching rule counts", async () => {
    const id = await create();
    emulator.testRule({ outcome: "error" });
    emulator.testRule({ test: "refund", criteria: { Right: "failed" } });
    emulator.testRule({ test: "another", outcome: "passed" });
    const { status, detail_status: details } = await outcome(await start(id));
    expect([status, details]).toEqual([
      "failed",
      [
        { name: "Polite", status: "passed" },
        { name: "Right", status: "failed" },
      ],
    ]);
    emulator.clearTestRules();
    expect((await outcome(await start(id)))["status"]).toBe("passed");
  });

  test("a failed run has a failed criterion, and a rule may apply a limited number of times", async () => {
    const id = await create();
    emulator.testRule({ outcome: "failed", times: 1 });
    const failed = await outcome(await start(id));
    expect(failed["detail_status"]).toMatchObject([{ status: "failed" }, { status: "passed" }]);
    expect((await outcome(await start(id)))["status"]).toBe("passed");
  });

  test("follow the clock if the rule does, or never finish", async () => {
    const id = await create();
    const after = { unit: "milliseconds", starting: 1000, running: 2000, finished: 5000 } as const;
    emulator.testRule({ after });
    const run = await start(id);
    const seen: unknown[] = [];
    for (const step of [0, 1000, 1000, 2999, 1]) {
      time += step;
      seen.push(await statusAt(run));
    }
    expect(seen).toEqual(["pending", "starting", "running", "running", "passed"]);
    emulator.testRule({ after: { finished: null } });
    const endless = await start(id);
    for (let polls = 0; polls < 20; polls += 1) await statusAt(endless);
    expect(await statusAt(endless)).toBe("running");
  });

  test("need an existing version, and rules may match a version", async () => {
    const id = await create();
    const { body } = await api.post("/ai/assistants", { name: "n", instructions: "i" });
    const beside = await api.post(`/ai/assistants/${body.id}`, { greeting: "x", promote_to_main: false });
    const version = String(beside.body["version_id"]);
    emulator.testRule({ version, outcome: "failed" });
    expect((await outcome(await start(id, { destination_version_id: version })))["status"]).toBe("failed");
    expect((await outcome(await start(id)))["status"]).toBe("passed");
    const refused = await api.post(`${TESTS}/${id}/runs`, { destination_version_id: "nowhere" });
    expect(refused.status).toBe(400);
  });

  test("of a suite have one suite run id", async () => {
    for (const name of ["a", "b"]) await create({ name, test_suite: "nightly" });
    await create({ name: "c" });
    const suite = `${TESTS}/test-suites/nightly/runs`;
    const started = await api.post(suite);
    expect(started.status).toBe(201);
    const runs = started.body as unknown as JsonObject[];
    expect(new Set(runs.map((run) => run["test_suite_run_id"])).size).toBe(1);
    await api.post(suite);
    const batch = String(runs[0]?.["test_suite_run_id"]);
    const listed = await api.get(`${suite}?test_suite_run_id=${batch}&page[size]=1`);
    expect(listed.body["meta"]).toMatchObject({ total_results: 2, total_pages: 2 });
    expect((await api.post(`${TESTS}/test-suites/nowhere/runs`)).status).toBe(404);
  });
});
