import type { TelnyxKind } from "../../rest.ts";
import { schema } from "./schema.ts";
import { fromLive, toWire } from "./wire.ts";

export const mcpServer: TelnyxKind = {
  kind: "McpServer",
  description: "An MCP server whose tools assistants may use.",
  nouns: { one: "MCP server", many: "MCP servers", aliases: ["mcp"] },
  schema,
  identity: { name: "/name" },
  references: [],
  fields: {
    "/allowed_tools": { set: "closed", unset: null },
    "/api_key_ref": { unset: null },
  },
  // It is not documented whether PUT keeps absent fields, so every field is sent.
  sendsAll: true,
  columns: [
    { title: "TYPE", at: "/type" },
    { title: "URL", at: "/url", wide: true },
  ],
  files: { folder: "mcp" },
  routes: {
    collection: "/ai/mcp_servers",
    item: "/ai/mcp_servers/{id}",
    paging: "paged",
    idKey: "id",
    update: "PUT",
  },
  fromLive,
  toWire,
};
