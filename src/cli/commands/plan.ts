import { planAdopting } from "../../operations/adopt-conflicts.ts";
import { currentLedger } from "../../operations/plan.ts";
import { stringify } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import { planHtml } from "../../report/html/plan.ts";
import { gitlabJson } from "../../report/json/gitlab.ts";
import { planJson } from "../../report/json/plan.ts";
import { planMarkdown } from "../../report/markdown/plan.ts";
import { planText } from "../../report/text/plan.ts";
import { visible } from "../../report/safe.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { manifestsOf } from "../manifests.ts";
import { checkOutput, writeOutput } from "../output-file.ts";
import { checkSavable, planOutput, sealPlan } from "../plan-file.ts";
import { checkReports, outputsOf, writeReports, type Report } from "../reports.ts";
import { choicesOf } from "../selection.ts";
import { openWorkspace, type PlanningOptions } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import { version } from "../version.ts";

type Format = "text" | "json" | "markdown" | "html" | "gitlab";

interface PlanOptions extends PlanningOptions {
  readonly format: Format;
  readonly report: readonly Report<Format>[];
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly showUnmanaged?: boolean;
}

export async function planCommand(io: Io, path: string | undefined, options: PlanOptions): Promise<ExitCode> {
  const seconds = stopwatch();
  await checkReports(io, options.report);
  if (options.out !== undefined) {
    checkSavable(options.onConflict ?? []);
    await checkOutput(io, planOutput(options.out));
  }
  const mayBeEmpty = options.destroy ?? false;
  const outputs = [
    ...outputsOf(options.report),
    ...(options.out === undefined ? [] : [planOutput(options.out)]),
  ];
  const workspace = await openWorkspace(io, path, { ...options, mayBeEmpty, outputs });
  try {
    const choices = { ...(await choicesOf(options, workspace)), turn: io.runtime.now().getTime() };
    const ledger = await currentLedger(workspace, choices);
    const manifests = manifestsOf(io, path, options, workspace);
    const { plan, texts } = await planAdopting(workspace, choices, ledger, manifests);
    const requests = workspace.provider.requestCount().reads;
    const sealed = options.out === undefined ? undefined : sealPlan(plan, choices, workspace);
    const about = { requests, seconds: seconds(), ...(sealed === undefined ? {} : { planId: sealed.id }) };
    await print(io, rendered(io, plan, options, about));
    await writeReports(io, options.report, (format) =>
      rendered(io, plan, { ...options, format, color: false }, about),
    );
    if (sealed !== undefined && options.out !== undefined) {
      await writeOutput(io, planOutput(options.out), sealed.text);
      const short = sealed.id.slice(0, 12);
      await note(
        io,
        visible(`Saved as ${options.out} (plan ${short}). Apply exactly this: rollcall apply ${options.out}`),
      );
    }
    const changes = texts.size > 0 || plan.steps.some(({ action }) => action !== "record");
    const refused = plan.refusals.length > 0;
    return exitCode({ command: "plan", refused, changes, detailed: options.detailedExitcode ?? false });
  } finally {
    await workspace.provider.close();
  }
}

function rendered(
  io: Io,
  plan: Plan,
  { format, color, full, showUnmanaged = false }: PlanOptions,
  { planId, ...effort }: { readonly requests: number; readonly seconds: number; readonly planId?: string },
): string {
  const json = () => stringify(planJson(plan, { rollcallVersion: version }), 2);
  const sealed = planId === undefined ? {} : { planId };
  switch (format) {
    case "json":
      return json();
    case "html":
      return planHtml(plan, { json: json(), showUnmanaged, ...sealed });
    case "markdown":
      return planMarkdown(plan, sealed);
    case "gitlab":
      return stringify(gitlabJson(plan));
    case "text":
      return planText(plan, { style: styleOf(io, color, full), showUnmanaged, ...effort });
  }
}
