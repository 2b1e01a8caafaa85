import type { ResourceChange, Step } from "../model/plan.ts";

type Verbs = Readonly<Record<Step["action"], string>>;

/** What a step does, as in `update failed`. */
export const VERBS: Verbs = {
  create: "create",
  complete: "complete",
  update: "update",
  detach: "detach",
  delete: "destroy",
  restore: "check",
  "refresh-state": "state refresh",
  forget: "forget",
};

/** While it runs. */
export const DOING: Verbs = {
  create: "creating",
  complete: "completing",
  update: "updating",
  detach: "detaching",
  delete: "destroying",
  restore: "checking",
  "refresh-state": "refreshing state",
  forget: "forgetting",
};

/** When it was applied. */
export const DONE: Verbs = {
  create: "created",
  complete: "completed",
  update: "updated",
  detach: "detached",
  delete: "destroyed",
  restore: "restored",
  "refresh-state": "state refreshed",
  forget: "forgotten",
};

/** When it was found to be done already. */
export function alreadyDone({ action }: Step): string {
  return action === "restore" ? "still exists" : "already done";
}

export function doneVerb({ action }: Step, change: ResourceChange | undefined): string {
  if (action === "refresh-state" && change?.action === "adopt") return "adopted";
  if (action === "refresh-state" && change?.action === "move") return "moved";
  if (action === "refresh-state" && change?.action === "observe")
    return change.movedFrom === undefined ? "observed" : "moved";
  if (action === "restore" && change?.action === "update") return "updated";
  return DONE[action];
}
