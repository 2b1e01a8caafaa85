import { LedgerError } from "../model/ledger.ts";
import type { Plan, Refusal } from "../model/plan.ts";
import {
  concernsOthers,
  ownedElsewhere,
  undecidedAdoptions,
  type OtherState,
} from "../reconcile/policy/other-environments.ts";
import type { OtherLedger, PlanChoices, Workspace } from "./workspace.ts";

/** Looks into the ledgers of the other environments before anything is adopted, written or deleted. */
export async function refusalsOfOthers(
  { otherLedgers = [], provider: { kinds } }: Workspace,
  plan: Plan,
  { adopt }: Pick<PlanChoices, "adopt">,
): Promise<readonly Refusal[]> {
  if (otherLedgers.length === 0 || !concernsOthers(plan, kinds)) return [];
  const others = await readAll(otherLedgers);
  return [...ownedElsewhere(plan, kinds, others), ...(adopt === true ? [] : undecidedAdoptions(plan, others))];
}

export function readAll(ledgers: readonly OtherLedger[]): Promise<readonly OtherState[]> {
  return Promise.all(
    ledgers.map(async ({ environment, read }): Promise<OtherState> => {
      try {
        return { environment, state: await read() };
      } catch (error) {
        if (error instanceof LedgerError) return { environment, problem: error.message };
        throw error;
      }
    }),
  );
}
