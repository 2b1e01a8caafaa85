import type { JsonObject } from "../../../model/json.ts";
import { invite, refer, transfer } from "./call-tools-schema.ts";
import { OF_SHARED_TOOLS, OF_TOOL_ENTRIES } from "./response-only.ts";
import { free, integer, list, object, openVariants, tag } from "./schema-builders.ts";
import type { Properties } from "./schema-types.ts";
import {
  clientSideTool,
  functionBlock,
  handoff,
  hangup,
  pay,
  retrieval,
  sendDtmf,
  sendMessage,
  skipTurn,
  updateDynamicVariables,
} from "./tool-blocks-schema.ts";
import { webhook } from "./webhook-schema.ts";

/** Of an entry of `tools`, and of a shared tool. */
const OF_TOOLS = [...new Set<string>([...OF_TOOL_ENTRIES, ...OF_SHARED_TOOLS])];

export const TOOL_TYPE = "The type of the tool; its settings are under the key of the same name.";

/** A tool of one type: its settings, required, under the key that the type names. */
function tool<const T extends string, P extends Readonly<Record<T, JsonObject>>>(type: T, fields: P) {
  return object(
    `A tool of type \`${type}\`.`,
    { type: tag(type, TOOL_TYPE), ...fields },
    { required: ["type", type], responseOnly: OF_TOOLS },
  );
}

/** Documented by its type alone, so its settings are free, and may be absent. */
function visionTool<P extends Properties>(more: P) {
  return object(
    "A tool of type `vision` (beta): looks at pictures of a camera or a shared screen.",
    { type: tag("vision", TOOL_TYPE), vision: free("Its settings, passed on as they are."), ...more },
    { required: ["type"], responseOnly: OF_TOOLS },
  );
}

/** One shape for each type of tool. Every one also has the fields of `more`, webhooks those of `forWebhooks`. */
export function toolVariants<P extends Properties, W extends Properties>(more: P, forWebhooks: W) {
  return [
    tool("function", { function: functionBlock, ...more }),
    tool("webhook", { webhook, ...more, ...forWebhooks }),
    tool("client_side_tool", { client_side_tool: clientSideTool, ...more }),
    tool("retrieval", { retrieval, ...more }),
    tool("handoff", { handoff, ...more }),
    tool("hangup", { hangup, ...more }),
    tool("transfer", { transfer, ...more }),
    tool("invite", { invite, ...more }),
    tool("refer", { refer, ...more }),
    tool("send_dtmf", { send_dtmf: sendDtmf, ...more }),
    tool("send_message", { send_message: sendMessage, ...more }),
    tool("skip_turn", { skip_turn: skipTurn, ...more }),
    tool("pay", { pay, ...more }),
    tool("update_dynamic_variables", { update_dynamic_variables: updateDynamicVariables, ...more }),
    visionTool(more),
  ] as const;
}

export const inlineTools = list(
  "Tools of this assistant only; Telnyx now prefers shared tools, attached by `tool_ids`.",
  openVariants(
    "One tool.",
    TOOL_TYPE,
    toolVariants(
      {},
      {
        timeout_ms: integer("Milliseconds to wait for the server's answer, unless the webhook is `async`.", {
          maximum: 60000,
          default: 5000,
        }),
      },
    ),
  ),
);
