import { grouped } from "../../../model/grouped.ts";
import type { Lint, LintCheck, LintSubject } from "../../../model/kind.ts";
import { labelled, shown } from "../../diagnostics/shown.ts";
import { emptyNames } from "./empty-names.ts";
import { formerAddresses, importedIds, ignoredPaths, observedResources } from "./lifecycle.ts";
import { hardCycles, literalIds } from "./references.ts";
import { placeholders } from "./placeholders.ts";
import { remoteNames } from "./remote-names.ts";
import { urls } from "./urls.ts";

/** The checks that hold for any kind; kinds bring their own. */
const LINTS: readonly Lint[] = [
  remoteNames,
  ignoredPaths,
  formerAddresses,
  importedIds,
  observedResources,
  hardCycles,
  literalIds,
  emptyNames,
  urls,
  placeholders,
];

/** Every check that looks at resources together: those that hold for any kind, and those that the kinds bring. */
export function lint(
  subjects: readonly LintSubject[],
  context: Pick<LintCheck, "incomplete" | "report">,
): void {
  const project = new Map<string, LintSubject>(subjects.map((subject) => [subject.address, subject]));
  const check: LintCheck = { ...context, subjects, project, shown, label };
  for (const one of LINTS) one(check);
  for (const [kind, own] of grouped(subjects, (subject) => subject.kind)) {
    for (const one of kind.lints ?? []) one({ ...check, subjects: own });
  }
}

function label({ kind }: LintSubject, path: readonly string[]): string {
  return labelled(`${kind.kind}.spec`, path);
}
