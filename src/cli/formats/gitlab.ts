import { stringify } from "../../model/json.ts";
import { tally } from "../../report/tally.ts";
import type { PlanResult } from "./format.ts";

/** The counts that GitLab shows on a merge request, from a report artifact of the type `terraform`. */
export function plan({ plan }: PlanResult): string {
  const { add, change, destroy } = tally(plan.changes);
  return stringify({ create: add, update: change, delete: destroy });
}
