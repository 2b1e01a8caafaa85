import type { Address } from "../../model/address.ts";
import { type Diagnostic, errorsIn } from "../../model/diagnostic.ts";
import { formatDiagnostics } from "../../report/diagnostics.ts";
import type { LoadedProject } from "../../schema/load.ts";
import { checkedProjects, errorsOf, type CheckedProject, type CheckOptions } from "../checked-projects.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { annotate, note, print, styleOf, type Io } from "../io.ts";
import type { Format } from "../formats/format.ts";
import { addressFrom, KINDS } from "../project.ts";
import { noteUnfinished } from "../unfinished.ts";

export interface ValidateOptions extends CheckOptions {
  readonly format: Format<"validation">;
  readonly strict?: boolean;
}

/** Everything that can be known offline. */
export async function validateCommand(
  io: Io,
  paths: readonly string[],
  options: ValidateOptions,
): Promise<ExitCode> {
  const found = await checkedProjects(io, paths, options);
  for (const { environments } of found) await noteUnfinished(io, environments[0]?.root ?? io.cwd, options);
  const checked = options.strict === true ? found.map(strictly) : found;
  const [first, ...others] = checked;
  const [project] = first?.environments ?? [];
  if (options.show !== undefined && project !== undefined) {
    if (others.length > 0) throw new UsageError("--show takes one project", "pass the folder of one");
    return showManifest(io, addressFrom(options.show), project, options);
  }
  const show = options.format.isForRunner ? annotate : print;
  await show(io, await options.format.render(checked, styleOf(io, options.color)));
  return exitCode({ command: "validate", errors: checked.flatMap(errorsOf).length });
}

function strictly(checked: CheckedProject): CheckedProject {
  return { ...checked, diagnostics: checked.diagnostics.map(asError) };
}

function asError(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.severity === "warning" ? { ...diagnostic, severity: "error" } : diagnostic;
}

/** The manifest of one resource, resolved; secrets stand as digests. */
async function showManifest(
  io: Io,
  address: Address,
  project: LoadedProject,
  { color }: ValidateOptions,
): Promise<ExitCode> {
  const errors = errorsIn(project.diagnostics);
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
