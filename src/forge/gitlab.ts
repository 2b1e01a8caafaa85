import type { JsonObject } from "../model/json.ts";
import type { Runtime } from "../model/runtime.ts";
import { createApi, type Api, type Environment } from "./api.ts";
import {
  ForgeError,
  type Board,
  type ClosableBoard,
  type Forge,
  type Post,
  type ProposalBoard,
} from "./forge.ts";

interface GitLab {
  readonly api: Api;
  /** `/projects/<id>` */
  readonly project: string;
}

export function gitLabForge(env: Environment, runtime: Runtime): Forge {
  const token = env["GITLAB_TOKEN"] ?? "";
  // That of the job may not write notes.
  if (token === "")
    throw new ForgeError("no token for GitLab: the environment variable GITLAB_TOKEN is not set");
  const [base, project] = [env["CI_API_V4_URL"] ?? "", env["CI_PROJECT_ID"] ?? ""];
  if (base === "" || project === "")
    throw new ForgeError("the project is not known: CI_API_V4_URL or CI_PROJECT_ID is not set");
  const headers = { "private-token": token, "user-agent": "rollcall" };
  const lab: GitLab = {
    api: createApi({ name: "GitLab", base: base.replace(/\/+$/, ""), headers, env, runtime }),
    project: `/projects/${encodeURIComponent(project)}`,
  };
  const change = Number(env["CI_MERGE_REQUEST_IID"] ?? "");
  return {
    name: "GitLab",
    change: change > 0 ? change : undefined,
    run: env["CI_JOB_URL"],
    commit: env["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] || env["CI_COMMIT_SHA"],
    comments: (iid) => notes(lab, iid),
    issues: () => issues(lab),
    proposals: (branch) =>
      mergeRequests(lab, branch, env["CI_COMMIT_BRANCH"] ?? env["CI_DEFAULT_BRANCH"] ?? "main"),
  };
}

function notes(lab: GitLab, iid: number): Board {
  const { api, project } = lab;
  const at = `${project}/merge_requests/${iid}/notes`;
  return {
    own: () => ownIn(lab, `${at}?sort=asc&order_by=created_at&per_page=100`, "body", "id"),
    create: async (body) => postIn(await api.send("POST", at, { body }), "body", "id"),
    update: async ({ id }, body) => postIn(await api.send("PUT", `${at}/${id}`, { body }), "body", "id"),
  };
}

function issues(lab: GitLab): ClosableBoard {
  return closable(lab, `${lab.project}/issues`, "state=opened&scope=all", {});
}

function mergeRequests(lab: GitLab, branch: string, base: string): ProposalBoard {
  const query = new URLSearchParams({ state: "opened", scope: "all", source_branch: branch });
  const ends = { source_branch: branch, target_branch: base, remove_source_branch: true };
  return { ...closable(lab, `${lab.project}/merge_requests`, `${query}`, ends), base };
}

function closable(lab: GitLab, at: string, query: string, more: JsonObject): ClosableBoard {
  const { api } = lab;
  const post = (item: JsonObject) => postIn(item, "description", "iid");
  return {
    own: () => ownIn(lab, `${at}?${query}&per_page=100`, "description", "iid"),
    create: async (description, title) => post(await api.send("POST", at, { title, description, ...more })),
    update: async ({ id }, description) => post(await api.send("PUT", `${at}/${id}`, { description })),
    async close({ id }, why) {
      await api.send("POST", `${at}/${id}/notes`, { body: why });
      await api.send("PUT", `${at}/${id}`, { state_event: "close" });
    },
  };
}

async function* ownIn({ api }: GitLab, path: string, text: string, key: string): AsyncIterable<Post> {
  let me: string | undefined;
  for await (const item of api.list(path)) {
    me ??= String((await api.get("/user"))["id"]);
    const { author } = item as { readonly author?: { readonly id?: unknown } };
    if (author?.id !== undefined && String(author.id) === me) yield postIn(item, text, key);
  }
}

function postIn(item: JsonObject, text: string, key: string): Post {
  return { id: String(item[key]), text: String(item[text] ?? ""), url: String(item["web_url"] ?? "") };
}
