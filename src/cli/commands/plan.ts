import { planAdopting } from "../../operations/adopt-conflicts.ts";
import { currentLedger } from "../../operations/plan.ts";
import { visible } from "../../model/visible.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { manifestsOf } from "../manifests.ts";
import { checkOutput, writeOutput } from "../output-file.ts";
import { planOutput, sealPlan, type SealedPlan } from "../plan-file.ts";
import type { Format } from "../formats/format.ts";
import { checkReports, outputsOf, writeReports, type ReportFile } from "../reports.ts";
import { choicesOf } from "../selection.ts";
import { openWorkspace, type PlanningOptions } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import { isWriting, leavesChanges } from "../../model/plan-states.ts";

interface PlanOptions extends PlanningOptions {
  readonly format: Format<"plan">;
  readonly report: readonly ReportFile<"plan">[];
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly showUnmanaged?: boolean;
}

export async function planCommand(io: Io, path: string | undefined, options: PlanOptions): Promise<ExitCode> {
  const seconds = stopwatch();
  await checkReports(io, options.report);
  if (options.out !== undefined) await checkOutput(io, planOutput(options.out));
  const mayBeEmpty = options.destroy ?? false;
  const outputs = [
    ...outputsOf(options.report),
    ...(options.out === undefined ? [] : [planOutput(options.out)]),
  ];
  const workspace = await openWorkspace(io, path, { ...options, mayBeEmpty, outputs });
  try {
    const choices = { ...(await choicesOf(options, workspace)), turn: io.runtime.now().getTime() };
    const ledger = await currentLedger(workspace, choices);
    const manifests = manifestsOf(io, path, options, {
      loaded: workspace.loaded,
      command: "plan",
    });
    const adopting = await planAdopting(workspace, choices, ledger, manifests);
    const { plan, texts } = adopting;
    const requests = workspace.provider.requestCount().reads;
    const sealed = options.out === undefined ? undefined : sealPlan(io, adopting, choices, workspace);
    const { showUnmanaged, full } = options;
    const result = { plan, requests, seconds: seconds(), planId: sealed?.id, showUnmanaged };
    const style = styleOf(io, options.color, full);
    await print(io, await options.format.render(result, style));
    await writeReports(io, options.report, result, style);
    if (sealed !== undefined && options.out !== undefined) await save(io, sealed, options.out);
    const changes = texts.size > 0 || isWriting(plan) || leavesChanges(plan);
    const refused = plan.refusals.length > 0;
    return exitCode({ command: "plan", refused, changes, detailed: options.detailedExitcode ?? false });
  } finally {
    await workspace.provider.close();
  }
}

async function save(io: Io, { id, text }: SealedPlan, file: string): Promise<void> {
  await writeOutput(io, planOutput(file), text);
  const short = id.slice(0, 12);
  await note(io, visible(`Saved the plan to ${file} (id ${short}). To apply it, run: rollcall apply ${file}`));
}
