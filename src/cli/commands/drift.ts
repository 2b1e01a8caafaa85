import { stringify } from "../../model/json.ts";
import { findDrift, findingsIn, type Finding } from "../../operations/drift.ts";
import { driftJson } from "../../report/json/drift.ts";
import { driftMarkdown } from "../../report/markdown/drift.ts";
import { driftText } from "../../report/text/drift.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { print, styleOf, type Io } from "../io.ts";
import { openWorkspace, type ProjectOptions } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import { version } from "../version.ts";

interface DriftOptions extends ProjectOptions {
  readonly format: "text" | "json" | "markdown";
  readonly parallelism: number;
  readonly failOn: readonly Finding[];
  readonly showForeign?: boolean;
}

export async function driftCommand(io: Io, path: string | undefined, options: DriftOptions): Promise<ExitCode> {
  const seconds = stopwatch();
  const workspace = await openWorkspace(io, path, options);
  try {
    const plan = await findDrift(workspace, {
      prune: false,
      onConflict: "refuse",
      allowMassChange: true,
      showForeign: options.showForeign ?? false,
    });
    const requests = workspace.provider.requestCount().reads;
    const text =
      options.format === "json"
        ? stringify(driftJson(plan, { rollcallVersion: version }), 2)
        : options.format === "markdown"
          ? driftMarkdown(plan)
          : driftText(plan, { style: styleOf(io, options.color), requests, seconds: seconds() });
    await print(io, text);
    const found = findingsIn(plan);
    return exitCode({ command: "drift", found: options.failOn.some((finding) => found.has(finding)) });
  } finally {
    await workspace.provider.close();
  }
}
