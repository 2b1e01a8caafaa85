import { itemsOf, property, type Json, type JsonObject } from "../../model/json.ts";
import type { TestRun, TestRunner, TestStatus } from "../../model/test-run.ts";
import { required, timeOf, type Api } from "./rest.ts";

const STATUSES: readonly string[] = [
  "pending",
  "starting",
  "running",
  "passed",
  "failed",
  "error",
] satisfies TestStatus[];

/** Runs of assistant tests over the API. */
export function testRunner(api: Api): TestRunner {
  return {
    start: async (testId, versionId, idempotencyKey) => {
      const path = `/ai/assistants/tests/${encodeURIComponent(testId)}/runs`;
      const body = versionId === undefined ? {} : { destination_version_id: versionId };
      return runOf(required(await api.send("POST", path, body, idempotencyKey), "POST", path), testId);
    },
    read: async (testId, runId) => {
      const path = `/ai/assistants/tests/${encodeURIComponent(testId)}/runs/${encodeURIComponent(runId)}`;
      return runOf(required(await api.find(path), "GET", path), testId);
    },
  };
}

/** A run as the API shows it. */
export function runOf(answer: JsonObject, testId: string): TestRun {
  const details = property(answer, "detail_status");
  const [logs, conversationId] = [property(answer, "logs"), property(answer, "conversation_id")];
  return {
    id: String(property(answer, "run_id")),
    testId,
    status: statusOf(property(answer, "status")),
    criteria: itemsOf(details).map((detail) => ({
      name: String(property(detail, "name")),
      status: statusOf(property(detail, "status")),
    })),
    ...(typeof logs === "string" ? { logs } : {}),
    ...(typeof conversationId === "string" && conversationId !== "" ? { conversationId } : {}),
    ...factsOf(answer),
  };
}

function factsOf(answer: JsonObject): Partial<TestRun> {
  const { test_suite_run_id: suiteRunId, triggered_by: triggeredBy } = answer;
  const members = {
    suiteRunId,
    triggeredBy,
    createdAt: timeOf(answer["created_at"]),
    completedAt: timeOf(answer["completed_at"]),
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => typeof value === "string"));
}

/** A status that is not documented cannot be judged. */
function statusOf(value: Json | undefined): TestStatus {
  return typeof value === "string" && STATUSES.includes(value) ? (value as TestStatus) : "error";
}
