import type { Plan } from "../model/plan.ts";
import { currentLedger, planProject } from "./plan.ts";
import type { PlanChoices, Workspace } from "./workspace.ts";

/** Compares what is live with what was last applied, companions of every managed object included. */
export async function findDrift(workspace: Workspace, choices: PlanChoices): Promise<Plan> {
  return planProject(workspace, choices, await currentLedger(workspace), "managed");
}
