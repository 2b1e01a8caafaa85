import { version } from "../../host/version.ts";
import { sarif } from "../../report/diagnostics.ts";
import { DIAGNOSTIC_RULES } from "../../schema/diagnostics/diagnostics-table.ts";
import { problemsFromHere, type CheckedProject } from "../checked-projects.ts";

export function validation(checked: readonly CheckedProject[]): string {
  return sarif(checked.flatMap(problemsFromHere), DIAGNOSTIC_RULES, version);
}
