import type { Diagnostic } from "../../model/diagnostic.ts";
import { diagnosticsJson, formatDiagnostics, githubAnnotations, sarif } from "../../report/diagnostics.ts";
import { counted } from "../../report/phrases.ts";
import { DIAGNOSTIC_RULES } from "../../schema/diagnostics-table.ts";
import { loadEnvironments, type LoadedProject } from "../../schema/load.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { print, styleOf, type Io } from "../io.ts";
import { version } from "../version.ts";
import { load, loadOptions, type ProjectOptions } from "../workspace.ts";

interface ValidateOptions extends ProjectOptions {
  readonly format: "text" | "json" | "github" | "sarif";
  readonly allEnvironments?: boolean;
}

/** Everything that can be known offline. */
export async function validateCommand(
  io: Io,
  path: string | undefined,
  options: ValidateOptions,
): Promise<ExitCode> {
  const projects =
    options.allEnvironments === true
      ? await loadEnvironments(loadOptions(io, path, options))
      : [await load(io, path, options)];
  const diagnostics = unique(projects.flatMap((project) => project.diagnostics));
  await print(io, render(io, diagnostics, projects, options));
  return exitCode({
    command: "validate",
    errors: diagnostics.filter(({ severity }) => severity === "error").length,
  });
}

function render(
  io: Io,
  diagnostics: readonly Diagnostic[],
  projects: readonly LoadedProject[],
  { format, color }: ValidateOptions,
): string {
  const [first] = projects;
  const sources = (file: string) => first?.sourceText(file);
  switch (format) {
    case "json":
      return diagnosticsJson(diagnostics);
    case "github":
      return githubAnnotations(diagnostics);
    case "sarif":
      return sarif(diagnostics, DIAGNOSTIC_RULES, version);
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
  const count = counted(first?.resources.length ?? 0, "manifest");
  const where =
    projects.length > 1
      ? `${projects.length} environments`
      : `environment ${first?.environment.name ?? "default"}`;
  return `${first?.name ?? "project"}: ${count} valid in ${where}.`;
}

/** A mistake outside of patches and variables is found once an environment. */
function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}
