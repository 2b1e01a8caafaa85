import type { JsonObject } from "../../../model/json.ts";
import { uuidOf } from "./chance.ts";
import { triggerRun } from "./check/others.ts";
import { badRequest, notFound, type Reply } from "./errors.ts";
import { paged } from "./pages.ts";
import { liveAssistants, elements } from "./references.ts";
import { answerTo } from "./runtime/bot.ts";
import { say, startConversation } from "./runtime/conversations.ts";
import type { RunRecord, TestRecord, Steps, TestRule, Verdict } from "./records.ts";
import { testOf } from "./tests.ts";
import { checked, created, ok, param, timestamp, type Call, type Handler, type World } from "./world.ts";
import { takeRule } from "./scripted.ts";
import { recordIn } from "./store.ts";

const TERMINAL = new Set(["passed", "failed", "error"]);

/** What the API shows of a run. */
export function runView(run: RunRecord): JsonObject {
  const done = TERMINAL.has(run.status);
  return {
    run_id: run.run_id,
    test_id: run.test_id,
    status: run.status,
    triggered_by: "api",
    created_at: run.created_at,
    updated_at: run.updated_at,
    ...(run.test_suite_run_id !== undefined && { test_suite_run_id: run.test_suite_run_id }),
    ...(run.status !== "pending" && { conversation_id: conversationIdOf(run) }),
    ...(done && {
      conversation_insights_id: `insights-${run.run_id}`,
      detail_status: run.verdict.criteria,
      completed_at: run.completed_at ?? run.updated_at,
      ...(run.verdict.logs !== undefined && { logs: run.verdict.logs }),
    }),
  };
}

/** Reading a run advances it: both reads and time count. */
function looked(world: World, run: RunRecord): RunRecord {
  if (TERMINAL.has(run.status)) return run;
  const polls = run.polls + 1;
  const status = statusOf(run.verdict, polls, world.now() - run.created_ms);
  const now = timestamp(world);
  const next: RunRecord = {
    ...run,
    polls,
    status,
    ...(status !== run.status && { updated_at: now }),
    ...(TERMINAL.has(status) && { completed_at: now }),
  };
  world.store.runs.put(run.run_id, next);
  if (run.status === "pending" && status !== "pending") converse(world, next);
  return next;
}

/** The conversation of a run. Its id is derived from the id of the run. */
const conversationIdOf = (run: RunRecord) => uuidOf(`conversation of ${run.run_id}`);

function converse(world: World, run: RunRecord): void {
  const test = world.store.tests.get(run.test_id) ?? { test_id: run.test_id };
  const said = String(test["instructions"]);
  const { pieces, calls } = answerTo(world, { assistant: undefined, content: said });
  const exchange = [{ role: "user", text: said }, ...calls, { role: "assistant", text: pieces.join("") }];
  const conversation = startConversation(world, {
    id: conversationIdOf(run),
    metadata: {
      telnyx_conversation_channel: String(test["telnyx_conversation_channel"]),
      telnyx_agent_target: String(test["destination"]),
    },
  });
  say(world, conversation, run.verdict.messages ?? exchange);
}

function startRun(world: World, test: TestRecord, version: string | undefined, suiteRun?: string): RunRecord {
  const suite = test["test_suite"];
  const now = timestamp(world);
  const run: RunRecord = {
    run_id: world.chance.uuid(),
    test_id: test.test_id,
    ...(typeof suite === "string" && { test_suite: suite }),
    ...(suiteRun !== undefined && { test_suite_run_id: suiteRun }),
    ...(version !== undefined && { destination_version_id: version }),
    created_at: now,
    created_ms: world.now(),
    updated_at: now,
    status: "pending",
    polls: 0,
    verdict: verdictOf(world.testRules, test, version),
  };
  world.store.runs.put(run.run_id, run);
  return run;
}

/** The version that a run is sent to. A test has no assistant, so the version of any assistant is accepted. */
function destinationOf(call: Call): string | undefined {
  const version = checked(triggerRun, call.body ?? {})["destination_version_id"];
  if (typeof version !== "string") return undefined;
  const known = liveAssistants(call.world).some((record) =>
    record.versions.some(({ version_id }) => version_id === version),
  );
  if (!known) throw badRequest(`Version '${version}' does not exist`, "/destination_version_id");
  return version;
}

/** Newest first. */
function pageOfRuns(call: Call, isMeant: (run: RunRecord) => boolean): Reply {
  const status = call.query["status"];
  const found = call.world.store.runs
    .all()
    .filter((run) => isMeant(run) && (status === undefined || run.status === status));
  return paged(call, found.toReversed(), (run) => runView(looked(call.world, run)));
}

export const listRuns: Handler = (call) => {
  const test = testOf(call);
  return pageOfRuns(call, ({ test_id }) => test_id === test.test_id);
};

export const postRun: Handler = (call) => {
  const test = testOf(call);
  return created(runView(startRun(call.world, test, destinationOf(call))));
};

export const getRun: Handler = (call) => {
  const test = testOf(call);
  const id = param(call, "run_id");
  const run = recordIn(call.world.store.runs, "Test run", id);
  if (run.test_id !== test.test_id) throw notFound("Test run", id);
  return ok(runView(looked(call.world, run)));
};

export const listSuiteRuns: Handler = (call) => {
  const suite = param(call, "suite_name");
  const batch = call.query["test_suite_run_id"];
  return pageOfRuns(
    call,
    (run) => run.test_suite === suite && (batch === undefined || run.test_suite_run_id === batch),
  );
};

export const postSuiteRun: Handler = (call) => {
  const { world } = call;
  const suite = param(call, "suite_name");
  const tests = world.store.tests.all().filter((test) => test["test_suite"] === suite);
  if (tests.length === 0) throw notFound("Test suite", suite);
  const version = destinationOf(call);
  const batch = world.chance.uuid();
  return created(tests.map((test) => runView(startRun(world, test, version, batch))));
};

const STEPS: Steps = { unit: "polls", starting: 1, running: 2, finished: 3 };

/** The verdict of a run by the last matching rule. Counts the use of a limited rule. */
function verdictOf(rules: TestRule[], test: TestRecord, version: string | undefined): Verdict {
  const rule = takeRule(rules, (one) => fits(one, test, version)) ?? {};
  const given = rule.criteria ?? {};
  const outcome =
    rule.outcome ?? (Object.values(given).some((status) => status !== "passed") ? "failed" : "passed");
  const names = elements(test["rubric"]).map((item) => String(item["name"]));
  // A failed run without failed criteria fails on its first criterion, so that criteria and outcome agree.
  const culprit = outcome !== "passed" && rule.criteria === undefined ? names[0] : undefined;
  const criteria = names.map((name) => ({
    name,
    status: given[name] ?? (name === culprit ? outcome : "passed"),
  }));
  return {
    outcome,
    criteria,
    after: { ...STEPS, ...rule.after },
    ...(rule.logs !== undefined && { logs: rule.logs }),
    ...(rule.messages !== undefined && { messages: rule.messages }),
  };
}

function fits(rule: TestRule, test: TestRecord, version: string | undefined): boolean {
  return (
    (rule.test === undefined || rule.test === test.test_id || rule.test === test["name"]) &&
    (rule.suite === undefined || rule.suite === test["test_suite"]) &&
    (rule.version === undefined || rule.version === (version ?? "main"))
  );
}

/** The state that a run has reached. */
function statusOf(verdict: Verdict, polls: number, milliseconds: number): string {
  const passed = verdict.after.unit === "polls" ? polls : milliseconds;
  const { starting, running, finished } = verdict.after;
  if (finished !== null && passed >= finished) return verdict.outcome;
  if (passed >= running) return "running";
  return passed >= starting ? "starting" : "pending";
}
