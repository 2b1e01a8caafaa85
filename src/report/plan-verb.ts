import type { Plan } from "../model/plan.ts";
import { capital } from "./phrases.ts";

/** What is done with a plan: the command that carries it out. */
export type Verb = "apply" | "destroy";

export function verbOf({ destroy }: Pick<Plan, "destroy">): Verb {
  return destroy === true ? "destroy" : "apply";
}

/** Above what a plan does. */
export function actionTitle(plan: Plan): string {
  const verb = verbOf(plan);
  return plan.refusals.length === 0 ? `What ${verb} will do` : `What ${verb} would do once this is resolved`;
}

export function refusalTitle(plan: Plan): string {
  return `What ${verbOf(plan)} refuses`;
}

/** `Apply writes nothing until`, before the points to resolve. */
export function untilText(plan: Plan): string {
  const verb = verbOf(plan);
  return `${capital(verb)} ${verb === "destroy" ? "deletes" : "writes"} nothing until`;
}
