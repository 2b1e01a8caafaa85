import type { JsonObject } from "../../../src/model/json.ts";
import { everyAssistant, otherAssistants } from "./assistant.ts";
import { everyTool } from "./tools.ts";

const V2 = { ref: "AssistantVersion/candidate" };

function shared(tool: JsonObject): JsonObject {
  return { ...tool, display_name: `Shared ${tool["type"]}`, timeout_ms: 7000 };
}

/** For each kind, specs that have every field between them. */
export const everyField: Readonly<Record<string, readonly JsonObject[]>> = {
  Assistant: [everyAssistant, ...otherAssistants],
  AssistantVersion: [everyAssistant, ...otherAssistants].map((changes) => ({
    assistant: { ref: "Assistant/everything" },
    version_name: "Candidate",
    changes,
  })),
  CanaryDeploy: [
    {
      assistant: { ref: "Assistant/everything" },
      rules: [
        {
          match: [
            { attribute: "telnyx_end_user_target", operator: "in", values: ["+15550001111", "+15550002222"] },
          ],
          serve: { version_id: V2 },
        },
        { match: [], serve: { rollout: [{ version_id: V2, weight: 12.5 }] } },
      ],
    },
    { assistant: { ref: "Assistant/everything" }, versions: [{ version_id: V2, percentage: 10 }] },
  ],
  AssistantTest: [
    {
      name: "Refund",
      description: "A caller wants money back.",
      assistant: { ref: "Assistant/everything" },
      test_suite: "smoke",
      telnyx_conversation_channel: "phone_call",
      destination: "+15550001111",
      instructions: "You received a damaged parcel.\nAsk for a refund.",
      rubric: [{ name: "Empathy", criteria: "The assistant says that it is sorry." }],
      max_duration_seconds: 120,
    },
  ],
  McpServer: [
    {
      name: "crm",
      type: "http",
      url: "https://mcp.acme.example/crm",
      api_key_ref: "acme-crm",
      allowed_tools: ["lookup_customer"],
    },
  ],
  Tool: everyTool.map(shared),
};
