import { isList, objectsIn, property, stringify, type Json, type JsonObject } from "../../../model/json.ts";
import { ProviderError } from "../../../model/provider.ts";
import type { SpokenMessage, TestHistory } from "../../../model/test-run.ts";
import { type Api, canBeId, pathOf, protocolError, segment, timeOf } from "../rest.ts";
import { runOf } from "../test-runs.ts";

const RUNS = "/ai/assistants/tests/{id}/runs";
const RUN = "/ai/assistants/tests/{parent}/runs/{id}";
const SUITES = "/ai/assistants/tests/test-suites";
const MESSAGES = "/ai/conversations/{id}/messages";
/** Of a conversation: nobody reads more. */
const MOST_MESSAGES = 10_000;

/** Earlier runs of assistant tests, and what was said in them. */
export function testHistory(api: Api): TestHistory {
  const runs = async (path: string, limit: number, testId?: string) => {
    const found = (await api.listFirst(path, limit)).map((run) => runOf(run, testIdOf(run, path, testId)));
    return [...new Map(found.map((run) => [run.id, run])).values()];
  };
  return {
    runs: (testId, limit) => runs(pathOf(RUNS, testId), limit, testId),
    suiteRuns: async (suite, limit) =>
      canBeId(suite) ? runs(`${SUITES}/${segment(suite, SUITES)}/runs`, limit) : [],
    run: async (testId, runId) => {
      if (!canBeId(runId)) return undefined;
      const found = await api.find(pathOf(RUN, `${testId}/${runId}`));
      return found === undefined ? undefined : runOf(found, testId);
    },
    suites: async () => {
      const names = property(await api.get(SUITES), "data");
      if (!isList(names)) throw protocolError("GET", SUITES, "the answer is not a list");
      return names.filter((name) => typeof name === "string");
    },
    messages: (conversationId) => messagesIn(api, conversationId),
  };
}

/** `undefined` when there is no such conversation. */
export async function messagesIn(
  api: Api,
  conversationId: string,
): Promise<readonly SpokenMessage[] | undefined> {
  if (!canBeId(conversationId)) return undefined;
  return unlessGone(async () => {
    const found = await api.listFirst(pathOf(MESSAGES, conversationId), MOST_MESSAGES);
    return found.map(messageOf);
  });
}

function testIdOf(run: JsonObject, path: string, known: string | undefined): string {
  const { test_id: id = known } = run;
  if (typeof id === "string") return id;
  throw protocolError("GET", path, "a run has no test_id");
}

async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderError && error.failure.reason === "not-found") return undefined;
    throw error;
  }
}

function messageOf(message: JsonObject): SpokenMessage {
  const { role, text, created_at: created, sent_at: sent = created, tool_calls: calls } = message;
  const at = timeOf(sent);
  return {
    role: typeof role === "string" ? role : "unknown",
    ...(typeof text === "string" && text !== "" && { text }),
    ...(at !== undefined && { at }),
    toolCalls: objectsIn(calls).map(({ function: called = null }) => ({
      name: textOf(property(called, "name")),
      arguments: textOf(property(called, "arguments")),
    })),
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : stringify(value ?? null);
}
