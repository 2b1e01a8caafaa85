import { property, type Json, type JsonObject } from "../model/json.ts";
import { ForgeError } from "./forge.ts";
import { baseOf, gitHubForge, type GitHub } from "./github.ts";
import { keptPlan, type KeptPlan } from "./report.ts";
import { isName } from "../model/address.ts";
import { withoutHyphens } from "./escape.ts";

/** Where the plans of pull requests come from. */
export interface PlanSource {
  /** The name of the artifact that keeps the plan. */
  readonly artifact: string;
  /** The file in `.github/workflows` that makes plans. */
  readonly workflow: string;
}

interface Found {
  readonly run: string;
  readonly planId: string;
  readonly change: number;
}

/** Where the reviewed plan of a pull request is, or why there is none. */
export type ReviewedPlan = Found | { readonly missing: string };

/**
 * The plan that was reviewed with the pull request which this commit merged. The comment on that pull request says
 * which plan it is and which run has kept it; the run must be one of the workflow that makes plans, for the last
 * commit. GitHub's own list of a run's pull requests is no help here: it holds open ones only, and any with that head.
 */
export async function findReviewedPlan(hub: GitHub, source: PlanSource): Promise<ReviewedPlan> {
  try {
    const pull = await mergedPull(hub);
    const change = Number(pull["number"]);
    const kept = await commented(hub, change, source);
    // A pull request may get another base, and its plan stays.
    const base = String(property(pull["base"], "ref"));
    if (kept.base !== base)
      throw new Missing(`its plan was made for a merge into ${kept.base}, not into ${base}`);
    await checkRun(hub, kept, property(pull["head"], "sha"), source);
    await checkArtifact(hub, kept, change, source);
    return { run: kept.run, planId: kept.planId, change };
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    return { missing: error.message };
  }
}

/** There is no reviewed plan, for a reason that is no failure. */
class Missing extends Error {}

async function mergedPull(hub: GitHub): Promise<JsonObject> {
  const { api, repository, env } = hub;
  const sha = env["GITHUB_SHA"] ?? "";
  if (!/^[0-9a-f]{40,64}$/.test(sha))
    throw new ForgeError("the merged commit is not known: GITHUB_SHA is not set");
  const base = baseOf(hub);
  const merged: JsonObject[] = [];
  for await (const pull of api.list(`/repos/${repository}/commits/${sha}/pulls?per_page=100`)) {
    const isMerged = typeof pull["merged_at"] === "string" && pull["merge_commit_sha"] === sha;
    // The same commit can be the end of pull requests into several branches.
    if (isMerged && property(pull["base"], "ref") === base) merged.push(pull);
  }
  const [pull, ...others] = merged;
  const short = sha.slice(0, 12);
  if (pull === undefined) throw new Missing(`commit ${short} is not the merge of a pull request into ${base}`);
  if (others.length > 0) throw new Missing(`commit ${short} is the merge of more than one pull request`);
  return pull;
}

async function commented(hub: GitHub, change: number, { artifact }: PlanSource): Promise<KeptPlan> {
  const found: KeptPlan[] = [];
  for await (const { text } of gitHubForge(hub).comments(change).own()) {
    const kept = keptPlan(text);
    if (kept?.artifact === artifact) found.push(kept);
  }
  const [kept, ...others] = found;
  const about = `pull request #${change}`;
  if (kept === undefined) throw new Missing(`${about} has no Rollcall comment for a plan named ${artifact}`);
  if (others.length > 0) throw new Missing(`${about} has several comments for a plan named ${artifact}`);
  return kept;
}

async function checkRun(
  { api, repository }: GitHub,
  { run }: KeptPlan,
  head: Json | undefined,
  { workflow }: PlanSource,
): Promise<void> {
  const { event, path, head_sha: sha } = await found(api.get(`/repos/${repository}/actions/runs/${run}`), run);
  const expected = `${FOLDER}${workflow.startsWith(FOLDER) ? workflow.slice(FOLDER.length) : workflow}`;
  const wrong = [
    ...(event === "pull_request" ? [] : [`it was started by ${String(event)}, not by pull_request`]),
    ...(isOfWorkflow(String(path), expected, repository)
      ? []
      : [`it is of the workflow ${String(path)}, not of ${expected}`]),
    ...(typeof head === "string" && sha === head ? [] : ["it is not for the last commit"]),
  ];
  if (wrong.length > 0) throw new Missing(`the plan of run ${run} cannot be used: ${wrong.join("; ")}`);
}

const FOLDER = ".github/workflows/";

/** A path may begin with the repository, and may end with `@` and a ref; a file may have `@` in its name. */
function isOfWorkflow(path: string, expected: string, repository: string): boolean {
  const file = path.startsWith(`${repository}/`) ? path.slice(repository.length + 1) : path;
  if (file === expected) return true;
  return file.startsWith(`${expected}@`) && !/\.ya?ml$/i.test(file.slice(expected.length + 1));
}

async function found(answer: Promise<JsonObject>, run: string): Promise<JsonObject> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ForgeError) || error.status !== 404) throw error;
    throw new Missing(`run ${run} no longer exists`);
  }
}

/** An artifact from a fork is not trusted: its author decides what the run stores. */
async function checkArtifact(
  { api, repository }: GitHub,
  { run }: KeptPlan,
  change: number,
  { artifact }: PlanSource,
): Promise<void> {
  const query = new URLSearchParams({ name: artifact, per_page: "100" });
  for await (const one of api.list(`/repos/${repository}/actions/artifacts?${query}`, "artifacts")) {
    const of = one["workflow_run"];
    const [from, here] = [property(of, "head_repository_id"), property(of, "repository_id")];
    const isOwn = from !== undefined && String(from) === String(here);
    if (one["name"] === artifact && one["expired"] !== true && isOwn && String(property(of, "id")) === run)
      return;
  }
  throw new Missing(`the plan named ${artifact} of pull request #${change} no longer exists`);
}

/**
 * The artifact that keeps the plan of a project in one environment. No two projects or environments share a name:
 * a name begins and ends with a letter or digit, so that the first single hyphen from the right divides the two.
 */
export function planArtifact(project: string, environment: string): string {
  return `rollcall-plan-${encoded(project)}-${encoded(environment).replaceAll("-", "--")}`;
}

/** Where there is no `rollcall.yaml`, the folder gives the name, and GitHub does not take every character. */
function encoded(name: string): string {
  return isName(name) ? name : withoutHyphens(name);
}
