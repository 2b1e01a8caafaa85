import type { JsonObject } from "../../src/model/json.ts";
import { schema as assistant } from "../../src/providers/telnyx/kinds/assistant/schema.ts";
import { schema as assistantTest } from "../../src/providers/telnyx/kinds/assistant-test/schema.ts";
import { schema as assistantVersion } from "../../src/providers/telnyx/kinds/assistant-version/schema.ts";
import { schema as canaryDeploy } from "../../src/providers/telnyx/kinds/canary-deploy/schema.ts";
import { schema as mcpServer } from "../../src/providers/telnyx/kinds/mcp-server/schema.ts";
import { schema as tool } from "../../src/providers/telnyx/kinds/tool/schema.ts";

export const schemas = {
  Assistant: assistant,
  AssistantVersion: assistantVersion,
  CanaryDeploy: canaryDeploy,
  AssistantTest: assistantTest,
  McpServer: mcpServer,
  Tool: tool,
} satisfies Readonly<Record<string, JsonObject>>;

export type KindName = keyof typeof schemas;
