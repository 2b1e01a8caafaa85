import type { JsonObject } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import { tally } from "../tally.ts";

/** The counts that GitLab shows on a merge request, from a report artifact of the type `terraform`. */
export function gitlabJson(plan: Plan): JsonObject {
  const { add, change, destroy } = tally(plan.changes);
  return { create: add, update: change, delete: destroy };
}
