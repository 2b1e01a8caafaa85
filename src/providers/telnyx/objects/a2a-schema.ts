import { fillerMessages } from "./filler-messages-schema.ts";
import { flag, integer, list, object, secret, text } from "./schema-builders.ts";

const LONGEST = 4294967295;

export const a2aAgents = list(
  "Remote agents, reached over the Agent2Agent protocol, whose skills become tools of the assistant.",
  object(
    "One remote agent.",
    {
      name: text("Names the agent, and begins the names of its tools.", {
        maxLength: 43,
        examples: ["billing_agent"],
      }),
      url: text("The address of the agent or of its card; it must be reachable from outside.", {
        maxLength: 2048,
        pattern: "^https?://",
        examples: ["https://agents.acme.example"],
      }),
      headers: list(
        "Headers of every request to the agent.",
        object(
          "One header.",
          {
            name: text("The name: letters, digits, `-`, `_` and dynamic variables.", {
              pattern: "^(?:[A-Za-z0-9_-]|\\{\\{[^{}]+\\}\\})+$",
              examples: ["X-Api-Key"],
            }),
            value: secret(
              "The value; write a secret as `{{#integration_secret}}identifier{{/integration_secret}}`.",
              {
                pattern: "^[^\\u0000-\\u001f\\u007f]*$",
                examples: ["{{#integration_secret}}agent_key{{/integration_secret}}"],
              },
            ),
          },
          { required: ["name", "value"] },
        ),
      ),
      async: flag("Whether the conversation continues while the agent works.", { default: false }),
      timeout_ms: integer("Milliseconds that one call may take in all; unset, as for the assistant's tools.", {
        minimum: 1,
        maximum: LONGEST,
      }),
      poll_interval_ms: integer("Milliseconds between two looks at an unfinished task.", {
        minimum: 1,
        maximum: LONGEST,
        default: 500,
      }),
      messages: fillerMessages,
    },
    { required: ["name", "url"] },
  ),
  { default: [] },
);
