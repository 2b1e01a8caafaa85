import type { ApplyEvent } from "../../model/event.ts";
import { Interrupted } from "../../model/interrupted.ts";
import { stringify } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import type { RequestCount } from "../../model/provider.ts";
import type { Manifests } from "../../operations/adopt-conflicts.ts";
import { applyProject, type ApplyOutcome } from "../../operations/apply.ts";
import { applyHtml } from "../../report/html/apply.ts";
import { planHtml } from "../../report/html/plan.ts";
import { applyJson } from "../../report/json/apply.ts";
import { planJson } from "../../report/json/plan.ts";
import { applyMarkdown } from "../../report/markdown/apply.ts";
import { planMarkdown } from "../../report/markdown/plan.ts";
import { counted } from "../../report/phrases.ts";
import { visible } from "../../report/safe.ts";
import { applyText } from "../../report/text/apply.ts";
import { planText } from "../../report/text/plan.ts";
import { recoveryText } from "../../report/text/recovery.ts";
import { applyProgressLine } from "../../report/text/progress.ts";
import type { SavedPlan } from "../../reconcile/saved-plan/planfile.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { Refused, UsageError } from "../failure.ts";
import { confirm, note, print, styleOf, type Io } from "../io.ts";
import { manifestsOf } from "../manifests.ts";
import { checkInputs } from "../output-guard.ts";
import { checkAgainst, checkExpected, checkOrigin, choicesIn, readPlan, type Expected } from "../plan-file.ts";
import { all, checkReports, outputsOf, saying, writeReports, type Report } from "../reports.ts";
import { choicesGiven, choicesOf } from "../selection.ts";
import { holderOf, openWorkspace, type OpenWorkspace, type PlanningOptions } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import { version } from "../../host/version.ts";

type Format = "text" | "json" | "markdown" | "html";

interface ApplyOptions extends PlanningOptions, Expected {
  readonly format: Format;
  readonly report: readonly Report<Format>[];
  readonly yes?: boolean;
  readonly allowEquivalent?: boolean;
  readonly lockTimeout: number;
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
  verb: "apply" | "destroy",
): Promise<ExitCode> {
  await checkReports(io, options.report);
  const saved = path?.endsWith(".json") === true ? savedPlan(io, path, options, verb) : undefined;
  if (saved === undefined) checkNothingExpected(options);
  else checkInputs(io.cwd, outputsOf(options.report), [path ?? ""]);
  if (saved === undefined && options.yes !== true && !io.isInteractive) {
    throw new UsageError(`${verb} asks before it writes, and there is no terminal to ask on`, "pass --yes");
  }
  const seconds = stopwatch();
  const workspace = await openWorkspace(io, saved === undefined ? path : saved.terms.file, {
    ...options,
    outputs: outputsOf(options.report),
    mayBeEmpty: verb === "destroy" || saved?.terms.choices.destroy === true,
    // Whoever says which choices are accepted leaves none to the plan, and so not the environment.
    ...(saved === undefined || options.accept !== undefined ? {} : { env: saved.environment }),
  });
  const times = new Map<string, number>();
  const signal = io.interruption();
  const show = (plan: Plan) => showPlan(io, plan, workspace, options, seconds());
  try {
    if (saved !== undefined) checkOrigin(path ?? "", saved, workspace);
    const outcome = await applyProject(workspace, {
      ...(saved === undefined
        ? { ...(await choicesOf(options, workspace)), manifests: toBeAdopted(io, path, options, workspace) }
        : {
            ...choicesIn(saved),
            check: checkAgainst(io, saved, workspace, options.allowEquivalent ?? false),
          }),
      parallelism: Math.max(1, options.parallelism),
      holder: holderOf(io, verb),
      lockTimeout: options.lockTimeout,
      signal,
      approve: (plan) =>
        approve(io, plan, { isAsked: saved === undefined && options.yes !== true, signal, show }),
      show,
      onRecovery: (recovery) => void note(io, recoveryText(recovery)),
      onEvent: (event) => progress(io, options, times, event),
    });
    if (outcome.status === "nothing-to-do" || outcome.status === "refused") await show(outcome.plan);
    const measured = {
      milliseconds: times,
      effort: { requests: workspace.provider.requestCount(), seconds: seconds() },
    };
    if (outcome.status !== "done") {
      await report(io, outcome, options, measured);
      return exitCode({ command: "apply", status: outcome.status });
    }
    const { steps, stopped } = outcome.result;
    const code = exitCode({
      command: "apply",
      status: "done",
      steps,
      ...(stopped === undefined ? {} : { stopped }),
    });
    return await saying(io, code, () => report(io, outcome, options, measured));
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const destroy = saved === undefined ? verb === "destroy" : saved.terms.choices.destroy;
    await note(io, `${visible(error.message)}\n${nothingDone({ destroy })}: it was interrupted.`);
    return exitCode({ command: "apply", status: "interrupted" });
  } finally {
    // What was asked for last may never be answered.
    if (!signal.aborted) await workspace.provider.close();
  }
}

/** A saved plan holds every choice of what is done: an option that says otherwise is not to be overlooked. */
function savedPlan(io: Io, path: string, options: ApplyOptions, verb: "apply" | "destroy"): SavedPlan {
  if (verb === "destroy") {
    throw new UsageError("destroy takes no saved plan", `to do what the plan says: rollcall apply ${path}`);
  }
  const [chosen] = choicesGiven(options);
  if (chosen !== undefined) {
    throw new UsageError(
      `${chosen} does not go with a saved plan, which is applied as it is`,
      'give it to "rollcall plan --out", and apply that plan',
    );
  }
  const saved = readPlan(io, path);
  const [from, asked = ""] =
    options.env === undefined ? ["ROLLCALL_ENV", io.env["ROLLCALL_ENV"]] : ["--env", options.env];
  if (asked !== "" && asked !== saved.environment)
    throw new Refused(`${path} is for the environment ${saved.environment}, and ${from} says ${asked}`);
  checkExpected(path, saved, options);
  return saved;
}

function checkNothingExpected({ accept, planId }: Expected): void {
  const given = accept !== undefined ? "--accept" : planId !== undefined ? "--plan-id" : undefined;
  if (given !== undefined)
    throw new UsageError(`${given} goes with a saved plan`, "rollcall apply plan.json " + given);
}

/** Manifests are written before anything live, and where they cannot be, nothing is. */
function toBeAdopted(
  io: Io,
  path: string | undefined,
  options: ApplyOptions,
  workspace: OpenWorkspace,
): Manifests {
  const manifests = manifestsOf(io, path, options, workspace);
  const write = async (texts: ReadonlyMap<string, string>) => {
    await manifests.write(texts).catch((error: unknown) => {
      throw error instanceof UsageError ? new Refused(error.message, "nothing was written live") : error;
    });
    const files = [...texts.keys()].sort().join(", ");
    await note(io, visible(`Wrote ${files}. Commit what was written: the next apply goes by it.`));
  };
  return { ...manifests, write };
}

/** In other formats standard output carries the result of the apply and nothing else. */
async function showPlan(
  io: Io,
  plan: Plan,
  workspace: OpenWorkspace,
  { format, color, full }: ApplyOptions,
  seconds: number,
): Promise<void> {
  if (format !== "text") return;
  const requests = workspace.provider.requestCount().reads;
  await print(io, planText(plan, { style: styleOf(io, color, full), requests, seconds }));
}

interface Approval {
  readonly isAsked: boolean;
  readonly signal: AbortSignal;
  readonly show: (plan: Plan) => Promise<void>;
}

async function approve(io: Io, plan: Plan, { isAsked, signal, show }: Approval): Promise<boolean> {
  await show(plan);
  return isAsked ? confirm(io, `\n${questionOf(plan)} Only yes is yes: `, signal) : true;
}

function questionOf({ destroy, steps, environment }: Plan): string {
  if (destroy !== true) return "Apply this plan?";
  const gone = steps.filter(({ action }) => action === "delete").length;
  return `Destroy ${counted(gone, "resource")} of ${visible(environment)}?`;
}

function progress(io: Io, { quiet }: ApplyOptions, times: Map<string, number>, event: ApplyEvent): void {
  if (event.type === "step-ended") times.set(event.step.id, event.milliseconds);
  if (quiet !== true) void note(io, applyProgressLine(event));
}

/** What the run took. */
interface Measured {
  /** Each step, by its id. */
  readonly milliseconds: ReadonlyMap<string, number>;
  readonly effort: { readonly requests: RequestCount; readonly seconds: number };
}

async function report(io: Io, outcome: ApplyOutcome, options: ApplyOptions, measured: Measured): Promise<void> {
  const { status, plan } = outcome;
  const text = () => rendered(io, outcome, options, measured);
  const inFormat = (format: Format) => rendered(io, outcome, { ...options, format, color: false }, measured);
  await all([
    async () => {
      // As text, the plan stands there already.
      if (options.format !== "text") await print(io, text());
      else if (status === "done") await print(io, `\n${text()}`);
    },
    () => writeReports(io, options.report, inFormat),
  ]);
  if (status === "declined") await note(io, `${nothingDone(plan)}: it was not approved.`);
  if (status === "refused") await note(io, `${nothingDone(plan)}: the plan was refused.`);
}

function nothingDone({ destroy }: { readonly destroy?: boolean }): string {
  return `Nothing was ${destroy === true ? "destroyed" : "applied"}`;
}

/** What was done; where nothing was, what would be. */
function rendered(
  io: Io,
  outcome: ApplyOutcome,
  { format, color, full }: ApplyOptions,
  { milliseconds, effort }: Measured,
): string {
  const { plan, status } = outcome;
  const result = status === "done" ? outcome.result : undefined;
  const by = { rollcallVersion: version };
  const json = () =>
    stringify(
      result === undefined ? planJson(plan, by) : applyJson(result, plan, { ...by, requests: effort.requests }),
      2,
    );
  switch (format) {
    case "json":
      return json();
    case "html": {
      const options = { json: json(), milliseconds };
      return result === undefined ? planHtml(plan, options) : applyHtml(result, plan, options);
    }
    case "markdown":
      return result === undefined ? planMarkdown(plan) : applyMarkdown(result, plan, { milliseconds });
    case "text": {
      const style = styleOf(io, color, full);
      return result === undefined
        ? planText(plan, { style })
        : applyText(result, plan, { style, milliseconds, effort });
    }
  }
}
