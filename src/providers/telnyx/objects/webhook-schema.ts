import { fillerMessages } from "./filler-messages-schema.ts";
import { choice, flag, free, integer, list, object, prose, secret, text } from "./schema-builders.ts";

/** Parameters of a tool: a JSON Schema of an object, with any of its keywords. */
export function parameters(description: string) {
  return object(
    description,
    {
      type: choice("Always `object`.", ["object"]),
      properties: free("The parameters by name, each with its JSON Schema.", {
        examples: [{ id: { type: "string" } }],
      }),
      required: {
        ...list("The parameters that must be given.", text("The name of a parameter.", { examples: ["id"] })),
        "x-example-beside": [{ fields: { properties: { id: { type: "string" } } } }],
      },
    },
    { open: true, keywords: { "x-json-schema": true } },
  );
}

export const webhook = object(
  "A request to your server.",
  {
    name: text("What the model calls the tool.", { examples: ["lookup_customer"] }),
    description: prose("Tells the model when and how to use the tool."),
    url: text("The address; `{id}` stands for the path parameter `id`.", {
      examples: ["https://api.acme.example/customers"],
    }),
    method: choice("The HTTP method.", ["GET", "POST", "PUT", "DELETE", "PATCH"], { default: "POST" }),
    headers: list(
      "Headers to send, in addition to the signature that Telnyx adds.",
      object("One header.", {
        name: text("The name of the header."),
        value: secret(
          "The value; write a secret as `{{#integration_secret}}identifier{{/integration_secret}}`.",
        ),
      }),
    ),
    path_parameters: {
      ...parameters("The parameters that the model puts into the address."),
      "x-example-beside": [{ unless: "type", fields: { url: "https://api.acme.example/customers/{id}" } }],
    },
    query_parameters: parameters("The parameters that the model puts into the query."),
    body_parameters: parameters("The parameters that the model puts into the body."),
    preset_query_params: free("Query parameters with fixed values, hidden from the model."),
    preset_body_fields: free("Body fields with fixed values, hidden from the model; not sent with `GET`."),
    async: flag("Whether the conversation continues without waiting for the response.", { default: false }),
    async_timeout_ms: integer("Milliseconds to wait for an answer nevertheless, with `async`.", {
      minimum: 1,
      maximum: 15000,
    }),
    timeout_ms: integer("Stored, but not applied: set `timeout_ms` next to `type` instead.", {
      examples: [5000],
      deprecated: true,
    }),
    messages: fillerMessages,
    store_fields_as_variables: list(
      "Values of the answer that become dynamic variables.",
      object(
        "One value.",
        {
          name: text("The name of the dynamic variable.", { minLength: 1 }),
          value_path: text("The path into the answer, with dots.", {
            minLength: 1,
            examples: ["customer.name"],
          }),
        },
        { required: ["name", "value_path"], closed: true },
      ),
    ),
  },
  { required: ["url", "name", "description"] },
);
