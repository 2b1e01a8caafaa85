import type { Turn } from "../model/chat.ts";
import type { StepResult } from "../model/event.ts";
import type { PullResult } from "../model/pull-result.ts";

/** 0 done, 1 failed with nothing written, 2 differences found, 3 partly applied, 4 refused. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** How a command ended: what its exit code depends on. */
export type Ending =
  | { readonly command: "validate"; readonly errors: number }
  | {
      readonly command: "plan";
      readonly refused: boolean;
      readonly changes: boolean;
      readonly detailed: boolean;
    }
  /** `unsettled`: values were written into the manifests and still differ from the live ones. */
  | { readonly command: "drift"; readonly found: boolean; readonly unsettled?: boolean }
  /** Something was written, and the report of it was not: what the code would be with it. */
  | { readonly command: "unreported"; readonly code: ExitCode }
  | { readonly command: "test"; readonly verdicts: readonly ("passed" | "failed" | "unjudged")[] }
  | {
      readonly command: "chat";
      readonly statuses: readonly Turn["status"][];
      /** An answer does not meet an expectation. */
      readonly failed: boolean;
    }
  /** `left`: live changes that no manifest took. `isChecked`: somebody asked whether a file would change. */
  | {
      readonly command: "pull";
      readonly status: PullResult["status"] | "interrupted";
      readonly left: number;
      readonly isChecked: boolean;
      /** An object of the selection was not pulled: it cannot have a manifest, or does not fit the one that it has. */
      readonly isPartial: boolean;
    }
  /** `isPartial`: an object that was asked for as a manifest cannot have one, or the key may not list a kind. */
  | { readonly command: "get"; readonly isPartial: boolean }
  | { readonly command: "apply"; readonly status: "nothing-to-do" | "refused" | "declined" | "interrupted" }
  /** `stopped`: why it did not finish, although every step may have. */
  | {
      readonly command: "apply";
      readonly status: "done";
      readonly steps: readonly StepResult[];
      readonly stopped?: string;
    };

/** How a pull ended, and what writes manifests like one. */
export function pullEnding({ status, left, skipped }: PullResult, isChecked = false): Ending {
  const isPartial = skipped.some(({ reason }) => reason === "unwritable" || reason === "declared");
  return { command: "pull", status, left: left.length, isChecked, isPartial };
}

/** The one table of exit codes. Anything skipped, blocked or declined is never 0. */
export function exitCode(ending: Ending): ExitCode {
  switch (ending.command) {
    case "validate":
      return ending.errors > 0 ? 1 : 0;
    case "plan":
      if (ending.refused) return 1;
      return ending.detailed && ending.changes ? 2 : 0;
    case "drift":
      if (ending.unsettled === true) return 3;
      return ending.found ? 2 : 0;
    case "unreported":
      return ending.code === 0 || ending.code === 2 ? 3 : ending.code;
    case "test":
      if (ending.verdicts.includes("failed")) return 1;
      return ending.verdicts.includes("unjudged") ? 3 : 0;
    case "chat":
      if (ending.failed) return 1;
      if (ending.statuses.some((status) => status === "unknown" || status === "stopped")) return 3;
      return ending.statuses.includes("failed") ? 1 : 0;
    case "pull":
      if (ending.status === "blocked") return 3;
      if (ending.status === "interrupted") return 1;
      if (ending.isPartial && ending.status !== "planned") return 3;
      return ending.left > 0 || (ending.status === "planned" && ending.isChecked) ? 2 : 0;
    case "get":
      return ending.isPartial ? 3 : 0;
    case "apply":
      if (ending.status === "done") {
        const code = applied(ending.steps);
        return code === 0 && ending.stopped !== undefined ? 3 : code;
      }
      return { "nothing-to-do": 0, refused: 4, declined: 1, interrupted: 1 }[ending.status] as ExitCode;
  }
}

function applied(steps: readonly StepResult[]): ExitCode {
  const outcomes = steps.map(({ outcome }) => outcome);
  const isDone = outcomes.every(({ status }) => status === "applied" || status === "unchanged");
  if (isDone) return 0;
  const wrote = outcomes.some(
    (outcome) => outcome.status === "applied" || (outcome.status === "failed" && outcome.wrote),
  );
  if (wrote) return 3;
  const failures = outcomes.filter((outcome) => outcome.status === "failed");
  return failures.length > 0 && failures.every(({ failure: { why } }) => why === "stale" || why === "unproven")
    ? 4
    : 1;
}
