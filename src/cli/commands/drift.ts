import type { Proposal } from "../../model/proposal.ts";
import { findDrift } from "../../operations/drift.ts";
import { findingsIn, type Finding } from "../../operations/findings.ts";
import { proposalText } from "../../report/proposal.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { manifestsOf } from "../manifests.ts";
import { propose } from "./propose.ts";
import { all, checkReports, outputsOf, saying, writeReports, type ReportFile } from "../reports.ts";
import type { ProjectOptions } from "../project.ts";
import { openWorkspace } from "../workspace.ts";
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
      prune: false,
      onConflict: "refuse",
      allowMassChange: true,
      showForeign: options.showForeign ?? false,
      ...(workspace.part === undefined ? {} : { only: workspace.part.addresses }),
    } as const;
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
    // The page has no place for it.
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
