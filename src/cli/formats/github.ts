import { githubAnnotations } from "../../report/diagnostics.ts";
import { problemsFromHere, type CheckedProject } from "../checked-projects.ts";

export function validation(checked: readonly CheckedProject[]): string {
  return githubAnnotations(checked.flatMap(problemsFromHere));
}
