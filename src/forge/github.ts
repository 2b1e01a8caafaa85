import { property, type Json, type JsonObject } from "../model/json.ts";
import type { Runtime } from "../model/runtime.ts";
import { createApi, type Api, type Environment } from "./api.ts";
import { ForgeError, type Board, type ClosableBoard, type Forge, type Post } from "./forge.ts";

export interface GitHub {
  readonly api: Api;
  /** `owner/name` */
  readonly repository: string;
  readonly env: Environment;
  /** What triggered the run, as GitHub tells it. */
  readonly event: Json;
}

export function connectGitHub(env: Environment, event: Json, runtime: Runtime): GitHub {
  const token = env["GITHUB_TOKEN"] ?? env["GH_TOKEN"] ?? "";
  if (token === "")
    throw new ForgeError("no token for GitHub: the environment variable GITHUB_TOKEN is not set");
  const repository = env["GITHUB_REPOSITORY"] ?? "";
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new ForgeError("the repository is not known: GITHUB_REPOSITORY is not set");
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "user-agent": "rollcall",
    "x-github-api-version": "2022-11-28",
  };
  const base = (env["GITHUB_API_URL"] ?? "https://api.github.com").replace(/\/+$/, "");
  return { api: createApi({ name: "GitHub", base, headers, env, runtime }), repository, env, event };
}

export function gitHubForge(hub: GitHub): Forge {
  const { env, event, repository } = hub;
  const pull = property(event, "pull_request");
  const number = property(pull, "number");
  const head = property(property(pull, "head"), "sha") ?? env["GITHUB_SHA"];
  const run = env["GITHUB_RUN_ID"];
  const server = env["GITHUB_SERVER_URL"] ?? "https://github.com";
  return {
    name: "GitHub",
    change: typeof number === "number" ? number : undefined,
    run: run === undefined ? undefined : `${server}/${repository}/actions/runs/${run}`,
    commit: typeof head === "string" ? head : undefined,
    comments: (change) => comments(hub, change),
    issues: () => issues(hub),
    proposals: (branch) => ({ ...pulls(hub, branch), base: baseOf(hub) }),
  };
}

function comments(hub: GitHub, change: number): Board {
  const { api, repository } = hub;
  const at = `/repos/${repository}/issues`;
  return {
    own: () => ownIn(hub, `${at}/${change}/comments?per_page=100`),
    create: async (body) => postIn(await api.send("POST", `${at}/${change}/comments`, { body })),
    update: async ({ id }, body) => postIn(await api.send("PATCH", `${at}/comments/${id}`, { body })),
  };
}

function issues(hub: GitHub): ClosableBoard {
  const { api, repository } = hub;
  const at = `/repos/${repository}/issues`;
  return {
    own: () => ownIn(hub, `${at}?state=open&per_page=100`, (item) => item["pull_request"] === undefined),
    create: async (body, title) => postIn(await api.send("POST", at, { title, body }), "number"),
    update: async ({ id }, body) => postIn(await api.send("PATCH", `${at}/${id}`, { body }), "number"),
    async close({ id }, why) {
      await api.send("POST", `${at}/${id}/comments`, { body: why });
      await api.send("PATCH", `${at}/${id}`, { state: "closed", state_reason: "completed" });
    },
  };
}

function pulls(hub: GitHub, branch: string): ClosableBoard {
  const { api, repository } = hub;
  const at = `/repos/${repository}/pulls`;
  const [owner = ""] = repository.split("/");
  const query = new URLSearchParams({ state: "open", head: `${owner}:${branch}`, per_page: "100" });
  return {
    own: () => ownIn(hub, `${at}?${query}`),
    create: async (body, title) =>
      postIn(await api.send("POST", at, { title, body, head: branch, base: baseOf(hub) }), "number"),
    update: async ({ id }, body) => postIn(await api.send("PATCH", `${at}/${id}`, { body }), "number"),
    async close({ id }, why) {
      await api.send("POST", `/repos/${repository}/issues/${id}/comments`, { body: why });
      await api.send("PATCH", `${at}/${id}`, { state: "closed" });
    },
  };
}

/** The branch that this runs on: where a proposal wants to go. */
export function baseOf({ env, event }: GitHub): string {
  const fallback = property(property(event, "repository"), "default_branch");
  const name = env["GITHUB_REF_TYPE"] === "branch" ? env["GITHUB_REF_NAME"] : fallback;
  if (typeof name === "string" && name !== "") return name;
  throw new ForgeError("the branch is not known: GITHUB_REF_NAME is not set");
}

async function* ownIn(
  hub: GitHub,
  path: string,
  isMeant: (item: JsonObject) => boolean = () => true,
): AsyncIterable<Post> {
  let me: string | undefined;
  for await (const item of hub.api.list(path)) {
    if (!isMeant(item)) continue;
    me ??= await viewer(hub);
    if (loginOf(property(item["user"], "login")) === me) yield postIn(item, keyOf(path));
  }
}

function keyOf(path: string): "id" | "number" {
  return path.includes("/comments?") ? "id" : "number";
}

/** The token of a workflow may not ask for its user the plain way. */
const GRAPHQL = /\/api\/v3$/;

async function viewer({ api, env }: GitHub): Promise<string> {
  const base = env["GITHUB_API_URL"] ?? "https://api.github.com";
  const url = env["GITHUB_GRAPHQL_URL"] ?? `${base.replace(GRAPHQL, "/api")}/graphql`;
  const answer = await api.send("POST", sameOrigin(url, base), { query: "{ viewer { login } }" });
  const login = property(property(answer["data"], "viewer"), "login");
  const found = loginOf(login);
  if (found === "") throw new ForgeError("GitHub did not return the owner of the token");
  return found;
}

function sameOrigin(url: string, base: string): string {
  if (URL.canParse(url) && new URL(url).origin === new URL(base).origin) return url;
  throw new ForgeError(`GITHUB_GRAPHQL_URL is not at the same place as GITHUB_API_URL: ${url}`);
}

/** `github-actions[bot]` here is `github-actions` there. */
function loginOf(login: Json | undefined): string {
  return typeof login === "string" ? login.toLowerCase().replace(/\[bot\]$/, "") : "";
}

function postIn(item: JsonObject, key: "id" | "number" = "id"): Post {
  const text = item["body"];
  return {
    id: String(item[key]),
    text: typeof text === "string" ? text.replaceAll("\r\n", "\n") : "",
    url: String(item["html_url"] ?? ""),
  };
}
