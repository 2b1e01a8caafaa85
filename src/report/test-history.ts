import type { JsonObject } from "../model/json.ts";
import type { RunReport, Tally, TestNames, TestRecord, TestSuite } from "../model/test-record.ts";
import type { SpokenMessage, TestRun } from "../model/test-run.ts";
import { envelope, type JsonOptions } from "./json/envelope.ts";
import { counted, duration, listed } from "./phrases.ts";
import { visible, visibleLines } from "../model/visible.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { minute, tableLines } from "./table.ts";
import { namesJson } from "./json/names.ts";

/** For each test: how its runs ended, its criteria, and the runs. */
export function recordsText(records: readonly TestRecord[], style: Style): string {
  return records.map((record) => recordText(record, style)).join("\n\n");
}

function recordText(record: TestRecord, style: Style): string {
  const { tally, criteria, runs } = record;
  const title = paint([{ text: calledBy(record), tone: "title" }, { text: `: ${tallyText(tally)}` }], style);
  const table = (columns: Parameters<typeof tableLines>[0]) =>
    tableLines(columns, { ...style, width: style.width - 2, isWide: false }).map((line) => `  ${line}`);
  const ofCriteria = table([
    { title: "CRITERION", cells: criteria.map(({ name }) => visible(name)) },
    { title: "PASS RATE", cells: criteria.map(({ tally: one }) => percent(one.passRate)) },
    { title: "FLAKINESS", cells: criteria.map(({ tally: one }) => percent(one.flakiness)) },
  ]);
  const ofRuns = table([
    { title: "RUN", cells: runs.map(({ id }) => visible(id)), isWhole: true },
    { title: "STATUS", cells: runs.map(({ status }) => status) },
    { title: "STARTED", cells: runs.map(({ createdAt }) => minute(createdAt) ?? "–") },
    { title: "DURATION", cells: runs.map((run) => durationOf(run) ?? "–") },
    { title: "BY", cells: runs.map(({ triggeredBy }) => visible(triggeredBy ?? "–")) },
  ]);
  return [title, ...(criteria.length > 0 ? ofCriteria : []), ...(runs.length > 0 ? ofRuns : [])].join("\n");
}

/** `4 runs: 3 passed and 1 failed; pass rate 75%, flakiness 33%`. */
function tallyText({ runs, passed, failed, errors, unfinished, passRate, flakiness }: Tally): string {
  if (runs === 0) return "no runs";
  const ends: readonly (readonly [count: number, what: string])[] = [
    [passed, "passed"],
    [failed, "failed"],
    [errors, "ended in an error"],
    [unfinished, "not finished"],
  ];
  const shown = ends.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const rates = [
    ...(passRate === undefined ? [] : [`pass rate ${percent(passRate)}`]),
    ...(flakiness === undefined ? [] : [`flakiness ${percent(flakiness)}`]),
  ];
  return [`${counted(runs, "run")}: ${listed(shown)}`, ...(rates.length > 0 ? [rates.join(", ")] : [])].join(
    "; ",
  );
}

function percent(rate: number | undefined): string {
  return rate === undefined ? "–" : `${Math.round(rate * 100)}%`;
}

function durationOf({ createdAt, completedAt }: TestRun): string | undefined {
  if (createdAt === undefined || completedAt === undefined) return undefined;
  return duration(Date.parse(completedAt) - Date.parse(createdAt));
}

function calledBy({ address, name }: TestNames): string {
  return visible(address ?? name);
}

const TONES: Partial<Readonly<Record<TestRun["status"], Tone>>> = {
  passed: "success",
  failed: "failure",
  error: "risk",
};

/** The run, the judgement of each criterion, and what was said. */
export function runText({ test, run, messages }: RunReport, style: Style): string {
  const status = (of: TestRun["status"]) => {
    const tone = TONES[of];
    return { text: of, ...(tone !== undefined && { tone }) };
  };
  const facts = [minute(run.createdAt), durationOf(run), run.triggeredBy && `by ${run.triggeredBy}`];
  const shown = facts.filter((fact) => fact !== undefined && fact !== "").join(", ");
  const lines = [
    [{ text: `${calledBy(test)}: ` }, status(run.status), { text: shown === "" ? "" : ` (${visible(shown)})` }],
    [{ text: `run ${visible(run.id)}`, tone: "faint" as const }],
    ...run.criteria.map((one) => [{ text: "  " }, status(one.status), { text: `  ${visible(one.name)}` }]),
  ].map((line) => paint(line, style));
  const logs = run.logs === undefined ? [] : ["", "Logs:", ...indented(run.logs)];
  return [...lines, ...logs, "", ...conversationLines(run, messages)].join("\n");
}

function conversationLines(run: TestRun, messages: RunReport["messages"]): readonly string[] {
  if (run.conversationId === undefined) return ["The run names no conversation."];
  const id = visible(run.conversationId);
  if (messages === undefined) return [`The conversation ${id} no longer exists.`];
  return [`Conversation ${id}:`, ...messages.flatMap(messageLines)];
}

/** A message of a conversation, with the tools that it calls. */
export function messageLines({ role, text, toolCalls }: SpokenMessage): readonly string[] {
  const [first = "", ...more] = text === undefined ? [] : visibleLines(text.replaceAll("\r\n", "\n"));
  const said = text === undefined ? [] : [`  ${visible(role)}: ${first}`, ...more.map((line) => `    ${line}`)];
  const called = toolCalls.map(
    (call) => `  ${visible(role)} calls ${visible(call.name)}(${visible(call.arguments)})`,
  );
  return [...said, ...called];
}

function indented(text: string): readonly string[] {
  return visibleLines(text.replaceAll("\r\n", "\n").trimEnd()).map((line) => `  ${line}`);
}

/** A table with a line for each test. */
export function suitesText(suites: readonly TestSuite[], style: Style): string {
  const rows = suites.flatMap(({ name, tests }) => {
    const suite = name === undefined ? "–" : visible(name);
    return tests.length === 0
      ? [[suite, "–", "–"]]
      : tests.map((test) => [suite, calledBy(test), visible(test.id)]);
  });
  const column = (title: string, index: number) => ({ title, cells: rows.map((row) => row[index] ?? "") });
  const table = [column("SUITE", 0), column("TEST", 1), { ...column("ID", 2), isWhole: true as const }];
  return tableLines(table, { ...style, isWide: false }).join("\n");
}

export function recordsJson(records: readonly TestRecord[], options: JsonOptions): JsonObject {
  const tests = records.map((record) => ({
    ...testNamesJson(record),
    ...tallyJson(record.tally),
    criteria: record.criteria.map(({ name, tally }) => ({ name, ...tallyJson(tally) })),
    history: record.runs.map(runJson),
  }));
  return { ...envelope(options), tests };
}

export function runReportJson({ test, run, messages }: RunReport, options: JsonOptions): JsonObject {
  const said = messages?.map(({ role, text, at, toolCalls }) => ({
    role,
    text: text ?? null,
    sent_at: at ?? null,
    tool_calls: toolCalls.map((call) => ({ name: call.name, arguments: call.arguments })),
  }));
  return {
    ...envelope(options),
    test: testNamesJson(test),
    run: { ...runJson(run), logs: run.logs ?? null },
    messages: said ?? null,
  };
}

export function suitesJson(suites: readonly TestSuite[], options: JsonOptions): JsonObject {
  return {
    ...envelope(options),
    suites: suites.map(({ name, tests }) => ({ name: name ?? null, tests: tests.map(testNamesJson) })),
  };
}

function testNamesJson(test: TestNames): JsonObject {
  return { ...namesJson(test), suite: test.suite ?? null };
}

function tallyJson({ runs, passed, failed, errors, unfinished, passRate, flakiness }: Tally): JsonObject {
  const rates = { pass_rate: passRate ?? null, flakiness: flakiness ?? null };
  return { runs, passed, failed, errors, unfinished, ...rates };
}

function runJson(run: TestRun): JsonObject {
  return {
    id: run.id,
    status: run.status,
    criteria: run.criteria.map(({ name, status }) => ({ name, status })),
    created_at: run.createdAt ?? null,
    completed_at: run.completedAt ?? null,
    triggered_by: run.triggeredBy ?? null,
    suite_run_id: run.suiteRunId ?? null,
    conversation_id: run.conversationId ?? null,
  };
}
