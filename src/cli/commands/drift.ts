import { stringify } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import type { Proposal } from "../../model/proposal.ts";
import { findDrift } from "../../operations/drift.ts";
import { findingsIn, type Finding } from "../../operations/findings.ts";
import { driftHtml } from "../../report/html/drift.ts";
import { driftJson } from "../../report/json/drift.ts";
import { driftMarkdown } from "../../report/markdown/drift.ts";
import { proposalJson, proposalMarkdown, proposalText } from "../../report/proposal.ts";
import { driftText } from "../../report/text/drift.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { propose } from "./propose.ts";
import { all, checkReports, outputsOf, saying, writeReports, type Report } from "../reports.ts";
import type { ProjectOptions } from "../project.ts";
import { openWorkspace } from "../workspace.ts";
import { stopwatch } from "../stopwatch.ts";
import { version } from "../../host/version.ts";

type Format = "text" | "json" | "markdown" | "html";

interface DriftOptions extends ProjectOptions {
  readonly format: Format;
  readonly report: readonly Report<Format>[];
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
    const proposal =
      options.propose === true ? await propose(io, path, options, workspace, plan, choices) : undefined;
    const requests = workspace.provider.requestCount().reads;
    const effort = { requests, seconds: seconds() };
    const show = () =>
      all([
        () => print(io, rendered(io, plan, proposal, options, effort)),
        () =>
          writeReports(io, options.report, (format) =>
            rendered(io, plan, proposal, { ...options, format, color: false }, effort),
          ),
      ]);
    // The page has no place for it.
    if (proposal !== undefined && options.format === "html")
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

/** Bytes; GitHub takes 65,536 characters. */
const COMMENT_LIMIT = 65_000;

function rendered(
  io: Io,
  plan: Plan,
  proposal: Proposal | undefined,
  { format, color, full }: DriftOptions,
  effort: { readonly requests: number; readonly seconds: number },
): string {
  const drift = driftJson(plan, { rollcallVersion: version });
  const json = () =>
    stringify(proposal === undefined ? drift : { ...drift, x_rollcall_proposal: proposalJson(proposal) }, 2);
  const style = styleOf(io, color, full);
  switch (format) {
    case "json":
      return json();
    case "html":
      return driftHtml(plan, { json: json() });
    case "markdown": {
      if (proposal === undefined) return driftMarkdown(plan);
      const below = proposalMarkdown(proposal);
      return `${driftMarkdown(plan, { limit: COMMENT_LIMIT - Buffer.byteLength(below) })}\n${below}`;
    }
    case "text":
      return (
        driftText(plan, { style, ...effort }) +
        (proposal === undefined ? "" : `\n${proposalText(proposal, style)}`)
      );
  }
}
