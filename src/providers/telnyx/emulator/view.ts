import { isList, isObject, membersOf, type Json, type JsonObject } from "../../../model/json.ts";
import { segments } from "../../../model/pointer.ts";
import { elements, mainVersion } from "./references.ts";
import type { AssistantRecord, VersionRecord } from "./records.ts";
import type { World } from "./world.ts";

/** A version of an assistant as in responses of the API. */
export function versionView(world: World, record: AssistantRecord, version: VersionRecord): JsonObject {
  const { tool_ids: toolIds, ...config } = version.config;
  const flow = config["conversation_flow"];
  return {
    id: record.id,
    created_at: record.created_at,
    ...config,
    ...(flow !== undefined && { conversation_flow: flowView(world, flow) }),
    tools: [...elements(config["tools"]).map(inlineEntry), ...sharedEntries(world, toolIds)],
    ...(record.import_metadata !== undefined && { import_metadata: record.import_metadata }),
    related_mission_ids: [],
    version_id: version.version_id,
    version_name: version.version_name,
    version_created_at: version.version_created_at,
  };
}

/** The assistant as in responses: its main version. Counts as a read for ids that appear late. */
export function assistantView(world: World, record: AssistantRecord): JsonObject {
  const view = grown(world, versionView(world, record, mainVersion(record)));
  const wanted = world.hazards.texmlAppAfterReads;
  if (wanted === 0) return view;
  const reads = (world.reads.get(record.id) ?? 0) + 1;
  world.reads.set(record.id, reads);
  const telephony = view["telephony_settings"];
  if (reads > wanted || !isObject(telephony)) return view;
  return { ...view, telephony_settings: { ...telephony, default_texml_app_id: null } };
}

/** The view with a larger number at each place where one grows. */
function grown({ hazards, answers }: World, view: JsonObject): JsonObject {
  if (hazards.growing.length === 0) return view;
  answers.count += 1;
  return hazards.growing.reduce<JsonObject>(
    (grow, path) => membersOf(withNumber(grow, segments(path), answers.count)),
    view,
  );
}

/** The value with a number at a path. No element is added to a list. */
function withNumber(value: Json | undefined, [segment, ...rest]: readonly string[], number: number): Json {
  if (segment === undefined) return number;
  if (isList(value))
    return value.map((item, index) => (String(index) === segment ? withNumber(item, rest, number) : item));
  const object = membersOf(value);
  return { ...object, [segment]: withNumber(object[segment], rest, number) };
}

function inlineEntry(tool: JsonObject): JsonObject {
  return { ...tool, shared: false };
}

/** Shared tools as they are among the tools of a response, with the fields that the server adds. */
function sharedEntries(world: World, ids: Json | undefined): readonly JsonObject[] {
  if (!isList(ids)) return [];
  return ids.flatMap((id) => {
    const tool = world.store.tools.get(String(id));
    if (tool === undefined) return [];
    const type = String(tool["type"]);
    return [
      {
        type,
        [type]: tool["tool_definition"] ?? {},
        shared: true,
        ...(!world.hazards.sharedToolIdsOmitted && { id: tool.id, tool_id: tool.id }),
        timeout_ms: tool["timeout_ms"] ?? 5000,
        created_at: tool["created_at"] ?? null,
        updated_at: tool["updated_at"] ?? null,
      },
    ];
  });
}

function flowView(world: World, flow: Json): Json {
  if (!isObject(flow)) return flow;
  return { ...flow, nodes: elements(flow["nodes"]).map((node) => nodeView(world, node)) };
}

/** Nodes with the tools that they use, nested as the API describes it. */
function nodeView(world: World, stored: JsonObject): JsonObject {
  const { type, ...untyped } = stored;
  const node = world.hazards.promptTypeOmitted && type === "prompt" ? untyped : stored;
  if (typeof node["shared_tool_id"] === "string")
    return { ...node, tool: sharedEntries(world, [node["shared_tool_id"]]) };
  const ids = node["shared_tool_ids"];
  return isList(ids) ? { ...node, tools: [sharedEntries(world, ids)] } : node;
}
