import { LedgerError } from "../model/ledger.ts";
import type { OtherState } from "../reconcile/policy/owner.ts";
import type { OtherLedger, Workspace } from "./workspace.ts";

/** What the ledgers of the other environments know. One that cannot be read gives its problem. */
export async function readAll({
  otherLedgers = [],
  removedLedgers,
}: Pick<Workspace, "otherLedgers" | "removedLedgers">): Promise<readonly OtherState[]> {
  const [declared, removed] = await Promise.all([
    Promise.all(otherLedgers.map((one) => stateOf(one))),
    orProblem(REMOVED, async () => {
      const found = (await removedLedgers?.()) ?? [];
      return Promise.all(found.map((one) => stateOf(one, { isRemoved: true })));
    }),
  ]);
  return [...declared, removed].flat();
}

const REMOVED = "(removed)";

function stateOf(
  { environment, read }: OtherLedger,
  removed: { readonly isRemoved?: true } = {},
): Promise<OtherState> {
  return orProblem(environment, async () => ({ environment, state: await read(), ...removed }));
}

async function orProblem<T>(environment: string, act: () => Promise<T>): Promise<T | OtherState> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof LedgerError) return { environment, problem: error.message };
    throw error;
  }
}
