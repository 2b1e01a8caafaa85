import type { Address } from "./address.ts";
import type { Json } from "./json.ts";
import type { Pointer } from "./pointer.ts";
import type { ProviderFailure } from "./provider.ts";
import type { Step } from "./plan.ts";

/** What did not stick, seen on read-back. */
export interface Mismatch {
  readonly path: Pointer;
  readonly sent?: Json;
  readonly live?: Json;
}

/** Why a step failed. */
export type StepFailure =
  | { readonly why: "request"; readonly failure: ProviderFailure }
  | { readonly why: "stale"; readonly message: string }
  /** It is not known whether this project created the object that it is to delete. */
  | { readonly why: "unproven"; readonly objectId: string }
  /** It was deleted, and reads still show it. */
  | { readonly why: "undeleted"; readonly objectId: string }
  | { readonly why: "unverified"; readonly mismatches: readonly Mismatch[] }
  | { readonly why: "ledger"; readonly message: string };

export type StepOutcome =
  | {
      readonly status: "applied";
      readonly objectId: string;
      readonly requestIds?: readonly string[];
      /** Objects that interrupted runs created with other values, and that this step deleted. */
      readonly deletedIds?: readonly string[];
    }
  | { readonly status: "unchanged"; readonly objectId: string }
  | {
      readonly status: "failed";
      readonly failure: StepFailure;
      readonly wrote: boolean;
      readonly deletedIds?: readonly string[];
    }
  | { readonly status: "blocked"; readonly by: readonly Address[] }
  | { readonly status: "not-started"; readonly because: "interrupted" | "stopped" };

/** What happens while a plan is applied; printers only consume these. */
export type ApplyEvent =
  | { readonly type: "step-started"; readonly step: Step }
  | {
      readonly type: "step-ended";
      readonly step: Step;
      readonly outcome: StepOutcome;
      readonly milliseconds: number;
    };

export interface StepResult {
  readonly step: Step;
  readonly outcome: StepOutcome;
}

/** The end of an apply. `stopped` says why steps were not started. */
export interface ApplyResult {
  readonly steps: readonly StepResult[];
  readonly serial: number;
  readonly stopped?: string;
}
