import { currentLedger, planProject } from "../../operations/plan.ts";
import { stringify } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import { planHtml } from "../../report/html/plan.ts";
import { planJson } from "../../report/json/plan.ts";
import { planMarkdown } from "../../report/markdown/plan.ts";
import { planText } from "../../report/text/plan.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { savePlan } from "../plan-file.ts";
import { choicesOf, openWorkspace, type PlanningOptions } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import { version } from "../version.ts";

interface PlanOptions extends PlanningOptions {
  readonly format: "text" | "json" | "markdown" | "html";
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly showUnmanaged?: boolean;
}

export async function planCommand(io: Io, path: string | undefined, options: PlanOptions): Promise<ExitCode> {
  const seconds = stopwatch();
  const workspace = await openWorkspace(io, path, options);
  try {
    const choices = choicesOf(options, workspace.loaded);
    const plan = await planProject(workspace, choices, await currentLedger(workspace));
    const requests = workspace.provider.requestCount().reads;
    await print(io, rendered(io, plan, options, { requests, seconds: seconds() }));
    if (options.out !== undefined) {
      const id = await savePlan(io, options.out, plan, choices, workspace);
      const short = id.slice(0, 12);
      await note(
        io,
        `Saved as ${options.out} (plan ${short}). Apply exactly this: rollcall apply ${options.out}`,
      );
    }
    const changes = plan.steps.some(({ action }) => action !== "record");
    const refused = plan.refusals.length > 0;
    return exitCode({ command: "plan", refused, changes, detailed: options.detailedExitcode ?? false });
  } finally {
    await workspace.provider.close();
  }
}

function rendered(
  io: Io,
  plan: Plan,
  { format, color, showUnmanaged = false }: PlanOptions,
  effort: { readonly requests: number; readonly seconds: number },
): string {
  const json = () => stringify(planJson(plan, { rollcallVersion: version }), 2);
  switch (format) {
    case "json":
      return json();
    case "html":
      return planHtml(plan, { json: json(), showUnmanaged });
    case "markdown":
      return planMarkdown(plan);
    case "text":
      return planText(plan, { style: styleOf(io, color), showUnmanaged, ...effort });
  }
}
