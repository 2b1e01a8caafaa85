import type { Address } from "../model/address.ts";
import type { Kind } from "../model/kind.ts";
import type { LedgerState } from "../model/ledger.ts";
import { segments } from "../model/pointer.ts";
import { ProviderError } from "../model/provider.ts";
import type { Resource } from "../model/resource.ts";
import type { Runtime } from "../model/runtime.ts";
import type { TestResult, TestRun, TestRunner } from "../model/test-run.ts";
import { valueAt } from "../reconcile/compare/difference.ts";
import { ownId } from "../model/object-ids.ts";

/** A test as it is declared. */
export interface DeclaredTest {
  readonly address: Address;
  readonly name: string;
  readonly suite?: string;
}

export interface TestChoices {
  /** Address of a version; without it the tests are held with main. */
  readonly version?: Address;
  readonly parallelism: number;
  /** Milliseconds for each test, from its start. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  readonly onProgress: (address: Address, status: string) => void;
}

/** What every test of a run needs. */
export interface TestSetting extends TestChoices {
  readonly ledger: LedgerState | undefined;
  readonly runner: TestRunner;
  readonly runtime: Runtime;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 10_000;

/** The tests that suite names and addresses stand for, in project order; all when nothing is named. */
export function selectTests(
  resources: readonly Resource[],
  kinds: ReadonlyMap<string, Kind>,
  names: readonly string[],
): { readonly tests: readonly DeclaredTest[]; readonly unknown: readonly string[] } {
  const all = resources.flatMap((resource) => testIn(resource, kinds.get(resource.kind)));
  if (names.length === 0) return { tests: all, unknown: [] };
  const isNamed = ({ address, name, suite }: DeclaredTest, wanted: string) =>
    address === wanted || name === wanted || suite === wanted;
  return {
    tests: all.filter((test) => names.some((name) => isNamed(test, name))),
    unknown: names.filter((name) => !all.some((test) => isNamed(test, name))),
  };
}

function testIn({ address, name, spec }: Resource, kind: Kind | undefined): readonly DeclaredTest[] {
  if (kind?.tests === undefined) return [];
  const suite = valueAt(spec, segments(kind.tests.suite));
  return [{ address, name, ...(typeof suite === "string" && { suite }) }];
}

/** Starts each test, waits for its end and says what became of it. Never throws for a test that cannot be judged. */
export async function runTests(
  tests: readonly DeclaredTest[],
  setting: TestSetting,
): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  const waiting = [...tests];
  const worker = async (): Promise<void> => {
    for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
      results.push(await runTest(test, setting));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, setting.parallelism) }, worker));
  return tests.flatMap(({ address }) => results.find((result) => result.address === address) ?? []);
}

type End = Pick<TestResult, "verdict" | "run" | "problem" | "failure">;

async function runTest({ address, suite }: DeclaredTest, setting: TestSetting): Promise<TestResult> {
  const { runtime, onProgress } = setting;
  const began = runtime.now().getTime();
  const end = await endOf(address, setting);
  onProgress(address, end.verdict);
  const milliseconds = runtime.now().getTime() - began;
  return { address, ...(suite !== undefined && { suite }), ...end, milliseconds };
}

async function endOf(address: Address, setting: TestSetting): Promise<End> {
  const { ledger, runner, runtime, version, signal, timeout, onProgress } = setting;
  const deadline = runtime.now().getTime() + timeout;
  const entry = ledger?.entries[address];
  if (entry === undefined) return { verdict: "unjudged", problem: "it has not been applied yet" };
  const held = version === undefined ? undefined : ledger?.entries[version];
  if (version !== undefined && held === undefined) {
    return { verdict: "unjudged", problem: `${version} has not been applied yet` };
  }
  if (signal?.aborted === true) return { verdict: "unjudged", problem: "it was not started" };
  try {
    const versionId = held === undefined ? undefined : ownId(held.id);
    const run = await runner.start(ownId(entry.id), versionId, runtime.uuid());
    onProgress(address, run.status);
    return judged(await awaited(run, deadline, address, setting));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { verdict: "unjudged", problem: error.message, failure: error.failure };
  }
}

/** Reads with growing pauses until the run has ended, its time is over, or the user wants to stop. */
async function awaited(
  first: TestRun,
  deadline: number,
  address: Address,
  { runner, runtime, signal, onProgress }: TestSetting,
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

function judged(run: TestRun): End {
  if (run.status === "passed" || run.status === "failed") return { verdict: run.status, run };
  const problem =
    run.status === "error" ? "the run ended in an error" : `it was still ${run.status} when the time was over`;
  return { verdict: "unjudged", run, problem };
}
