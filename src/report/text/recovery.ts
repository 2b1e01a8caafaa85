import type { Address } from "../../model/address.ts";
import { visible } from "../safe.ts";

export interface RecoveryWords {
  readonly who: string;
  readonly began: string;
  readonly recovered: readonly { readonly address: Address; readonly what: string }[];
}

/** What an interrupted run was found to have done, for standard error. */
export function recoveryText({ who, began, recovered }: RecoveryWords): string {
  const lines = recovered.map(({ address, what }) => `  ${visible(address)}: ${what}`);
  return [
    `The run of ${visible(who)} from ${visible(began)} did not come to its end. It was found to have:`,
    ...lines,
  ].join("\n");
}
