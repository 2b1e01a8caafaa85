import type { Plan } from "../../model/plan.ts";
import type { Proposal } from "../../model/proposal.ts";
import { currentLedger, planProject } from "../../operations/plan.ts";
import { proposeDrift, settled } from "../../operations/propose.ts";
import type { PlanChoices } from "../../model/plan-choices.ts";
import type { Manifests } from "../../operations/adopt-conflicts.ts";
import { KINDS } from "../project.ts";
import type { OpenWorkspace } from "../workspace.ts";

/**
 * Writes the live values of what drifted into the manifests, and plans again to see that they are in sync. Nothing is
 * written live or in the ledger.
 */
export async function propose(
  manifests: Manifests,
  workspace: OpenWorkspace,
  plan: Plan,
  choices: PlanChoices,
): Promise<Proposal> {
  const draft = await proposeDrift({ kinds: KINDS, plan, ...manifests });
  if (draft.texts.size === 0) return settled(draft, plan, plan);
  await manifests.write(draft.texts);
  const { resources, includedFile } = await manifests.reload();
  const now = { ...workspace, resources, includedFile };
  return settled(draft, plan, await planProject(now, choices, await currentLedger(now)));
}
