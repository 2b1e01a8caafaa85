import type { ApplyEvent } from "../../model/event.ts";
import { stringify } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import { applyProject, type ApplyOutcome } from "../../operations/apply.ts";
import { applyJson } from "../../report/json/apply.ts";
import { planJson } from "../../report/json/plan.ts";
import { applyText } from "../../report/text/apply.ts";
import { planText } from "../../report/text/plan.ts";
import { recoveryText } from "../../report/text/recovery.ts";
import { applyProgressLine } from "../../report/text/progress.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { confirm, note, print, styleOf, type Io } from "../io.ts";
import { choicesOf, holderOf, openWorkspace, type OpenWorkspace, type PlanningOptions } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import { version } from "../version.ts";

interface ApplyOptions extends PlanningOptions {
  readonly format: "text" | "json";
  readonly yes?: boolean;
  readonly lockTimeout: number;
}

export async function applyCommand(io: Io, path: string | undefined, options: ApplyOptions): Promise<ExitCode> {
  if (options.yes !== true && !io.isInteractive) {
    throw new UsageError("apply asks before it writes, and there is no terminal to ask on", "pass --yes");
  }
  const seconds = stopwatch();
  const workspace = await openWorkspace(io, path, options);
  const times = new Map<string, number>();
  const show = (plan: Plan) => showPlan(io, plan, workspace, options, seconds());
  try {
    const outcome = await applyProject(workspace, {
      ...choicesOf(options, workspace.loaded),
      parallelism: Math.max(1, options.parallelism),
      holder: holderOf(io, "apply"),
      lockTimeout: options.lockTimeout,
      signal: io.interruption(),
      approve: (plan) => approve(io, options, () => show(plan)),
      onRecovery: (recovery) => void note(io, recoveryText(recovery)),
      onEvent: (event) => progress(io, options, times, event),
    });
    if (outcome.status === "nothing-to-do" || outcome.status === "refused") await show(outcome.plan);
    await report(io, outcome, options, times);
    return outcome.status === "done"
      ? exitCode({ command: "apply", status: "done", steps: outcome.result.steps })
      : exitCode({ command: "apply", status: outcome.status });
  } finally {
    await workspace.provider.close();
  }
}

/** With `--format json` standard output carries the result of the apply and nothing else. */
async function showPlan(
  io: Io,
  plan: Plan,
  workspace: OpenWorkspace,
  { format, color }: ApplyOptions,
  seconds: number,
): Promise<void> {
  if (format === "json") return;
  const requests = workspace.provider.requestCount().reads;
  await print(io, planText(plan, { style: styleOf(io, color), requests, seconds }));
}

async function approve(io: Io, { yes }: ApplyOptions, show: () => Promise<void>): Promise<boolean> {
  await show();
  if (yes === true) return true;
  return confirm(io, "\nApply this plan? Only yes is yes: ");
}

function progress(io: Io, { quiet }: ApplyOptions, times: Map<string, number>, event: ApplyEvent): void {
  if (event.type === "step-ended") times.set(event.step.id, event.milliseconds);
  if (quiet !== true) void note(io, applyProgressLine(event));
}

async function report(
  io: Io,
  outcome: ApplyOutcome,
  { format, color }: ApplyOptions,
  milliseconds: ReadonlyMap<string, number>,
): Promise<void> {
  if (outcome.status === "declined") return note(io, "Nothing was applied: it was not approved.");
  if (format === "json") {
    const json =
      outcome.status === "done"
        ? applyJson(outcome.result, outcome.plan, { rollcallVersion: version })
        : planJson(outcome.plan, { rollcallVersion: version });
    return print(io, stringify(json, 2));
  }
  if (outcome.status === "refused") return note(io, "Nothing was applied: the plan was refused.");
  if (outcome.status === "done")
    await print(io, applyText(outcome.result, outcome.plan, { style: styleOf(io, color), milliseconds }));
}
