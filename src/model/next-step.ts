/** A command that helps. The code that shows it adds the current project and environment. */
export interface NextStep {
  /** What for: `to see what there is`. */
  readonly to: string;
  /** The words after `rollcall`. */
  readonly run: readonly string[];
  /** If it is not the current environment. */
  readonly env?: string;
  /** What else can be done. */
  readonly or?: string;
}

/** What to do about an error. */
export type Advice = string | NextStep;
