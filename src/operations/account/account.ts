import type { Advice, NextStep } from "../../model/next-step.ts";
import { listed } from "../../model/suggest.ts";
import type { Workspace } from "../workspace.ts";

/** The account of an environment, and what the project knows of it. Without a project the ledger is empty. */
export type Account = Pick<
  Workspace,
  "environment" | "resources" | "isIgnored" | "provider" | "ledger" | "otherLedgers" | "removedLedgers"
>;

/** What was asked for names no object, or several. */
export class SelectionError extends Error {
  override readonly name = "SelectionError";
  readonly hint: Advice | undefined;

  constructor(message: string, hint?: Advice) {
    super(message);
    this.hint = hint;
  }
}

export const SEE_ALL: NextStep = { to: "to see what there is", run: ["get"] };

/** No object has these addresses, ids or names. */
export function nothingNamed(selectors: readonly string[]): SelectionError {
  const what = selectors.length === 1 ? "no object has" : "no objects have";
  return new SelectionError(`${what} the address, id or name ${listed(selectors)}`, SEE_ALL);
}
