import type { ApplyEvent } from "../../model/event.ts";
import { Interrupted } from "../../model/interrupted.ts";
import type { Plan } from "../../model/plan.ts";
import type { Manifests } from "../../operations/adopt-conflicts.ts";
import { applyProject, type ApplyOutcome } from "../../operations/apply.ts";
import { visible } from "../../model/visible.ts";
import { applyProgressLine, recoveryText } from "../../report/text/progress.ts";
import type { SavedPlan } from "../../reconcile/saved-plan/planfile.ts";
import { approved, checkApproval } from "../approval.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { Refused, UsageError } from "../failure.ts";
import { note, noteCancelled, print, styleOf, type Io } from "../io.ts";
import { manifestsOf } from "../manifests.ts";
import { checkInputs } from "../output-guard.ts";
import { checkAgainst, checkExpected, checkOrigin, choicesIn, readPlan, type Expected } from "../plan-file.ts";
import { all, checkReports, outputsOf, saying, writeReports, type ReportFile } from "../reports.ts";
import { choicesGiven, choicesOf } from "../selection.ts";
import { holderOf, openWorkspace, type OpenWorkspace, type PlanningOptions } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import type { ApplyReport, Format } from "../formats/format.ts";

interface ApplyOptions extends PlanningOptions, Expected {
  readonly format: Format<"apply">;
  readonly report: readonly ReportFile<"apply">[];
  readonly yes?: boolean;
  readonly allowEquivalent?: boolean;
  readonly lockTimeout: number;
}

type Verb = "apply" | "destroy";

/** One call of the command. */
interface Call {
  readonly io: Io;
  readonly path: string | undefined;
  readonly options: ApplyOptions;
  readonly verb: Verb;
  readonly saved: SavedPlan | undefined;
}

export function applyCommand(io: Io, path: string | undefined, options: ApplyOptions): Promise<ExitCode> {
  return applyOrDestroy(io, path, options, "apply");
}

/** Deletes what the project owns, declared or not; protection is honoured. */
export function destroyCommand(io: Io, path: string | undefined, options: ApplyOptions): Promise<ExitCode> {
  return applyOrDestroy(io, path, { ...options, destroy: true }, "destroy");
}

async function applyOrDestroy(
  io: Io,
  path: string | undefined,
  options: ApplyOptions,
  verb: Verb,
): Promise<ExitCode> {
  // Most of what an apply of thousands of steps makes is soon not needed any more.
  io.limitHeapGrowth?.();
  await checkReports(io, options.report);
  const saved = path?.endsWith(".json") === true ? savedPlan(io, path, options, verb) : undefined;
  if (saved === undefined) checkNothingExpected(options);
  else checkInputs(io.cwd, outputsOf(options.report), [path ?? ""]);
  if (saved === undefined) checkApproval(io, verb, options);
  const call = { io, path, options, verb, saved };
  const seconds = stopwatch();
  const workspace = await opened(call);
  const signal = io.interruption();
  try {
    if (saved !== undefined) checkOrigin(path ?? "", saved, workspace);
    return await applied(call, workspace, signal, seconds);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const destroy = saved === undefined ? verb === "destroy" : saved.terms.choices.destroy;
    await noteCancelled(io, `${visible(error.message)}\n${nothingDone({ destroy })}: it was interrupted.`);
    return exitCode({ command: "apply", status: "interrupted" });
  } finally {
    // After an interruption, the last request may never be answered.
    if (!signal.aborted) await workspace.provider.close();
  }
}

function opened({ io, path, options, verb, saved }: Call): Promise<OpenWorkspace> {
  return openWorkspace(io, saved === undefined ? path : saved.terms.file, {
    ...options,
    outputs: outputsOf(options.report),
    mayBeEmpty: verb === "destroy" || saved?.terms.choices.destroy === true,
    // With --accept, the plan does not choose the environment: the command line does.
    ...(saved === undefined || options.accept !== undefined ? {} : { env: saved.environment }),
  });
}

async function applied(
  call: Call,
  workspace: OpenWorkspace,
  signal: AbortSignal,
  seconds: () => number,
): Promise<ExitCode> {
  const { io, options, verb, saved } = call;
  const milliseconds = new Map<string, number>();
  const show = (plan: Plan) => showPlan(call, workspace, plan, seconds());
  const outcome = await applyProject(workspace, {
    ...(await termsOf(call, workspace)),
    parallelism: Math.max(1, options.parallelism),
    holder: holderOf(io, verb),
    lockTimeout: options.lockTimeout,
    signal,
    approve: (plan) =>
      approve(io, plan, { isAsked: saved === undefined && options.yes !== true, signal, show }),
    show,
    onRecovery: (recovery) => void note(io, recoveryText(recovery)),
    onEvent: (event) => progress(io, options, milliseconds, event),
  });
  if (outcome.status === "nothing-to-do" || outcome.status === "refused") await show(outcome.plan);
  const effort = { requests: workspace.provider.requestCount(), seconds: seconds() };
  const write = () => report(io, outcome, options, { milliseconds, effort });
  if (outcome.status !== "done") {
    await write();
    return exitCode({ command: "apply", status: outcome.status });
  }
  const { steps, stopped } = outcome.result;
  const isStopped = stopped === undefined ? {} : { stopped };
  return saying(io, exitCode({ command: "apply", status: "done", steps, ...isStopped }), write);
}

/** What is applied: what the options choose, or what the saved plan holds. */
async function termsOf({ io, path, options, saved }: Call, workspace: OpenWorkspace) {
  if (saved === undefined)
    return {
      ...(await choicesOf(options, workspace)),
      manifests: toBeAdopted(io, path, options, workspace),
    };
  return {
    ...choicesIn(saved),
    manifests: toBeAdopted(io, saved.terms.file, { ...options, env: saved.environment }, workspace),
    check: checkAgainst(io, saved, workspace, options.allowEquivalent ?? false),
  };
}

/** A saved plan holds every choice, so an option that contradicts it is an error. */
function savedPlan(io: Io, path: string, options: ApplyOptions, verb: "apply" | "destroy"): SavedPlan {
  if (verb === "destroy") {
    throw new UsageError("destroy takes no saved plan", `to apply the plan, run: rollcall apply ${path}`);
  }
  const [chosen] = choicesGiven(options);
  if (chosen !== undefined) {
    throw new UsageError(
      `${chosen} cannot be used with a saved plan`,
      'pass it to "rollcall plan --out" instead',
    );
  }
  const saved = readPlan(io, path);
  const [from, asked = ""] =
    options.env === undefined ? ["ROLLCALL_ENV", io.env["ROLLCALL_ENV"]] : ["--env", options.env];
  if (asked !== "" && asked !== saved.environment)
    throw new Refused(`${path} is for the environment ${saved.environment}, but ${from} is ${asked}`);
  checkExpected(path, saved, options);
  return saved;
}

function checkNothingExpected({ accept, planId }: Expected): void {
  const given = accept !== undefined ? "--accept" : planId !== undefined ? "--plan-id" : undefined;
  if (given !== undefined)
    throw new UsageError(`${given} needs a saved plan`, "rollcall apply plan.json " + given);
}

/** Manifests are written before anything live, and where they cannot be, nothing is. */
function toBeAdopted(
  io: Io,
  path: string | undefined,
  options: ApplyOptions,
  workspace: OpenWorkspace,
): Manifests {
  const manifests = manifestsOf(io, path, options, {
    loaded: workspace.loaded,
    command: "apply --on-conflict adopt",
  });
  const write = async (texts: ReadonlyMap<string, string>) => {
    await manifests.write(texts).catch((error: unknown) => {
      throw error instanceof UsageError ? new Refused(error.message, "nothing was written live") : error;
    });
    const files = [...texts.keys()].sort().join(", ");
    await note(io, visible(`Wrote ${files}. Commit the changes: the next apply uses them.`));
  };
  return { ...manifests, write };
}

/** In other formats standard output carries the result of the apply and nothing else. */
async function showPlan(
  { io, options }: Call,
  workspace: OpenWorkspace,
  plan: Plan,
  seconds: number,
): Promise<void> {
  if (options.format.name !== "text") return;
  const style = styleOf(io, options.color, options.full);
  const { planText } = await import("../../report/text/plan.ts");
  await print(io, planText(plan, { style, requests: workspace.provider.requestCount().reads, seconds }));
}

interface Approval {
  readonly isAsked: boolean;
  readonly signal: AbortSignal;
  readonly show: (plan: Plan) => Promise<void>;
}

async function approve(io: Io, plan: Plan, { isAsked, signal, show }: Approval): Promise<boolean> {
  await show(plan);
  return approved(io, `\n${questionOf(plan)}`, { yes: !isAsked, signal });
}

function questionOf({ destroy, environment }: Plan): string {
  const what = destroy === true ? "Destroy these resources in" : "Apply these changes to";
  return `${what} ${visible(environment)}?`;
}

function progress(io: Io, { quiet }: ApplyOptions, times: Map<string, number>, event: ApplyEvent): void {
  if (event.type === "step-ended") times.set(event.step.id, event.milliseconds);
  if (quiet !== true) void note(io, applyProgressLine(event));
}

async function report(
  io: Io,
  { status, plan, ...outcome }: ApplyOutcome,
  options: ApplyOptions,
  measured: Pick<ApplyReport, "milliseconds" | "effort">,
): Promise<void> {
  const result = { plan, result: "result" in outcome ? outcome.result : undefined, ...measured };
  const style = styleOf(io, options.color, options.full);
  const text = () => options.format.render(result, style);
  await all([
    async () => {
      // In the text format, the plan has been printed already.
      if (options.format.name !== "text") await print(io, await text());
      else if (status === "done") await print(io, `\n${await text()}`);
    },
    () => writeReports(io, options.report, result, style),
  ]);
  if (status === "declined") await note(io, `Cancelled. ${nothingDone(plan)}.`);
  if (status === "refused") await note(io, `${nothingDone(plan)}: the plan was refused.`);
}

function nothingDone({ destroy }: { readonly destroy?: boolean }): string {
  return `Nothing was ${destroy === true ? "destroyed" : "applied"}`;
}
