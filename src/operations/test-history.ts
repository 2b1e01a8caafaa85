import type { Kind } from "../model/kind.ts";
import { segments } from "../model/pointer.ts";
import type { LiveObject } from "../model/provider.ts";
import type { RunReport, Tally, TestNames, TestRecord, TestSuite } from "../model/test-record.ts";
import type { TestHistory, TestRun, TestStatus } from "../model/test-run.ts";
import { valueAt } from "../reconcile/compare/difference.ts";
import { ownId } from "../model/object-ids.ts";
import { SelectionError, type Account } from "./account/account.ts";
import { findWith } from "./account/find.ts";
import { maskedMessage } from "./masked-answer.ts";
import { inventory, ownAddress } from "./account/inventory.ts";

/** Tests that are asked at a time for a run that belongs to one of them. */
const AT_A_TIME = 8;

const isTest = (kind: Kind): boolean => kind.tests !== undefined;

export interface HistoryChoices {
  /** Addresses, ids or names of tests; none: all of the account. */
  readonly tests: readonly string[];
  readonly suite?: string | undefined;
  /** Runs of each test; of a suite, runs of the suite. */
  readonly limit: number;
}

/** The history of tests, or of the tests of a suite. Throws `SelectionError`. */
export async function testRecords(
  account: Account,
  history: TestHistory,
  { tests, suite, limit }: HistoryChoices,
): Promise<readonly TestRecord[]> {
  if (suite !== undefined) return suiteRecords(account, history, suite, limit);
  const named = tests.length === 0 ? await allTests(account) : await namedTests(account, tests);
  return Promise.all(named.map(async (test) => recordOf(test, await history.runs(ownId(test.id), limit))));
}

async function suiteRecords(account: Account, history: TestHistory, suite: string, limit: number) {
  const runs = await history.suiteRuns(suite, limit);
  if (runs.length === 0 && !(await history.suites()).includes(suite))
    throw new SelectionError(`there is no test suite ${suite}`, {
      to: "to see the suites",
      run: ["test", "suites"],
    });
  const all = await allTests(account);
  const ran = new Set(runs.map(({ testId }) => testId));
  const ofSuite = all.filter((test) => test.suite === suite || ran.has(test.id));
  const unknown = [...ran].filter((id) => !ofSuite.some((test) => test.id === id));
  const tests = [...ofSuite, ...unknown.map((id): TestNames => ({ id, name: id, suite }))];
  return tests.map((test) =>
    recordOf(
      test,
      runs.filter(({ testId }) => testId === test.id),
    ),
  );
}

/** Stands for the id of the newest run of a test. */
export const LATEST = "latest";

/** A run by its id. The API finds a run only under its test: without one, the tests are asked in turn. */
export async function runReport(
  account: Account,
  history: TestHistory,
  { runId, test }: { readonly runId: string; readonly test?: string | undefined },
): Promise<RunReport> {
  const tests = test === undefined ? await allTests(account) : await namedTests(account, [test]);
  const found = runId === LATEST ? await latestOf(tests, history) : await ranIn(tests, history, runId);
  if (found === undefined) {
    const other = test === undefined || runId === LATEST ? undefined : await otherTest(account, history, runId);
    throw noSuchRun({ runId, test, other });
  }
  const { conversationId } = found.run;
  const messages = conversationId === undefined ? undefined : await history.messages(conversationId);
  return { ...found, ...(messages !== undefined && { messages: messages.map(maskedMessage) }) };
}

/** The test that has the run: a mistake is explained, and not passed over. */
async function otherTest(account: Account, history: TestHistory, runId: string) {
  const found = await ranIn(await allTests(account), history, runId);
  return found && (found.test.address ?? found.test.id);
}

interface Missing {
  readonly runId: string;
  readonly test: string | undefined;
  readonly other: string | undefined;
}

function noSuchRun({ runId, test, other }: Missing): SelectionError {
  const see = { to: "to see the runs", run: ["test", "runs"] };
  if (test === undefined) return new SelectionError(`no test has the run ${runId}`, see);
  if (other === undefined) return new SelectionError(`${test} has no run ${runId}`, see);
  return new SelectionError(`${test} has no run ${runId}: it is a run of ${other}`, {
    to: "to see it",
    run: ["test", "show", runId, "--test", other],
  });
}

async function latestOf(tests: readonly TestNames[], history: TestHistory) {
  const [test, ...others] = tests;
  if (test === undefined || others.length > 0) return undefined;
  const [newest] = await history.runs(ownId(test.id), 1);
  // A list may leave out what a read shows.
  const run = newest && (await history.run(ownId(test.id), newest.id));
  return run && { test, run };
}

async function ranIn(tests: readonly TestNames[], history: TestHistory, runId: string) {
  // Those of the project are more likely.
  const order = [...tests].sort((a, b) => Number(b.address !== undefined) - Number(a.address !== undefined));
  for (let start = 0; start < order.length; start += AT_A_TIME) {
    const asked = order.slice(start, start + AT_A_TIME).map(async (test) => {
      const run = await history.run(ownId(test.id), runId);
      return run === undefined ? [] : [{ test, run }];
    });
    const [found] = (await Promise.all(asked)).flat();
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The suites that the API knows, with their tests; at the end, the tests without a suite. */
export async function testSuites(account: Account, history: TestHistory): Promise<readonly TestSuite[]> {
  const [names, tests] = await Promise.all([history.suites(), allTests(account)]);
  const all = [...new Set([...names, ...tests.flatMap(({ suite }) => suite ?? [])])].sort();
  const suites = all.map((name) => ({ name, tests: tests.filter(({ suite }) => suite === name) }));
  const others = tests.filter(({ suite }) => suite === undefined);
  return [...suites, ...(others.length === 0 ? [] : [{ tests: others }])];
}

async function allTests(account: Account): Promise<readonly TestNames[]> {
  const kinds = [...account.provider.kinds.values()].filter(isTest);
  const objects = await inventory(account, { kinds });
  return objects.map((object) => {
    const { kind, live, name } = object;
    const address = ownAddress(object);
    return namesOf(kind, live, { name, ...(address !== undefined && { address }) });
  });
}

async function namedTests(account: Account, texts: readonly string[]): Promise<readonly TestNames[]> {
  const found = await Promise.all(texts.map((text) => findWith(account, text, isTest)));
  const names = found.map((one) => namesOf(one.kind, one.live, one));
  return [...new Map(names.map((test) => [test.id, test])).values()];
}

function namesOf(kind: Kind, { id, spec }: LiveObject, { name, address }: Omit<TestNames, "id">): TestNames {
  const suite = valueAt(spec, segments(kind.tests?.suite ?? ""));
  return {
    id,
    name,
    ...(address !== undefined && { address }),
    ...(typeof suite === "string" && suite !== "" && { suite }),
  };
}

/** The newest first; runs without a time stay where the API has them. */
function recordOf(test: TestNames, given: readonly TestRun[]): TestRecord {
  const runs = [...given].sort((a, b) => Date.parse(b.createdAt ?? "") - Date.parse(a.createdAt ?? "") || 0);
  const names = [...new Set(runs.flatMap(({ criteria }) => criteria.map(({ name }) => name)))];
  const criteria = names.map((name) => {
    const of = (run: TestRun) => run.criteria.filter((one) => one.name === name);
    return { name, tally: tallyOf(runs.flatMap(of).map(({ status }) => status)) };
  });
  return { ...test, tally: tallyOf(runs.map(({ status }) => status)), criteria, runs };
}

/** The statuses are in the order of time, ascending or descending. */
export function tallyOf(statuses: readonly TestStatus[]): Tally {
  const verdicts = statuses.filter((status) => status === "passed" || status === "failed");
  const passed = verdicts.filter((verdict) => verdict === "passed").length;
  const changes = verdicts.filter((verdict, index) => index > 0 && verdict !== verdicts[index - 1]).length;
  const errors = statuses.filter((status) => status === "error").length;
  return {
    runs: statuses.length,
    passed,
    failed: verdicts.length - passed,
    errors,
    unfinished: statuses.length - verdicts.length - errors,
    ...(verdicts.length > 0 && { passRate: passed / verdicts.length }),
    ...(verdicts.length > 1 && { flakiness: changes / (verdicts.length - 1) }),
  };
}
