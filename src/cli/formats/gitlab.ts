import { stringify } from "../../model/json.ts";
import { gitlabJson } from "../../report/json/gitlab.ts";
import type { PlanResult } from "./format.ts";

export function plan({ plan }: PlanResult): string {
  return stringify(gitlabJson(plan));
}
