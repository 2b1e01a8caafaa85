import type { Address } from "../../model/address.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { diagnosticsJson, formatDiagnostics, githubAnnotations, sarif } from "../../report/diagnostics.ts";
import { counted } from "../../report/phrases.ts";
import { visible } from "../../report/safe.ts";
import { DIAGNOSTIC_RULES } from "../../schema/diagnostics/diagnostics-table.ts";
import type { LoadedProject } from "../../schema/load.ts";
import type { Style } from "../../report/style.ts";
import {
  checkedProjects,
  problemsFromHere,
  type CheckedProject,
  type CheckOptions,
} from "../checked-projects.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { annotate, note, print, styleOf, type Io } from "../io.ts";
import { version } from "../../host/version.ts";
import { addressFrom, KINDS } from "../project.ts";

export interface ValidateOptions extends CheckOptions {
  readonly format: "text" | "json" | "github" | "sarif";
  readonly strict?: boolean;
}

/** Everything that can be known offline. */
export async function validateCommand(
  io: Io,
  paths: readonly string[],
  options: ValidateOptions,
): Promise<ExitCode> {
  const found = await checkedProjects(io, paths, options);
  const checked = options.strict === true ? found.map(strictly) : found;
  const [first, ...others] = checked;
  const [project] = first?.environments ?? [];
  if (options.show !== undefined && project !== undefined) {
    if (others.length > 0) throw new UsageError("--show takes one project", "give the folder of one");
    return showManifest(io, addressFrom(options.show), project, options);
  }
  const show = options.format === "github" ? annotate : print;
  await show(io, render(io, checked, options));
  return exitCode({ command: "validate", errors: checked.flatMap(errorsOf).length });
}

function strictly(checked: CheckedProject): CheckedProject {
  return { ...checked, diagnostics: checked.diagnostics.map(asError) };
}

function asError(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.severity === "warning" ? { ...diagnostic, severity: "error" } : diagnostic;
}

function errorsOf({ diagnostics }: CheckedProject): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}

/** The manifest of one resource, resolved; secrets stand as digests. */
async function showManifest(
  io: Io,
  address: Address,
  project: LoadedProject,
  { color }: ValidateOptions,
): Promise<ExitCode> {
  const errors = project.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) await note(io, formatDiagnostics(errors, project.sourceText, styleOf(io, color)));
  const resource = project.resources.find((one) => one.address === address);
  const kind = resource === undefined ? undefined : KINDS.get(resource.kind);
  if (resource === undefined || kind === undefined) {
    if (errors.length > 0) return 1;
    throw new UsageError(`${address} is not declared in this project`);
  }
  const [{ redacted }, { hintsOf }, { resolvedManifest }] = await Promise.all([
    import("../../reconcile/compare/redact.ts"),
    import("../../reconcile/compare/hints.ts"),
    import("../../schema/read/show.ts"),
  ]);
  await print(io, resolvedManifest(resource, redacted(resource.spec, hintsOf(kind))));
  return errors.length > 0 ? 1 : 0;
}

function render(io: Io, checked: readonly CheckedProject[], { format, color }: ValidateOptions): string {
  const [first, ...others] = checked;
  const diagnostics = checked.flatMap(problemsFromHere);
  switch (format) {
    case "json":
      // One project has its files by their paths in it.
      return diagnosticsJson(others.length === 0 ? (first?.diagnostics ?? []) : diagnostics);
    case "github":
      return githubAnnotations(diagnostics);
    case "sarif":
      return sarif(diagnostics, DIAGNOSTIC_RULES, version);
    case "text": {
      const style = styleOf(io, color);
      if (others.length === 0) return first === undefined ? "" : textOf(first, first.diagnostics, style);
      return (
        checked.map((one) => `${headOf(one)}\n${textOf(one, problemsFromHere(one), style)}\n`).join("\n") +
        totalOf(checked)
      );
    }
  }
}

function headOf({ folder, environments }: CheckedProject): string {
  return visible(`Project ${environments[0]?.name ?? ""} in ${folder === "" ? "." : folder}`);
}

function totalOf(checked: readonly CheckedProject[]): string {
  const broken = checked.filter((one) => errorsOf(one).length > 0).length;
  return `\n${counted(checked.length, "project")}, ${broken === 0 ? "all valid" : `${broken} with errors`}.`;
}

/** Problems, and where there are no errors how much was checked. */
function textOf(checked: CheckedProject, diagnostics: readonly Diagnostic[], style: Style): string {
  const { environments, folder } = checked;
  const isPrefixed = diagnostics !== checked.diagnostics;
  const sources = (file: string) =>
    environments[0]?.sourceText(isPrefixed ? file.slice(folder.length + 1) : file);
  const problems = formatDiagnostics(diagnostics, sources, style);
  return errorsOf(checked).length > 0 ? problems : `${problems}${valid(environments)}`;
}

function valid(projects: readonly LoadedProject[]): string {
  const [first] = projects;
  const checked = first?.alone === true ? first.selected : first?.resources;
  const count = counted(checked?.length ?? 0, "manifest");
  const where =
    projects.length > 1
      ? `${projects.length} environments`
      : `environment ${first?.environment.name ?? "default"}`;
  return visible(`${first?.name ?? "project"}: ${count} valid in ${where}.`);
}
