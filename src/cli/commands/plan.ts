import { currentLedger, planProject } from "../../operations/plan.ts";
import { stringify } from "../../model/json.ts";
import { planJson } from "../../report/json/plan.ts";
import { planText } from "../../report/text/plan.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { print, styleOf, type Io } from "../io.ts";
import { choicesOf, openWorkspace, type PlanningOptions } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import { version } from "../version.ts";

interface PlanOptions extends PlanningOptions {
  readonly format: "text" | "json";
  readonly detailedExitcode?: boolean;
  readonly showUnmanaged?: boolean;
}

export async function planCommand(io: Io, path: string | undefined, options: PlanOptions): Promise<ExitCode> {
  const seconds = stopwatch();
  const workspace = await openWorkspace(io, path, options);
  try {
    const plan = await planProject(
      workspace,
      choicesOf(options, workspace.loaded),
      await currentLedger(workspace),
    );
    const text =
      options.format === "json"
        ? stringify(planJson(plan, { rollcallVersion: version }), 2)
        : planText(plan, {
            style: styleOf(io, options.color),
            showUnmanaged: options.showUnmanaged ?? false,
            requests: workspace.provider.requestCount().reads,
            seconds: seconds(),
          });
    await print(io, text);
    const changes = plan.steps.some(({ action }) => action !== "record");
    const refused = plan.refusals.length > 0;
    return exitCode({ command: "plan", refused, changes, detailed: options.detailedExitcode ?? false });
  } finally {
    await workspace.provider.close();
  }
}
