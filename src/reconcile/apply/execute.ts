import type { StepOutcome } from "../../model/event.ts";
import type { Step } from "../../model/plan.ts";
import { create, restore } from "./create.ts";
import type { Execution } from "./execution.ts";
import { detach, forget, remove } from "./remove.ts";
import { refreshState, update } from "./write.ts";

/** Executes one step: compares, writes, reads back, and commits verified values. */
export async function execute(step: Step, execution: Execution): Promise<StepOutcome> {
  const kind = execution.provider.kinds.get(step.kind);
  if (kind === undefined) throw new Error(`step ${step.id} is of the unknown kind ${step.kind}`);
  switch (step.action) {
    case "create":
      return create(step, kind, execution);
    case "complete":
    case "update":
      return update(step, kind, execution);
    case "restore":
      return restore(step, kind, execution);
    case "detach":
      return detach(step, kind, execution);
    case "refresh-state":
      return refreshState(step, kind, execution);
    case "delete":
      return remove(step, kind, execution);
    case "forget":
      return forget(step, execution);
  }
}
