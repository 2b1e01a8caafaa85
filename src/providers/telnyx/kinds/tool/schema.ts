import { integer, openVariants, text } from "../../objects/schema-builders.ts";
import { TOOL_TYPE, toolVariants } from "../../objects/tools-schema.ts";

const example = {
  display_name: "Open a ticket",
  type: "webhook",
  webhook: {
    name: "open_ticket",
    description: "Opens a support ticket.",
    url: "https://api.acme.example/tickets",
    body_parameters: {
      type: "object",
      properties: { summary: { type: "string", description: "What the caller reports." } },
    },
  },
};

const sharedFields = {
  display_name: text("The name at Telnyx; unset, `metadata.name`."),
  timeout_ms: integer("Milliseconds that a call of the tool may take.", { default: 5000 }),
};

/** The API leaves the settings of shared tools free; they have the shape of the tools inside an assistant. */
export const schema = {
  ...openVariants(
    "A tool that several assistants share.",
    TOOL_TYPE,
    toolVariants(sharedFields, {}),
    sharedFields,
  ),
  examples: [example],
};
