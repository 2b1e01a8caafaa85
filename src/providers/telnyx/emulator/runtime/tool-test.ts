import { equal, membersOf, type Json, type JsonObject } from "../../../../model/json.ts";
import { assistantOf } from "../assistants.ts";
import { toolTest } from "../check/runtime.ts";
import { badRequest, notFound } from "../errors.ts";
import { encode } from "../exact-json.ts";
import { elements, mainVersion, toolReferences } from "../references.ts";
import { takeRule } from "../scripted.ts";
import type { Plain } from "../records.ts";
import { toolOf } from "../tools.ts";
import { checked, type Handler, ok } from "../world.ts";
import { filledIn, isAssistant } from "./bot.ts";
import { texts } from "./conversations.ts";
import type { ToolRule } from "./rules.ts";

/** No webhook is called: a rule answers in its place, or a willing one with an empty object. */
export const testTool: Handler = (call) => {
  const assistant = assistantOf(call);
  const tool = toolOf(call);
  const isAttached = toolReferences(mainVersion(assistant).config).some(({ id }) => id === tool.id);
  if (!isAttached) throw notFound("Attached tool", tool.id);
  if (tool["type"] !== "webhook") throw badRequest("Only webhook tools can be tested");
  const body = checked(toolTest, call.body ?? {});
  const given = membersOf(body["arguments"]);
  const rule: ToolRule =
    takeRule(
      call.world.rules.tools,
      (one) => isAssistant(assistant, one.assistant) && isTool(tool, one.tool) && hasAll(given, one.arguments),
    ) ?? {};
  const status = rule.status ?? 200;
  const response = rule.response ?? {};
  return ok({
    data: {
      success: status >= 200 && status < 300,
      status_code: status,
      content_type: rule.content_type ?? "application/json",
      request: requestOf(membersOf(tool["tool_definition"]), given, texts(body["dynamic_variables"])),
      response: typeof response === "string" ? response : encode(response),
    },
  });
};

function isTool(tool: Plain, nameOrId: string | undefined): boolean {
  return nameOrId === undefined || tool.id === nameOrId || tool["display_name"] === nameOrId;
}

function hasAll(given: JsonObject, wanted: JsonObject = {}): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(given, key) && equal(given[key], value));
}

/** The request that the webhook would get: arguments go where the tool declares them, all others into the body. */
function requestOf(
  tool: JsonObject,
  given: JsonObject,
  variables: Readonly<Record<string, string>>,
): JsonObject {
  const fill = (text: string) => filledIn(text, variables);
  const method = String(tool["method"] ?? "POST");
  const inPath = declared(tool["path_parameters"]);
  const inQuery = declared(tool["query_parameters"]);
  const goes = (key: string) =>
    inPath.has(key) ? "path" : inQuery.has(key) || method === "GET" ? "query" : "body";
  const part = (where: string) =>
    Object.fromEntries(Object.entries(given).filter(([key]) => goes(key) === where));
  const headers = elements(tool["headers"]).map(({ name, value }) => [String(name), fill(String(value))]);
  const body = { ...membersOf(tool["preset_body_fields"]), ...part("body") };
  const query = { ...membersOf(tool["preset_query_params"]), ...part("query") };
  return {
    method,
    url: urlOf(fill(String(tool["url"])), texts(part("path")), texts(query)),
    headers: Object.fromEntries(headers),
    ...(method !== "GET" && { body }),
  };
}

function urlOf(
  template: string,
  path: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>>,
): string {
  const url = template.replaceAll(/\{([\w.-]+)\}/g, (whole, name: string) =>
    path[name] === undefined ? whole : encodeURIComponent(path[name]),
  );
  const search = new URLSearchParams(query).toString();
  if (search === "") return url;
  return `${url}${url.includes("?") ? "&" : "?"}${search}`;
}

function declared(parameters: Json | undefined): ReadonlySet<string> {
  return new Set(Object.keys(membersOf(membersOf(parameters)["properties"])));
}
