import { version } from "../../host/version.ts";
import { stringify, type JsonObject } from "../../model/json.ts";
import { LATEST, runReport, testRecords, testSuites } from "../../operations/test-history.ts";
import type { JsonOptions } from "../../report/json/envelope.ts";
import type { Style } from "../../report/style.ts";
import {
  recordsJson,
  recordsText,
  runReportJson,
  runText,
  suitesJson,
  suitesText,
} from "../../report/test-history.ts";
import { withAccount, type AccountOptions, type OpenAccount } from "../account.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { note, print, styleOf, type Io } from "../io.ts";

interface LookOptions extends AccountOptions {
  readonly format: "text" | "json";
}

export interface RunsOptions extends LookOptions {
  readonly suite?: string;
  readonly limit: number;
}

export interface ShowRunOptions extends LookOptions {
  readonly test?: string;
}

/** How a result is shown. */
interface Shown<T> {
  readonly text: (result: T, style: Style) => string;
  readonly json: (result: T, options: JsonOptions) => JsonObject;
}

async function look<T>(
  io: Io,
  options: LookOptions,
  found: (workspace: OpenAccount) => Promise<T>,
  { text, json }: Shown<T>,
): Promise<ExitCode> {
  return withAccount<ExitCode>(io, options, async (workspace) => {
    const result = await found(workspace);
    const shown =
      options.format === "json"
        ? stringify(json(result, { rollcallVersion: version }), 2)
        : text(result, styleOf(io, options.color));
    if (shown === "") await note(io, "There are no tests.");
    else await print(io, shown);
    return 0;
  });
}

/** Earlier runs of tests, with how often they passed. */
export async function testRunsCommand(
  io: Io,
  tests: readonly string[],
  options: RunsOptions,
): Promise<ExitCode> {
  const { suite, limit } = options;
  if (limit < 1) throw new UsageError("--limit is less than 1");
  if (suite !== undefined && tests.length > 0)
    throw new UsageError("a test and --suite exclude each other", "pass one of them");
  const found = (workspace: OpenAccount) =>
    testRecords(workspace, workspace.provider.testHistory, { tests, suite, limit });
  return look(io, options, found, { text: recordsText, json: recordsJson });
}

/** One run, with its transcript and its judgement. */
export async function testShowCommand(io: Io, runId: string, options: ShowRunOptions): Promise<ExitCode> {
  if (runId === LATEST && options.test === undefined)
    throw new UsageError("latest is the newest run of one test", "pass --test");
  const found = (workspace: OpenAccount) =>
    runReport(workspace, workspace.provider.testHistory, { runId, test: options.test });
  return look(io, options, found, { text: runText, json: runReportJson });
}

export async function testSuitesCommand(io: Io, options: LookOptions): Promise<ExitCode> {
  const found = (workspace: OpenAccount) => testSuites(workspace, workspace.provider.testHistory);
  return look(io, options, found, { text: suitesText, json: suitesJson });
}
