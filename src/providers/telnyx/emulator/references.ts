import { isObject, itemsOf, membersOf, type Json, type JsonObject } from "../../../model/json.ts";
import type { AssistantRecord, VersionRecord } from "./records.ts";
import type { World } from "./world.ts";

/** An id in a configuration, and its place. */
export interface Reference {
  readonly id: string;
  readonly pointer: string;
}

export function mainVersion(record: AssistantRecord): VersionRecord {
  const found = record.versions.find(({ version_id }) => version_id === record.main);
  if (found === undefined) throw new Error(`assistant ${record.id} has lost its main version`);
  return found;
}

export function liveAssistants(world: World): readonly AssistantRecord[] {
  return world.store.assistants.all().filter(({ deleted_at }) => deleted_at === undefined);
}

export function liveAssistant(world: World, id: string): AssistantRecord | undefined {
  const record = world.store.assistants.get(id);
  return record?.deleted_at === undefined ? record : undefined;
}

/** Assistants that a configuration hands calls over to, in inline tools, in its flow, and in the shared tools that it uses. */
export function assistantReferences(world: World, config: JsonObject): readonly Reference[] {
  const inline = elements(config["tools"]).flatMap((tool, index) =>
    handoffTargets(tool["handoff"], `/tools/${index}/handoff`),
  );
  const shared = toolReferences(config).flatMap(({ id, pointer }) =>
    handoffTargets(world.store.tools.get(id)?.["tool_definition"], pointer),
  );
  const flow = membersOf(config["conversation_flow"]);
  const edges = elements(flow["edges"]).flatMap((edge, index) => {
    const target = membersOf(edge["target"]);
    return reference(target["assistant_id"], `/conversation_flow/edges/${index}/target/assistant_id`);
  });
  return [...inline, ...shared, ...edges];
}

export function handoffTargets(block: Json | undefined, pointer: string): readonly Reference[] {
  if (!isObject(block)) return [];
  return elements(block["ai_assistants"]).flatMap((target, index) =>
    reference(target["id"], `${pointer}/ai_assistants/${index}/id`),
  );
}

/** Shared tools that a configuration uses: attached to it, or in its flow. */
export function toolReferences(config: JsonObject): readonly Reference[] {
  const flow = membersOf(config["conversation_flow"]);
  const nodes = elements(flow["nodes"]).flatMap((node, index) => {
    const at = `/conversation_flow/nodes/${index}`;
    const many = itemsOf(node["shared_tool_ids"]).flatMap((id, i) =>
      reference(id, `${at}/shared_tool_ids/${i}`),
    );
    return reference(node["shared_tool_id"], `${at}/shared_tool_id`).concat(many);
  });
  const attached = itemsOf(config["tool_ids"]).flatMap((id, index) => reference(id, `/tool_ids/${index}`));
  return [...attached, ...nodes];
}

export function mcpReferences(config: JsonObject): readonly Reference[] {
  return elements(config["mcp_servers"]).flatMap((server, index) =>
    reference(server["id"], `/mcp_servers/${index}/id`),
  );
}

function reference(id: Json | undefined, pointer: string): readonly Reference[] {
  return typeof id === "string" ? [{ id, pointer }] : [];
}

export function elements(value: Json | undefined): readonly JsonObject[] {
  return itemsOf(value).filter(isObject);
}
