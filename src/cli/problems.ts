import type { Diagnostic } from "../model/diagnostic.ts";
import { countLine, formatDiagnostics, type Sources } from "../report/diagnostics.ts";
import { ExitError } from "./failure.ts";
import { note, noteError, styleOf, type Io } from "./io.ts";

/** Files with what is wrong with them. */
interface WrongFiles {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}

/** Says what is wrong with files, and ends the command with exit code 1. */
export async function failedBy(
  io: Io,
  { diagnostics, sources }: WrongFiles,
  options: { readonly color: boolean },
): Promise<never> {
  if (io.errors === "json") await noteError(io, countLine(diagnostics), { diagnostics });
  else await note(io, formatDiagnostics(diagnostics, sources, styleOf(io, options.color)));
  throw new ExitError(1);
}
