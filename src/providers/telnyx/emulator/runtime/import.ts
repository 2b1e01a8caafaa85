import { isList, isObject, stringsIn, type Json, type JsonObject } from "../../../../model/json.ts";
import { newAssistant, replacedVersion } from "../assistants.ts";
import { importAssistants } from "../check/runtime.ts";
import { badRequest, missingAssociation } from "../errors.ts";
import { completeNew } from "../fill.ts";
import { assignInsight, postGroup, postInsight } from "../insights.ts";
import { postMcpServer, putMcpServer } from "../mcp.ts";
import { liveAssistants, mainVersion } from "../references.ts";
import { checkConfig } from "../rules.ts";
import type { AssistantRecord, Plain } from "../records.ts";
import { assistantView } from "../view.ts";
import { bodyOf, type Call, type Handler, ok, timestamp, type World } from "../world.ts";
import type { ProviderAssistant, ProviderName } from "./providers/provider.ts";

/** All ids are checked before anything is written. */
export const postImport: Handler = (call) => {
  const { world } = call;
  const body = bodyOf(call, importAssistants);
  const provider = body["provider"] as ProviderName;
  const keyRef = String(body["api_key_ref"]);
  if (!world.store.secrets.all().some(({ identifier }) => identifier === keyRef))
    throw missingAssociation(`Integration secret '${keyRef}' does not exist`, "/api_key_ref");
  const source = { provider, keyRef };
  const data = chosen(world, provider, body["import_ids"]).map((one) =>
    assistantView(world, importOne(world, one, source)),
  );
  return ok({ data });
};

/** Agents that cannot be imported are skipped; to name one by its id is an error. */
function chosen(world: World, provider: ProviderName, ids: Json | undefined): readonly ProviderAssistant[] {
  const known = world.providers[provider].filter(({ isLeftOut }) => isLeftOut !== true);
  if (!isList(ids)) return known;
  return stringsIn(ids).map((id, index) => {
    const found = known.find((one) => one.id === id);
    if (found === undefined)
      throw badRequest(`'${id}' cannot be imported from ${provider}`, `/import_ids/${index}`);
    return found;
  });
}

interface Source {
  readonly provider: ProviderName;
  /** The integration secret with the provider's API key. */
  readonly keyRef: string;
}

/** Creates an assistant, or a new main version of the assistant that was imported before. */
function importOne(world: World, given: ProviderAssistant, { provider, keyRef }: Source): AssistantRecord {
  const before = liveAssistants(world).find(
    ({ import_metadata: from }) => from?.import_provider === provider && from.import_id === given.id,
  );
  for (const name of [
    ...(given.secrets ?? []),
    ...(given.mcp_servers ?? []).flatMap((one) => one.api_key_ref ?? []),
  ])
    placeholder(world, name);
  const servers = (given.mcp_servers ?? []).map((server) =>
    mcpServer(world, { allowed_tools: null, ...server }),
  );
  const config: JsonObject = {
    ...given.config,
    ...(servers.length > 0 && { mcp_servers: servers }),
    ...(given.insights !== undefined && {
      insight_settings: { insight_group_id: insightGroup(world, given, before) },
    }),
    ...(given.elevenlabs_voice !== undefined && {
      voice_settings: { voice: given.elevenlabs_voice, api_key_ref: keyRef },
    }),
  };
  if (before === undefined) {
    const record = newAssistant(world, config);
    const imported = { ...record, import_metadata: { import_provider: provider, import_id: given.id } };
    world.store.assistants.put(record.id, imported);
    return imported;
  }
  const whole = completeNew(world, config, before);
  checkConfig(world, whole, before.id);
  return replacedVersion(world, before, { ...mainVersion(before), config: whole }, true).record;
}

/** An integration secret without a value, with the name that it has at the provider. */
function placeholder(world: World, identifier: string): void {
  const { secrets } = world.store;
  if (secrets.all().some((one) => one["identifier"] === identifier)) return;
  const now = timestamp(world);
  const id = world.chance.uuid();
  const times = { created_at: now, updated_at: now };
  secrets.put(id, { id, identifier, record_type: "integration_secret", type: "bearer", ...times });
}

const inside = (world: World, body: JsonObject, params: Call["params"] = {}): Call => ({
  world,
  params,
  query: {},
  body,
});

/** Creates the server, or updates the one with the same name and URL. */
function mcpServer(world: World, server: JsonObject): JsonObject {
  const body = { type: "http", ...server };
  const known = world.store.mcpServers
    .all()
    .find(({ name, url }) => name === server["name"] && url === server["url"]);
  const answer =
    known === undefined
      ? postMcpServer(inside(world, body))
      : putMcpServer(inside(world, body, { mcp_server_id: known.id }));
  return {
    id: idIn(answer.body),
    ...(isList(server["allowed_tools"]) && { allowed_tools: server["allowed_tools"] }),
  };
}

/** The insight group of the earlier import, or a new one. Insights that it has already are kept. */
function insightGroup(
  world: World,
  { config, insights = [] }: ProviderAssistant,
  before?: AssistantRecord,
): string {
  const settings = before === undefined ? undefined : mainVersion(before).config["insight_settings"];
  const known = isObject(settings)
    ? world.store.insightGroups.get(String(settings["insight_group_id"]))
    : undefined;
  const id = known?.id ?? idIn(postGroup(inside(world, { name: config.name })).body);
  const names = new Set(stringsIn(known?.["insight_ids"]).map((one) => nameOf(world.store.insights.get(one))));
  for (const insight of insights.filter(({ name }) => !names.has(name))) {
    const insightId = idIn(postInsight(inside(world, insight)).body);
    assignInsight(inside(world, {}, { group_id: id, insight_id: insightId }));
  }
  return id;
}

const nameOf = (object: Plain | undefined) => object?.["name"];

/** The id of an object, with or without an envelope. */
function idIn(body: Json | undefined): string {
  const object = isObject(body) && isObject(body["data"]) ? body["data"] : body;
  return isObject(object) ? String(object["id"]) : "";
}
