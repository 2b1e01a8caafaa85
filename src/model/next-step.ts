/** A command that helps. Whoever shows it adds the project and the environment at hand. */
export interface NextStep {
  /** What for: `to see what there is`. */
  readonly to: string;
  /** The words after `rollcall`. */
  readonly run: readonly string[];
  /** Of another environment than the one at hand. */
  readonly env?: string;
  /** What else can be done. */
  readonly or?: string;
}

/** What to do about an error. */
export type Advice = string | NextStep;
