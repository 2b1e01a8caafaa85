import type { Address } from "./address.ts";
import type { SpokenMessage, TestRun } from "./test-run.ts";

/** How runs ended. */
export interface Tally {
  readonly runs: number;
  readonly passed: number;
  readonly failed: number;
  /** Ended in an error: neither passed nor failed. */
  readonly errors: number;
  readonly unfinished: number;
  /** Of those that passed or failed, from 0 to 1; absent where there are none. */
  readonly passRate?: number;
  /** How often the verdict changes from one of these to the next, from 0 to 1; absent where there are fewer than two. */
  readonly flakiness?: number;
}

export interface TestNames {
  readonly id: string;
  readonly name: string;
  /** In the current environment, if it has one there. */
  readonly address?: Address;
  readonly suite?: string;
}

/** The history of one test. */
export interface TestRecord extends TestNames {
  readonly tally: Tally;
  readonly criteria: readonly { readonly name: string; readonly tally: Tally }[];
  /** The newest first. */
  readonly runs: readonly TestRun[];
}

/** One run, and what was said in it. */
export interface RunReport {
  readonly test: TestNames;
  readonly run: TestRun;
  /** Absent where the run names no conversation, or there is none any more. */
  readonly messages?: readonly SpokenMessage[];
}

export interface TestSuite {
  /** Absent for the tests that are in no suite. */
  readonly name?: string;
  readonly tests: readonly TestNames[];
}
