import type { Address } from "../model/address.ts";
import { property } from "../model/json.ts";
import type { LedgerState } from "../model/ledger.ts";
import { ProviderError } from "../model/provider.ts";
import type { Resource } from "../model/resource.ts";
import type { Runtime } from "../model/runtime.ts";
import type { TestResult, TestRun, TestRunner } from "../model/test-run.ts";
import { ownId } from "../reconcile/match.ts";

export interface TestChoices {
  /** Address of a version; without it the tests are held with main. */
  readonly version?: Address;
  readonly parallelism: number;
  /** Milliseconds for each test, from its start. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  readonly onProgress: (address: Address, status: string) => void;
}

const TEST_KIND = "AssistantTest";
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 10_000;

/** The tests that suite names and addresses stand for, in project order; all when nothing is named. */
export function selectTests(
  resources: readonly Resource[],
  names: readonly string[],
): { readonly tests: readonly Resource[]; readonly unknown: readonly string[] } {
  const all = resources.filter(({ kind }) => kind === TEST_KIND);
  if (names.length === 0) return { tests: all, unknown: [] };
  const isNamed = (test: Resource, name: string) =>
    test.address === name || test.name === name || suiteOf(test) === name;
  return {
    tests: all.filter((test) => names.some((name) => isNamed(test, name))),
    unknown: names.filter((name) => !all.some((test) => isNamed(test, name))),
  };
}

/** Starts each test, waits for its end and says what became of it. Never throws for a test that cannot be judged. */
export async function runTests(
  tests: readonly Resource[],
  ledger: LedgerState | undefined,
  runner: TestRunner,
  runtime: Runtime,
  choices: TestChoices,
): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  const waiting = [...tests];
  const worker = async (): Promise<void> => {
    for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
      results.push(await runTest(test, ledger, runner, runtime, choices));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, choices.parallelism) }, worker));
  return tests.flatMap(({ address }) => results.find((result) => result.address === address) ?? []);
}

async function runTest(
  test: Resource,
  ledger: LedgerState | undefined,
  runner: TestRunner,
  runtime: Runtime,
  choices: TestChoices,
): Promise<TestResult> {
  const began = runtime.now().getTime();
  const suite = suiteOf(test);
  const base = { address: test.address, ...(suite === undefined ? {} : { suite }) };
  const ended = (end: Pick<TestResult, "verdict" | "run" | "problem">): TestResult => {
    choices.onProgress(test.address, end.verdict);
    return { ...base, ...end, milliseconds: runtime.now().getTime() - began };
  };
  const entry = ledger?.entries[test.address];
  if (entry === undefined) return ended({ verdict: "unjudged", problem: "it has not been applied yet" });
  const version = choices.version === undefined ? undefined : ledger?.entries[choices.version];
  if (choices.version !== undefined && version === undefined) {
    return ended({ verdict: "unjudged", problem: `${choices.version} has not been applied yet` });
  }
  if (choices.signal?.aborted === true) return ended({ verdict: "unjudged", problem: "it was not started" });
  try {
    const versionId = version === undefined ? undefined : ownId(version.id);
    const run = await runner.start(ownId(entry.id), versionId, runtime.uuid());
    choices.onProgress(test.address, run.status);
    return ended(judged(await awaited(run, began + choices.timeout, test.address, runner, runtime, choices)));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return ended({ verdict: "unjudged", problem: error.message });
  }
}

/** Reads with growing pauses until the run has ended, its time is over, or the user wants to stop. */
async function awaited(
  first: TestRun,
  deadline: number,
  address: Address,
  runner: TestRunner,
  runtime: Runtime,
  { signal, onProgress }: TestChoices,
): Promise<TestRun> {
  let run = first;
  let pause = FIRST_PAUSE;
  const isOver = () => runtime.now().getTime() >= deadline || signal?.aborted === true;
  while (!isFinal(run) && !isOver()) {
    await runtime.sleep(pause);
    pause = Math.min(LONGEST_PAUSE, pause * 1.5);
    const next = await runner.read(run.testId, run.id);
    if (next.status !== run.status && !isFinal(next)) onProgress(address, next.status);
    run = next;
  }
  return run;
}

function isFinal({ status }: TestRun): boolean {
  return status === "passed" || status === "failed" || status === "error";
}

function judged(run: TestRun): Pick<TestResult, "verdict" | "run" | "problem"> {
  if (run.status === "passed" || run.status === "failed") return { verdict: run.status, run };
  const problem =
    run.status === "error" ? "the run ended in an error" : `it was still ${run.status} when the time was over`;
  return { verdict: "unjudged", run, problem };
}

function suiteOf({ spec }: Resource): string | undefined {
  const suite = property(spec, "test_suite");
  return typeof suite === "string" ? suite : undefined;
}
