import { stringify } from "../../model/json.ts";
import { planFrom, type SavedPlan } from "../../reconcile/saved-plan/planfile.ts";
import { choicesMade } from "../../reconcile/saved-plan/saved-choices.ts";
import { visible } from "../../report/safe.ts";
import { shapeFault } from "../../schema/check/plan-shape.ts";
import type { ExitCode } from "../exit-code.ts";
import { Refused } from "../failure.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { checkInputs } from "../output-guard.ts";
import { readPlanFile, sealState, type SealState } from "../plan-file.ts";
import type { PlanFormat } from "../plan-formats.ts";
import { planReport } from "../plan-report.ts";
import { checkReports, outputsOf, writeReports, type Report } from "../reports.ts";

export interface ShowOptions {
  readonly format: PlanFormat;
  readonly report: readonly Report<PlanFormat>[];
  readonly color: boolean;
  readonly full?: boolean;
  readonly showUnmanaged?: boolean;
}

/** A saved plan as it was when it was made: offline, and without a key. */
export async function showCommand(io: Io, path: string, options: ShowOptions): Promise<ExitCode> {
  await checkReports(io, options.report);
  checkInputs(io.cwd, outputsOf(options.report), [path]);
  const { file, saved } = readPlanFile(io, path);
  const fault = await shapeFault(file);
  if (fault !== undefined) throw new Refused(`${path} is refused: it is not a plan of Rollcall: ${fault}`);
  const seal = sealState(io, saved);
  if (seal.state === "wrong") throw new Refused(`${path} is refused: its seal is wrong: ${seal.because}`);
  const plan = planFrom(file);
  const rendered = (format: PlanFormat, color: boolean) =>
    planReport(format, plan, {
      style: styleOf(io, color, options.full),
      showUnmanaged: options.showUnmanaged,
      planId: saved.planId,
      json: stringify(file, 2),
    });
  const facts = factsOf(io, saved, String(file["rollcall_version"]), seal).map(visible).join("\n");
  const text = rendered(options.format, options.color);
  if (options.format === "text") await print(io, `${facts}\n\n${text}`);
  else {
    await note(io, facts);
    await print(io, text);
  }
  await writeReports(io, options.report, (format) => rendered(format, false));
  return 0;
}

/** Where the plan comes from, and how far that can be trusted. */
function factsOf(io: Io, saved: SavedPlan, rollcall: string, seal: SealState): readonly string[] {
  const { planId, terms, environment } = saved;
  const { created, expires, by, choices } = terms;
  const made = choicesMade(choices);
  const isOver = Date.parse(expires) <= io.runtime.now().getTime();
  return [
    `Plan ${planId.slice(0, 12)} for the environment ${environment}`,
    `Made ${created}${by === undefined ? "" : ` by ${by}`} with Rollcall ${rollcall}; ${isOver ? "it expired" : "it expires"} ${expires}`,
    ...(made.length === 0 ? [] : [`Choices: ${made.join(", ")}`]),
    `Seal: ${seal.because}`,
  ];
}
