import type { Plan } from "../model/plan.ts";
import { comparedPlan, currentLedger } from "./plan.ts";
import type { PlanChoices, Workspace } from "./workspace.ts";

/**
 * Compares what is live with what was last applied, companions of every managed object included. Every managed object
 * is read by its id, unless `reading` trusts the lists.
 */
export async function findDrift(
  workspace: Workspace,
  choices: PlanChoices,
  reading: "each" | "lists" = "each",
): Promise<Plan> {
  const scope = { lookout: "managed", reading: { mode: reading } } as const;
  return comparedPlan(workspace, choices, await currentLedger(workspace), scope);
}
