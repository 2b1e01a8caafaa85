import { relative } from "node:path";
import type { Address } from "../../model/address.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { diagnosticsJson, formatDiagnostics, githubAnnotations, sarif } from "../../report/diagnostics.ts";
import { counted } from "../../report/phrases.ts";
import { visible } from "../../report/safe.ts";
import { DIAGNOSTIC_RULES } from "../../schema/diagnostics-table.ts";
import { loadEnvironments, mergedDiagnostics, type LoadedProject } from "../../schema/load.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { annotate, note, print, styleOf, type Io } from "../io.ts";
import { version } from "../version.ts";
import { addressFrom, KINDS, load, loadOptions, type ProjectOptions } from "../project.ts";

interface ValidateOptions extends ProjectOptions {
  readonly format: "text" | "json" | "github" | "sarif";
  readonly allEnvironments?: boolean;
  readonly strict?: boolean;
  readonly show?: string;
}

/** Everything that can be known offline. */
export async function validateCommand(
  io: Io,
  path: string | undefined,
  options: ValidateOptions,
): Promise<ExitCode> {
  const projects = await loaded(io, path, options);
  const merged = mergedDiagnostics(projects);
  const diagnostics = options.strict === true ? merged.map(asError) : merged;
  const [first] = projects;
  if (options.show !== undefined && first !== undefined)
    return showManifest(io, addressFrom(options.show), first, options);
  const show = options.format === "github" ? annotate : print;
  await show(io, render(io, diagnostics, projects, options));
  return exitCode({
    command: "validate",
    errors: diagnostics.filter(({ severity }) => severity === "error").length,
  });
}

function asError(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.severity === "warning" ? { ...diagnostic, severity: "error" } : diagnostic;
}

/** One environment where one is chosen, and otherwise all of them: a mistake in any is a mistake. */
async function loaded(
  io: Io,
  path: string | undefined,
  options: ValidateOptions,
): Promise<readonly LoadedProject[]> {
  const isChosen = options.env !== undefined || (io.env["ROLLCALL_ENV"] ?? "") !== "";
  if (options.allEnvironments !== true && (isChosen || options.show !== undefined))
    return [await load(io, path, options)];
  const projects = await loadEnvironments(loadOptions(io, path, options));
  return projects.length === 0 ? [await load(io, path, options)] : projects;
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
    import("../../reconcile/change.ts"),
    import("../../reconcile/hints.ts"),
    import("../../schema/show.ts"),
  ]);
  await print(io, resolvedManifest(resource, redacted(resource.spec, hintsOf(kind))));
  return errors.length > 0 ? 1 : 0;
}

function render(
  io: Io,
  diagnostics: readonly Diagnostic[],
  projects: readonly LoadedProject[],
  { format, color }: ValidateOptions,
): string {
  const [first] = projects;
  const sources = (file: string) => first?.sourceText(file);
  const folder = first === undefined ? "" : relative(io.cwd, first.root).replaceAll("\\", "/");
  switch (format) {
    case "json":
      return diagnosticsJson(diagnostics);
    case "github":
      return githubAnnotations(diagnostics, folder);
    case "sarif":
      return sarif(diagnostics, DIAGNOSTIC_RULES, version, folder);
    case "text": {
      const problems = formatDiagnostics(diagnostics, sources, styleOf(io, color));
      return diagnostics.some(({ severity }) => severity === "error")
        ? problems
        : `${problems}${valid(projects)}`;
    }
  }
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
