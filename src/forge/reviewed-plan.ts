import { property, type Json, type JsonObject } from "../model/json.ts";
import { ForgeError } from "./forge.ts";
import type { GitHub } from "./github.ts";

/** Where the plan is that was reviewed with a pull request, or why there is none. */
export type ReviewedPlan = { readonly run: string; readonly change: string } | { readonly missing: string };

/**
 * The plan that the last run on a pull request kept as an artifact, found by the commit that merged it. An artifact
 * from a fork is nobody's review: whoever opens a pull request from one decides what its workflow keeps.
 */
export async function findReviewedPlan(hub: GitHub, artifact: string): Promise<ReviewedPlan> {
  const { api, repository, env } = hub;
  const sha = env["GITHUB_SHA"] ?? "";
  if (!/^[0-9a-f]{40,64}$/.test(sha))
    throw new ForgeError("which commit was merged is not known: GITHUB_SHA is not set");
  const pull = await mergedBy(hub, sha);
  if (pull === undefined) return { missing: `commit ${sha.slice(0, 12)} is not the merge of a pull request` };
  const number = String(pull["number"]);
  const head = property(pull["head"], "sha");
  const query = new URLSearchParams({ name: artifact, per_page: "100" });
  let newest: JsonObject | undefined;
  for await (const one of api.list(`/repos/${repository}/actions/artifacts?${query}`, "artifacts")) {
    if (one["name"] !== artifact || one["expired"] === true || !isOf(one, head)) continue;
    if (newest === undefined || String(one["created_at"]) > String(newest["created_at"])) newest = one;
  }
  if (newest === undefined) {
    const last = typeof head === "string" ? head.slice(0, 12) : "its last commit";
    return { missing: `pull request #${number} has no plan named ${artifact} for ${last} that is still kept` };
  }
  return { run: String(property(newest["workflow_run"], "id")), change: number };
}

async function mergedBy({ api, repository }: GitHub, sha: string): Promise<JsonObject | undefined> {
  for await (const pull of api.list(`/repos/${repository}/commits/${sha}/pulls?per_page=100`)) {
    if (typeof pull["merged_at"] === "string" && pull["merge_commit_sha"] === sha) return pull;
  }
  return undefined;
}

function isOf(artifact: JsonObject, head: Json | undefined): boolean {
  const run = artifact["workflow_run"];
  const [from, here] = [property(run, "head_repository_id"), property(run, "repository_id")];
  return property(run, "head_sha") === head && from !== undefined && String(from) === String(here);
}
