import type { ResourceChange, Step } from "../model/plan.ts";

type Verbs = Readonly<Record<Step["action"], string>>;

/** What a step does, as in `update failed`. */
export const VERBS: Verbs = {
  create: "create",
  complete: "complete",
  update: "update",
  detach: "detach",
  delete: "destroy",
  ensure: "check",
  record: "record",
  forget: "forget",
};

/** While it runs. */
export const DOING: Verbs = {
  create: "creating",
  complete: "completing",
  update: "updating",
  detach: "detaching",
  delete: "destroying",
  ensure: "checking",
  record: "recording",
  forget: "forgetting",
};

/** When it was applied. */
export const DONE: Verbs = {
  create: "created",
  complete: "completed",
  update: "updated",
  detach: "detached",
  delete: "destroyed",
  ensure: "restored",
  record: "recorded",
  forget: "forgotten",
};

/** When it was found to be done already. */
export function alreadyDone({ action }: Step): string {
  return action === "ensure" ? "still exists" : "already done";
}

export function doneVerb({ action }: Step, change: ResourceChange | undefined): string {
  if (action === "record" && change?.action === "adopt") return "adopted";
  if (action === "record" && change?.action === "move") return "moved";
  if (action === "ensure" && change?.action === "update") return "updated";
  return DONE[action];
}
