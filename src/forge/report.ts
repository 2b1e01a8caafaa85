import { withoutHyphens } from "./escape.ts";
import { ForgeError, type Forge } from "./forge.ts";

/** A report in Markdown, and what its first line says that it is about. */
export interface MarkedReport {
  readonly command: string;
  readonly project: string;
  readonly environment: string;
  /** The beginning of every text about the same project and environment: a later text replaces an earlier one. */
  readonly key: string;
  /** New files that manifests name, as the report says. */
  readonly created: readonly string[];
  readonly text: string;
}

export function markedReport(text: string, file: string): MarkedReport {
  const found = /^(<!-- rollcall (\w+) (\S+) (\S+) )[^>\n]*-->\n/.exec(text);
  if (found === null) throw new ForgeError(`${file} is not a report that Rollcall wrote as Markdown`);
  const [, key = "", command = "", project = "", environment = ""] = found;
  return {
    key,
    command,
    project: decodeURIComponent(project),
    environment: decodeURIComponent(environment),
    created: (/ new=(\S+) /.exec(found[0])?.[1] ?? "")
      .split(",")
      .map(plain)
      .filter((path) => path !== ""),
    text,
  };
}

/** Where a run of GitHub Actions keeps a plan. */
export interface PlanPlace {
  readonly run: string;
  readonly artifact: string;
  /** The branch that the pull request was to be merged into when the plan was made. */
  readonly base: string;
}

export interface KeptPlan extends PlanPlace {
  readonly planId: string;
}

/** The report of a plan, which from now on says where the plan is kept. */
export function withPlace(report: MarkedReport, { run, artifact, base }: PlanPlace): MarkedReport {
  const words = [`run=${run}`, `base=${withoutHyphens(base)}`, `artifact=${withoutHyphens(artifact)}`];
  return { ...report, text: report.text.replace("-->", () => `${words.join(" ")} -->`) };
}

const KEPT = /^<!-- rollcall plan \S+ \S+ id=([0-9a-f]{64}) run=(\d+) base=([\w%]+) artifact=([\w%]+) -->\n/;

/** What a comment says of a plan that is kept; undefined when it is about anything else. */
export function keptPlan(comment: string): KeptPlan | undefined {
  const [, planId, run, base, artifact] = KEPT.exec(comment) ?? [];
  if (planId === undefined || run === undefined || base === undefined || artifact === undefined)
    return undefined;
  return { planId, run, base: plain(base), artifact: plain(artifact) };
}

/** Somebody may have written what cannot be read. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

const PLAIN = /^[\w.-]{1,200}$/;
const ADDRESS = /^https?:\/\/[\w./?=&%:+-]{1,300}$/;
/** Characters; GitLab takes more. */
const LIMIT = 65_536;

/** The report with a last line that says where it comes from. */
export function signed({ text }: MarkedReport, { commit, run }: Forge): string {
  const parts = [
    ...(commit !== undefined && PLAIN.test(commit) ? [`Commit ${commit.slice(0, 12)}`] : []),
    ...(run !== undefined && ADDRESS.test(run) ? [`[the run, with the whole report](${run})`] : []),
  ];
  const whole = parts.length === 0 ? text : `${text.trimEnd()}\n\n<sub>${parts.join(" · ")}</sub>\n`;
  return whole.length <= LIMIT ? whole : text;
}
