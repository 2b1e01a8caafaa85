import type { Diagnostic } from "../../model/diagnostic.ts";
import { formatDiagnostics } from "../../report/diagnostics.ts";
import { counted } from "../../report/phrases.ts";
import { visible } from "../../model/visible.ts";
import type { Style } from "../../report/style.ts";
import type { LoadedProject } from "../../schema/load.ts";
import { errorsOf, problemsFromHere, type CheckedProject } from "../checked-projects.ts";

export { testsText as tests } from "../../report/tests.ts";
export { transcriptText as chat } from "../../report/transcript.ts";

export function validation(checked: readonly CheckedProject[], style: Style): string {
  const [first, ...others] = checked;
  if (others.length === 0) return first === undefined ? "" : projectText(first, first.diagnostics, style);
  const texts = checked.map((one) => `${headOf(one)}\n${projectText(one, problemsFromHere(one), style)}\n`);
  return texts.join("\n") + totalOf(checked);
}

function headOf({ folder, environments }: CheckedProject): string {
  return visible(`Project ${environments[0]?.name ?? ""} in ${folder === "" ? "." : folder}`);
}

function totalOf(checked: readonly CheckedProject[]): string {
  const broken = checked.filter((one) => errorsOf(one).length > 0).length;
  return `\n${counted(checked.length, "project")}, ${broken === 0 ? "all valid" : `${broken} with errors`}.`;
}

/** Problems, and where there are no errors how much was checked. */
function projectText(checked: CheckedProject, diagnostics: readonly Diagnostic[], style: Style): string {
  const { environments, folder } = checked;
  const isPrefixed = diagnostics !== checked.diagnostics;
  const sources = (file: string) =>
    environments[0]?.sourceText(isPrefixed ? file.slice(folder.length + 1) : file);
  const problems = formatDiagnostics(diagnostics, sources, style);
  return errorsOf(checked).length > 0 ? problems : `${problems}${valid(environments)}`;
}

function valid(projects: readonly LoadedProject[]): string {
  const [first] = projects;
  const checked = first?.singleFile === true ? first.selected : first?.resources;
  const [manifests, scripts] = [checked?.length ?? 0, first?.scripts.length ?? 0];
  const parts = [
    ...(manifests > 0 || scripts === 0 ? [counted(manifests, "manifest")] : []),
    ...(scripts > 0 ? [counted(scripts, "chat script")] : []),
  ];
  const count = parts.join(" and ");
  const where =
    projects.length > 1
      ? `${projects.length} environments`
      : `environment ${first?.environment.name ?? "default"}`;
  return visible(`${first?.name ?? "project"}: ${count} valid in ${where}.`);
}
