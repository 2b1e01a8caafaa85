import type { StepResult } from "../../src/model/event.ts";
import type { LedgerState } from "../../src/model/ledger.ts";
import type { Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import type { Ran } from "../e2e/cli.ts";
import type { Manifest } from "../stories/manifests.ts";
import type { PlanShown } from "../stories/order.ts";
import type { Cut, Moment } from "../stories/story.ts";

/** Where stories are played: one project, one account. */
export interface Stage {
  readonly emulator: Emulator;
  declare(...manifests: readonly Manifest[]): Promise<void>;
  /** Runs one command line. */
  run(...args: readonly string[]): Promise<Ran>;
  /** The same, killed at this moment if it comes; otherwise it says how it ended. */
  cutOff(at: Moment | Cut, ...args: readonly string[]): Promise<Ran | undefined>;
  /** The plan that the last apply was about, where the stage can tell; otherwise it is planned before. */
  readonly showsApplied: boolean;
  applied(): PlanShown | undefined;
  /** The outcome of each step of the last apply, where the stage can tell and the run has come to its end. */
  reported(): readonly StepResult[] | undefined;
  /** The manifests in the files, after a command that may have changed them. */
  manifests(): readonly Manifest[];
  readonly ledger: StageLedger;
  beginAgain(): Promise<void>;
  close(): Promise<void>;
}

export interface StageLedger {
  /** What is kept now; what is returned puts it back. */
  photograph(): () => void;
  lose(): void;
  /** What is in it, where the stage can tell. */
  state(): Promise<LedgerState | undefined>;
  /** The ledger of another working copy, as this one finds it: what is committed, without the log of a cut-off run. */
  exchange(): Exchange;
}

export interface Exchange {
  /** A run that was cut off has left more than is committed. */
  readonly isPartial: boolean;
  /**
   * Brings what is committed to the working copy that is played in now. Where that has the log of a run on another
   * ledger, the log is moved away, as the error says that each command ends with until then.
   */
  bring(): void;
}
