import { LedgerError } from "../model/ledger.ts";
import type { OtherState } from "../reconcile/policy/owner.ts";
import type { OtherLedger } from "./workspace.ts";

/** What the ledgers of the other environments know. One that cannot be read gives its problem. */
export function readAll(ledgers: readonly OtherLedger[]): Promise<readonly OtherState[]> {
  return Promise.all(
    ledgers.map(async ({ environment, isRemoved, read }): Promise<OtherState> => {
      try {
        return { environment, state: await read(), ...(isRemoved && { isRemoved }) };
      } catch (error) {
        if (error instanceof LedgerError) return { environment, problem: error.message };
        throw error;
      }
    }),
  );
}
