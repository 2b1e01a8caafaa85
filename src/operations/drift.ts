import type { Plan } from "../model/plan.ts";
import type { PlanChoices } from "../model/plan-choices.ts";
import { currentLedger, planIn } from "./plan.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Compares what is live with what was last applied, undeclared dependent children included. Every managed object is
 * read by its id, unless `reading` trusts the lists.
 */
export async function findDrift(
  workspace: Workspace,
  choices: PlanChoices,
  reading: "each" | "lists" = "each",
): Promise<Plan> {
  const subject = { workspace, choices, ledger: await currentLedger(workspace) };
  return planIn(subject, {
    childScope: "managed",
    reading: { mode: reading },
    otherEnvironments: false,
    pending: false,
  });
}
