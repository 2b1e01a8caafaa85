import { isObject, type Json, type JsonObject } from "../../../model/json.ts";
import { isDescribed, sharedTool } from "./check/tool.ts";
import { partial } from "./check/shape.ts";
import { enveloped } from "./envelope.ts";
import { badRequest, missingAssociation, valueError } from "./errors.ts";
import { askedFor, paged } from "./pages.ts";
import { handoffTargets, liveAssistant, liveAssistants, mainVersion, toolReferences } from "./references.ts";
import type { Plain } from "./records.ts";
import { recordIn } from "./store.ts";
import { bodyOf, type Call, type Handler, NO_CONTENT, ok, param, timestamp, type World } from "./world.ts";

const sharedToolUpdate = partial(sharedTool);

export const toolOf = (call: Call) => recordIn(call.world.store.tools, "Tool", param(call, "tool_id"));

/** Only answers with attached tools contain the time of the last change. */
function toolView(tool: Plain): JsonObject {
  const { updated_at: _updated, ...shown } = tool;
  return shown;
}

export const listTools: Handler = (call) => {
  const asked = askedFor(call, { "filter[type]": "type", "filter[name]": "display_name" });
  return paged(call, call.world.store.tools.all().filter(asked), toolView);
};

export const getTool: Handler = (call) => ok(enveloped(call.world, toolView(toolOf(call))));

export const postTool: Handler = (call) => {
  const { world } = call;
  const body = bodyOf(call, sharedTool);
  const type = String(body["type"]);
  const definition = requiredBlock(body, type);
  checkTargets(world, definition);
  const now = timestamp(world);
  const tool: Plain = {
    id: world.chance.uuid(),
    type,
    display_name: body["display_name"] ?? null,
    timeout_ms: body["timeout_ms"] ?? null,
    tool_definition: definition,
    created_at: now,
    updated_at: now,
  };
  world.store.tools.put(tool.id, tool);
  return ok(enveloped(world, toolView(tool)));
};

/** Keys that are not sent keep their values; a block that is sent replaces the old one as a whole. */
export const patchTool: Handler = (call) => {
  const { world } = call;
  const tool = toolOf(call);
  const body = bodyOf(call, sharedToolUpdate);
  const type = String(body["type"] ?? tool["type"]);
  const sent = blockOf(body, type);
  const definition: Json =
    type === tool["type"] ? (sent ?? tool["tool_definition"] ?? {}) : requiredBlock(body, type);
  checkTargets(world, definition);
  const changed: Plain = {
    ...tool,
    type,
    display_name: body["display_name"] ?? tool["display_name"] ?? null,
    timeout_ms: body["timeout_ms"] ?? tool["timeout_ms"] ?? null,
    tool_definition: definition,
    updated_at: timestamp(world),
  };
  world.store.tools.put(tool.id, changed);
  return ok(enveloped(world, toolView(changed)));
};

/** It is not documented which tools of an undescribed type need settings. */
function requiredBlock(body: JsonObject, type: string): JsonObject {
  const block = blockOf(body, type);
  if (block === undefined && isDescribed(type))
    throw valueError([type], `a '${type}' tool requires the block '${type}'`);
  return block ?? {};
}

function blockOf(body: JsonObject, type: string): JsonObject | undefined {
  const block = Object.hasOwn(body, type) ? body[type] : undefined;
  return isObject(block) ? block : undefined;
}

function checkTargets(world: World, definition: Json): void {
  if (!world.hazards.referencesChecked) return;
  for (const { id, pointer } of handoffTargets(definition, "/handoff"))
    if (liveAssistant(world, id) === undefined)
      throw missingAssociation(`Assistant '${id}' does not exist`, pointer);
}

export const deleteTool: Handler = (call) => {
  const { world } = call;
  const tool = toolOf(call);
  const user = liveAssistants(world).find((record) =>
    toolReferences(mainVersion(record).config).some(({ id }) => id === tool.id),
  );
  if (user !== undefined && world.hazards.deleteInUseRefused)
    throw badRequest(`Tool '${tool.id}' is used by assistant '${user.id}'`);
  world.store.tools.drop(tool.id);
  return world.envelope === "live" ? NO_CONTENT : ok({});
};
