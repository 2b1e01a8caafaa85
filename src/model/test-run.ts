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
  readonly milliseconds: number;
}
