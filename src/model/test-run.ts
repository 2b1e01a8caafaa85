import type { ProviderFailure } from "./provider.ts";

/** How far a run of an assistant test has come; the last three are final. */
export type TestStatus = "pending" | "starting" | "running" | "passed" | "failed" | "error";

export interface TestRun {
  readonly id: string;
  readonly testId: string;
  readonly status: TestStatus;
  /** One for each criterion of the rubric, when there is a result. */
  readonly criteria: readonly { readonly name: string; readonly status: TestStatus }[];
  readonly logs?: string;
  readonly conversationId?: string;
  /** Of a run of a whole suite. */
  readonly suiteRunId?: string;
  /** `manual`, `scheduled` or `api`, as the API says it. */
  readonly triggeredBy?: string;
  /** RFC 3339. */
  readonly createdAt?: string;
  readonly completedAt?: string;
}

/** What was said in a conversation. */
export interface SpokenMessage {
  readonly role: string;
  /** Absent where the message only calls tools. */
  readonly text?: string;
  readonly at?: string;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[];
}

/** The port to earlier runs. Every method may throw a `ProviderError`. */
export interface TestHistory {
  /** The newest runs of a test, as many as `limit` at most. */
  runs(testId: string, limit: number): Promise<readonly TestRun[]>;
  /** The same for all tests of a suite. */
  suiteRuns(suite: string, limit: number): Promise<readonly TestRun[]>;
  /** `undefined` when the test has no such run. */
  run(testId: string, runId: string): Promise<TestRun | undefined>;
  /** The names of all suites. */
  suites(): Promise<readonly string[]>;
  /** `undefined` when there is no such conversation. */
  messages(conversationId: string): Promise<readonly SpokenMessage[] | undefined>;
}

/** The port to whatever runs tests. Every method may throw a `ProviderError`. */
export interface TestRunner {
  /** Starts a real conversation, which costs money. Without a version it is held with the main one. */
  start(testId: string, versionId: string | undefined, idempotencyKey: string): Promise<TestRun>;
  read(testId: string, runId: string): Promise<TestRun>;
}

/** What became of one test. */
export interface TestResult {
  readonly address: string;
  readonly suite?: string;
  /** `unjudged`: it could not be started, ended in an error, or did not end in time. */
  readonly verdict: "passed" | "failed" | "unjudged";
  readonly run?: TestRun;
  /** Why it could not be judged. */
  readonly problem?: string;
  /** The request that failed. */
  readonly failure?: ProviderFailure;
  readonly milliseconds: number;
}
