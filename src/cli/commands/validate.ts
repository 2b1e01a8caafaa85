import { diagnosticsText, type DiagnosticsFormat, formatDiagnostics } from "../../report/diagnostics.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { print, styleOf, type Io } from "../io.ts";
import { load, type ProjectOptions } from "../workspace.ts";

interface ValidateOptions extends ProjectOptions {
  readonly format: DiagnosticsFormat;
  readonly allEnvironments?: boolean;
}
