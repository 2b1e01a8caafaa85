import type { Address } from "../../model/address.ts";
import { visible } from "../safe.ts";

interface RecoveredWords {
  readonly address: Address;
  readonly what: string;
  readonly until?: string;
}

export interface RecoveryWords {
  readonly who: string;
  readonly began: string;
  readonly recovered: readonly RecoveredWords[];
}

/** What an interrupted run was found to have done, for standard error. */
export function recoveryText({ who, began, recovered }: RecoveryWords): string {
  const lines = recovered.map((one) => `  ${visible(one.address)}: ${outcomeOf(one)}`);
  return [`The run of ${visible(who)} from ${visible(began)} did not finish. Its open steps:`, ...lines].join(
    "\n",
  );
}

function outcomeOf({ what, until }: RecoveredWords): string {
  return until === undefined
    ? what
    : `${what}; lists can lag, so each apply searches for it until ${visible(until)}`;
}
