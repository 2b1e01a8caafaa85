import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { pushChanges } from "../../forge/branch.ts";
import { ForgeError, type Forge } from "../../forge/forge.ts";
import { connectGitHub, gitHubForge } from "../../forge/github.ts";
import { gitLabForge } from "../../forge/gitlab.ts";
import { escaped } from "../../forge/escape.ts";
import { close, keep } from "../../forge/keep.ts";
import { markedReport, signed, withPlace, type MarkedReport } from "../../forge/report.ts";
import { findReviewedPlan, planArtifact, type PlanSource } from "../../forge/reviewed-plan.ts";
import { gitRunner } from "../../git/run.ts";
import { faultOf } from "../../host/files/fault.ts";
import { hiddenPart, isInside, realPath } from "../../host/files/paths.ts";
import { readText } from "../../host/files/read.ts";
import { property, type Json } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import { annotation } from "../../report/printable.ts";
import { visible } from "../../model/visible.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { annotate, note, print, type Io } from "../io.ts";
import { load, type ProjectOptions } from "../project.ts";

/** The report as a comment on the pull request or merge request: made once, changed in place from then on. */
export async function ciComment(
  io: Io,
  file: string,
  options: { readonly change?: number; readonly artifact?: string },
): Promise<ExitCode> {
  const report = await reportOnPlan(io, file, options.artifact);
  const forge = await forgeOf(io);
  const change = options.change ?? forge.change;
  if (change === undefined)
    throw new UsageError("this run has no pull request or merge request", "pass one: --change 12");
  try {
    const { outcome, post } = await keep(forge.comments(change), report.key, signed(report, forge), "");
    await print(io, `${outcome} ${visible(post.url)}`);
  } catch (error) {
    // Runs for forks may not write. The plan is still valid, but a merge finds it only by the comment.
    if (!(error instanceof ForgeError) || error.status !== 403) throw error;
    const text = `The report was not written as a comment: permission denied. ${visible(error.message)}`;
    if (forge.name === "GitHub") await annotate(io, annotation("notice", { title: "Rollcall" }, text));
    else await note(io, `note: ${text}`);
  }
  return 0;
}

/**
 * Writes the report as an issue, one for each project and environment. `--close` closes it when the problem is gone.
 */
export async function ciIssue(io: Io, file: string, options: { readonly close?: boolean }): Promise<ExitCode> {
  const report = read(io, file);
  const forge = await forgeOf(io);
  if (options.close === true) {
    const closed = await close(
      forge.issues(),
      report.key,
      "Resolved: live objects match what was last applied.",
    );
    await print(io, closed === undefined ? "there is no open issue" : `closed ${visible(closed.url)}`);
    return 0;
  }
  const title = `Rollcall: ${report.command} in ${about(report)}`;
  const { outcome, post } = await keep(forge.issues(), report.key, signed(report, forge), title);
  await print(io, `${outcome} ${visible(post.url)}`);
  return 0;
}

/** What `drift --propose` wrote into the manifests, as a pull request; closed when there is nothing to adopt. */
export async function ciPropose(
  io: Io,
  file: string,
  options: { readonly project: string },
): Promise<ExitCode> {
  const report = read(io, file);
  const forge = await forgeOf(io);
  const title = `Adopt what was changed outside Git: ${about(report)}`;
  const branch = `rollcall/adopt/${escaped(report.project)}/${escaped(report.environment)}`;
  const folder = resolve(io.cwd, options.project);
  const git = { run: gitRunner(io.runtime), env: io.env };
  const created = report.created.filter((path) => isFileIn(folder, path));
  const pushed = await pushChanges({ folder, branch, created, message: title, git });
  const board = forge.proposals(branch);
  if (pushed === "nothing-changed") {
    const closed = await close(board, report.key, "There is nothing left to adopt.");
    await print(io, closed === undefined ? "there is nothing to propose" : `closed ${visible(closed.url)}`);
    return 0;
  }
  const { outcome, post } = await keep(board, report.key, signed(report, forge), title);
  await print(io, `${outcome} ${visible(post.url)}`);
  return 0;
}

/** A report is text: it names no file outside of the project, nor a hidden one. */
function isFileIn(folder: string, path: string): boolean {
  const whole = realPath(resolve(folder, path));
  const base = realPath(folder);
  const isFile = statSync(whole, { throwIfNoEntry: false })?.isFile() === true;
  return isFile && isInside(base, whole) && hiddenPart(relative(base, whole)) === undefined;
}

/** Which artifact keeps the plan of a project in an environment. */
export async function ciArtifactName(
  io: Io,
  path: string | undefined,
  options: ProjectOptions,
): Promise<ExitCode> {
  const { name, environment } = await load(io, path, options);
  await print(io, planArtifact(name, environment.name));
  return 0;
}

/** Where the plan of the pull request is that this commit merged, as `name=value` lines for GitHub's outputs. */
export async function ciReviewedPlan(io: Io, options: PlanSource): Promise<ExitCode> {
  const found = await findReviewedPlan(connectGitHub(io.env, eventOf(io), io.runtime), options);
  await print(
    io,
    "missing" in found
      ? `missing=${visible(found.missing)}`
      : `run-id=${found.run}\nplan-id=${found.planId}\npull-request=${found.change}`,
  );
  return 0;
}

function about({ project, environment }: MarkedReport): string {
  return `${visible(project)}, ${visible(environment)}`;
}

/** With the run and the artifact that keep the plan, where one does. */
async function reportOnPlan(io: Io, file: string, artifact: string | undefined): Promise<MarkedReport> {
  const report = read(io, file);
  if (artifact === undefined) return report;
  const run = io.env["GITHUB_RUN_ID"] ?? "";
  const base = property(property(property(eventOf(io), "pull_request"), "base"), "ref");
  if (/^\d+$/.test(run) && typeof base === "string") return withPlace(report, { run, artifact, base });
  await note(io, "note: this is not a GitHub Actions run on a pull request, so a merge cannot find the plan");
  return report;
}

function read(io: Io, file: string): MarkedReport {
  return markedReport(textIn(resolve(io.cwd, file), file), file);
}

async function forgeOf(io: Io): Promise<Forge> {
  if (io.env["GITHUB_ACTIONS"] === "true") return gitHubForge(connectGitHub(io.env, eventOf(io), io.runtime));
  if (io.env["GITLAB_CI"] === "true") return gitLabForge(io.env, io.runtime);
  throw new UsageError("this is not a GitHub Actions or GitLab CI job");
}

function eventOf({ env }: Io): Json {
  const path = env["GITHUB_EVENT_PATH"] ?? "";
  if (path === "") return null;
  try {
    return parseJson(textIn(path, path));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${path}, which GITHUB_EVENT_PATH names, is not JSON`);
  }
}

/** Bytes; GitHub's events have at most 25 MiB. */
const LARGEST = 32 * 1024 * 1024;

function textIn(path: string, file: string): string {
  try {
    return readText(path, LARGEST);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${faultOf(error).reason}`);
  }
}
