import { stringify } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import { findDrift, findingsIn, type Finding } from "../../operations/drift.ts";
import { driftHtml } from "../../report/html/drift.ts";
import { driftJson } from "../../report/json/drift.ts";
import { driftMarkdown } from "../../report/markdown/drift.ts";
import { driftText } from "../../report/text/drift.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { print, styleOf, type Io } from "../io.ts";
import { openWorkspace, type ProjectOptions } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import { version } from "../version.ts";

interface DriftOptions extends ProjectOptions {
  readonly format: "text" | "json" | "markdown" | "html";
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
    await print(io, rendered(io, plan, options, { requests, seconds: seconds() }));
    const found = findingsIn(plan);
    return exitCode({ command: "drift", found: options.failOn.some((finding) => found.has(finding)) });
  } finally {
    await workspace.provider.close();
  }
}

function rendered(
  io: Io,
  plan: Plan,
  { format, color }: DriftOptions,
  effort: { readonly requests: number; readonly seconds: number },
): string {
  const json = () => stringify(driftJson(plan, { rollcallVersion: version }), 2);
  switch (format) {
    case "json":
      return json();
    case "html":
      return driftHtml(plan, { json: json() });
    case "markdown":
      return driftMarkdown(plan);
    case "text":
      return driftText(plan, { style: styleOf(io, color), ...effort });
  }
}
