import { isList, isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import { parseJson } from "../../src/model/parse-json.ts";
import { KEY } from "../e2e/cli.ts";

/** What the API answers for each object of a ledger, with addresses in place of ids, and without what the server makes. */
export async function rawObjects(
  url: string,
  entries: Readonly<Record<string, { readonly kind: string; readonly id: string }>>,
): Promise<Readonly<Record<string, Json>>> {
  const names = new Map(
    Object.entries(entries).flatMap(([address, { kind, id }]) =>
      kind === "CanaryDeploy" ? [] : [[id.slice(id.lastIndexOf("/") + 1), `<${address}>`] as const],
    ),
  );
  const found = Object.entries(entries).map(async ([address, { kind, id }]) => {
    const raw = await get(url, pathOf(kind, id));
    return [address, plain(raw, names)] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** How many objects of each kind there are. */
export async function countObjects(url: string): Promise<JsonObject> {
  const lists = ["/ai/assistants", "/ai/tools", "/ai/mcp_servers", "/ai/assistants/tests"];
  const counted = lists.map(async (path) => {
    const all = await get(url, `${path}?page[size]=100`);
    const data = isList(all) ? all : (all as JsonObject)["data"];
    return [path, isList(data) ? data.length : -1] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
}

async function get(url: string, path: string): Promise<Json> {
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${KEY}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${text}`);
  const value = parseJson(text);
  return isObject(value) && isObject(value["data"]) ? value["data"] : value;
}

function pathOf(kind: string, id: string): string {
  const [parent = "", own = ""] = id.split("/");
  switch (kind) {
    case "Assistant":
      return `/ai/assistants/${id}`;
    case "AssistantVersion":
      return `/ai/assistants/${parent}/versions/${own}`;
    case "CanaryDeploy":
      return `/ai/assistants/${id}/canary-deploys`;
    case "AssistantTest":
      return `/ai/assistants/tests/${id}`;
    case "Tool":
      return `/ai/tools/${id}`;
    default:
      return `/ai/mcp_servers/${id}`;
  }
}

const SERVER_MADE = new Set([
  "created_at",
  "updated_at",
  "version_created_at",
  "default_texml_app_id",
  "default_messaging_profile_id",
  // Counted by the server while the prompt is synchronized.
  "prompt_version",
]);

/** `version_id` of main is an id that no manifest has. */
function plain(value: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") return names.get(value) ?? value;
  if (isList(value)) return value.map((item) => plain(item, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const isMain = key === "version_id" && typeof member === "string" && !names.has(member);
      return SERVER_MADE.has(key) || isMain || isNothing(member) ? [] : [[key, plain(member, names)] as const];
    }),
  );
}

/** The API means the same by them as by a field that is not there. */
function isNothing(value: Json): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}
