import { withoutHyphens } from "./escape.ts";
import { ForgeError, type Forge } from "./forge.ts";

/** A report in Markdown, and what its first line says that it is about. */
export interface MarkedReport {
  readonly command: string;
  readonly project: string;
  readonly environment: string;
  /** What every text about the same begins with: a later one takes the place of an earlier one. */
  readonly key: string;
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
    text,
  };
}

/** The plan that a comment is about, and where the run that made it has kept it. */
export interface KeptPlan {
  readonly planId: string;
  /** The run of GitHub Actions. */
  readonly run: string;
}

/** The report of a plan, which from now on says where the plan is kept. */
export function withPlace(report: MarkedReport, run: string, artifact: string): MarkedReport {
  const place = `run=${withoutHyphens(run)} artifact=${withoutHyphens(artifact)} `;
  return { ...report, text: report.text.replace("-->", () => `${place}-->`) };
}

/** What a comment says of the plan that is kept under this name; undefined when it is about anything else. */
export function keptPlan(comment: string, artifact: string): KeptPlan | undefined {
  const pattern = /^<!-- rollcall plan \S+ \S+ id=([0-9a-f]{64}) run=(\d+) artifact=(\S+) -->\n/;
  const [, planId, run, name] = pattern.exec(comment) ?? [];
  if (planId === undefined || run === undefined || name !== withoutHyphens(artifact)) return undefined;
  return { planId, run };
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
