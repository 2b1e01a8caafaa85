import { COMPARING } from "../../model/plan-choices.ts";
import type { Plan } from "../../model/plan.ts";
import type { PlanChoices } from "../../model/plan-choices.ts";
import type { Proposal } from "../../model/proposal.ts";
import type { Manifests } from "../../operations/adopt-conflicts.ts";
import { findDrift } from "../../operations/drift.ts";
import { findingsIn, type Finding } from "../../operations/findings.ts";
import { currentLedger, planProject } from "../../operations/plan.ts";
import { proposeDrift, settled } from "../../operations/propose.ts";
import { proposalText } from "../../report/proposal.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { manifestsOf } from "../manifests.ts";
import { all, checkReports, outputsOf, saying, writeReports, type ReportFile } from "../reports.ts";
import { KINDS, type ProjectOptions } from "../project.ts";
import { openWorkspace, type OpenWorkspace } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import type { Format } from "../formats/format.ts";

interface DriftOptions extends ProjectOptions {
  readonly format: Format<"drift">;
  readonly report: readonly ReportFile<"drift">[];
  readonly parallelism: number;
  readonly failOn: readonly Finding[];
  readonly showForeign?: boolean;
  readonly full?: boolean;
  readonly propose?: boolean;
  readonly quick?: boolean;
}

export async function driftCommand(io: Io, path: string | undefined, options: DriftOptions): Promise<ExitCode> {
  const seconds = stopwatch();
  await checkReports(io, options.report);
  const workspace = await openWorkspace(io, path, { ...options, outputs: outputsOf(options.report) });
  try {
    const choices = {
      ...COMPARING,
      showForeign: options.showForeign ?? false,
      ...(workspace.part === undefined ? {} : { only: workspace.part.addresses }),
    };
    const plan = await findDrift(workspace, choices, options.quick === true ? "lists" : "each");
    const manifests = manifestsOf(io, path, options, { loaded: workspace.loaded, command: "drift --propose" });
    const proposal = options.propose === true ? await propose(manifests, workspace, plan, choices) : undefined;
    const requests = workspace.provider.requestCount().reads;
    const result = { plan, proposal, effort: { requests, seconds: seconds() } };
    const style = styleOf(io, options.color, options.full);
    const show = () =>
      all([
        async () => print(io, await options.format.render(result, style)),
        () => writeReports(io, options.report, result, style),
      ]);
    // The HTML page does not show proposals.
    if (proposal !== undefined && options.format.name === "html")
      await note(io, proposalText(proposal, styleOf(io, false)));
    if (proposal !== undefined) return await saying(io, proposed(proposal, options.failOn), show);
    await show();
    const found = findingsIn(plan);
    return exitCode({ command: "drift", found: options.failOn.some((finding) => found.has(finding)) });
  } finally {
    await workspace.provider.close();
  }
}

function proposed({ left, unsettled }: Proposal, failOn: readonly Finding[]): ExitCode {
  const counted = left.some(({ finding }) => failOn.includes(finding));
  return exitCode({ command: "drift", found: counted, unsettled: unsettled.length > 0 });
}

/**
 * Writes the live values of what drifted into the manifests, and plans again to see that they are in sync. Nothing is
 * written live or in the ledger.
 */
async function propose(
  manifests: Manifests,
  workspace: OpenWorkspace,
  plan: Plan,
  choices: PlanChoices,
): Promise<Proposal> {
  const draft = await proposeDrift({ kinds: KINDS, plan, ...manifests });
  if (draft.texts.size === 0) return settled(draft, plan, plan);
  await manifests.write(draft.texts);
  const { resources, includedFile } = await manifests.reload();
  const now = { ...workspace, resources, includedFile };
  return settled(draft, plan, await planProject(now, choices, await currentLedger(now)));
}
