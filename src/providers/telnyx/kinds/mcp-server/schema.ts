import { OF_MCP_SERVERS } from "../../objects/response-only.ts";
import { known, list, object, secretIdentifier, text } from "../../objects/schema-builders.ts";

const example = {
  type: "http",
  url: "https://mcp.acme.example/crm",
  api_key_ref: "acme-crm-key",
  allowed_tools: ["lookup_customer"],
};

export const schema = {
  ...object(
    "An MCP server whose tools assistants may use.",
    {
      name: text("The name at Telnyx; unset, `metadata.name`."),
      type: known("The transport of the server.", ["http", "sse"]),
      url: text("The URL of the server.", { examples: ["https://mcp.acme.example/crm"] }),
      api_key_ref: secretIdentifier("The integration secret with the API key of the server."),
      allowed_tools: list("The tools that assistants may use.", text("The name of a tool."), {
        nullable: true,
      }),
    },
    { required: ["type", "url"], responseOnly: OF_MCP_SERVERS },
  ),
  examples: [example],
};
