import type { JsonObject } from "../../../model/json.ts";
import { createMcpServer, updateMcpServer } from "./check/others.ts";
import { enveloped } from "./envelope.ts";
import { badRequest } from "./errors.ts";
import { askedFor, paged, pageOf } from "./pages.ts";
import { liveAssistants, mainVersion, mcpReferences } from "./references.ts";
import type { Plain } from "./records.ts";
import { recordIn } from "./store.ts";
import { bodyOf, type Call, EMPTY, type Handler, ok, param, timestamp } from "./world.ts";

/** The documentation allows any type; the live API refuses this one. */
const REFUSED = "custom";

const serverOf = (call: Call) =>
  recordIn(call.world.store.mcpServers, "MCP server", param(call, "mcp_server_id"));

export const listMcpServers: Handler = (call) => {
  const { store, envelope } = call.world;
  const found = store.mcpServers.all().filter(askedFor(call, { type: "type", url: "url" }));
  return envelope === "live" ? paged(call, found, (server) => server) : ok(pageOf(call, found).items);
};

export const getMcpServer: Handler = (call) => ok(enveloped(call.world, serverOf(call)));

export const postMcpServer: Handler = (call) => {
  const { world } = call;
  const body = bodyOf(call, createMcpServer);
  checkType(body);
  const server: Plain = {
    id: world.chance.uuid(),
    api_key_ref: null,
    allowed_tools: null,
    ...body,
    created_at: timestamp(world),
  };
  world.store.mcpServers.put(server.id, server);
  return ok(enveloped(world, server));
};

export const putMcpServer: Handler = (call) => {
  const { world } = call;
  const server = serverOf(call);
  const body = bodyOf(call, updateMcpServer);
  checkType(body);
  const cleared = world.hazards.mcpPutReplaces ? { api_key_ref: null, allowed_tools: null } : {};
  const changed: Plain = { ...server, ...cleared, ...body };
  world.store.mcpServers.put(server.id, changed);
  return ok(enveloped(world, changed));
};

function checkType(body: JsonObject): void {
  const type = body["type"];
  if (type === REFUSED) throw badRequest(`Invalid MCP server type '${type}'`, "/type");
}

export const deleteMcpServer: Handler = (call) => {
  const { world } = call;
  const server = serverOf(call);
  const user = liveAssistants(world).find((record) =>
    mcpReferences(mainVersion(record).config).some(({ id }) => id === server.id),
  );
  if (user !== undefined && world.hazards.deleteInUseRefused)
    throw badRequest(`MCP server '${server.id}' is used by assistant '${user.id}'`);
  world.store.mcpServers.drop(server.id);
  return EMPTY;
};
