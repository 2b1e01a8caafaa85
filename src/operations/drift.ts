import type { Plan } from "../model/plan.ts";
import { currentLedger, planProject } from "./plan.ts";
import type { PlanChoices, Workspace } from "./workspace.ts";

/** Compares what is live with what was last applied, companions of every managed object included. */
export async function findDrift(workspace: Workspace, choices: PlanChoices): Promise<Plan> {
  return planProject(workspace, choices, await currentLedger(workspace), "managed");
}

/**
 * True when something changed outside Git that the next apply would undo, refuse or not see. Without a baseline
 * every difference counts, because nobody can tell who made it.
 */
export function hasDrift(plan: Plan): boolean {
  const changed = plan.drift.some(({ what, changes }) => what !== "changed" || changes.length > 0);
  return (
    changed || plan.changes.some(({ changes }) => changes.some((change) => change.class === "no-baseline"))
  );
}
