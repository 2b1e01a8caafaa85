import { stringify } from "../../model/json.ts";
import { planFrom, type SavedPlan } from "../../reconcile/saved-plan/planfile.ts";
import { choicesMade } from "../../reconcile/saved-plan/saved-choices.ts";
import { visible } from "../../model/visible.ts";
import { shapeFault } from "../../schema/check/plan-shape.ts";
import type { ExitCode } from "../exit-code.ts";
import { Refused } from "../failure.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { checkInputs } from "../output-guard.ts";
import { readPlanFile, sealState, type SealState } from "../plan-file.ts";
import type { Format } from "../formats/format.ts";
import { checkReports, outputsOf, writeReports, type ReportFile } from "../reports.ts";

export interface ShowOptions {
  readonly format: Format<"plan">;
  readonly report: readonly ReportFile<"plan">[];
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
  if (fault !== undefined) throw new Refused(`${path} is refused: it is not a Rollcall plan: ${fault}`);
  const seal = sealState(io, saved);
  if (seal.state === "wrong") throw new Refused(`${path} is refused: its seal is not valid: ${seal.because}`);
  const { showUnmanaged } = options;
  const result = { plan: planFrom(file), showUnmanaged, planId: saved.planId, json: stringify(file, 2) };
  const style = styleOf(io, options.color, options.full);
  const facts = factsOf(io, saved, String(file["rollcall_version"]), seal).map(visible).join("\n");
  const text = await options.format.render(result, style);
  if (options.format.name === "text") await print(io, `${facts}\n\n${text}`);
  else {
    await note(io, facts);
    await print(io, text);
  }
  await writeReports(io, options.report, result, style);
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
