import type { ReferenceRule } from "../../../model/kind.ts";
import { type Fields, referencesUnder, toolFields, toolReferences, under } from "./tool-fields.ts";

const TEXT = { multiline: true } as const;
const CLOSED = { set: "closed" } as const;
const NULLABLE = { unset: null } as const;

const voice: Fields = {
  "/language_boost": NULLABLE,
  "/api_key_ref": NULLABLE,
};

const externalLlm: Fields = {
  "/llm_api_key_ref": NULLABLE,
  "/certificate_ref": NULLABLE,
};

const node: Fields = {
  "/llm_api_key_ref": NULLABLE,
  ...under("/external_llm", externalLlm),
  "/transcription/api_key_ref": NULLABLE,
  "/instructions": TEXT,
  "/message": TEXT,
  "/shared_tool_ids": CLOSED,
  ...under("/voice_settings", voice),
};

const flow: Fields = {
  "/nodes": { keyedBy: ["/id"] },
  ...under("/nodes/*", node),
  "/edges": { keyedBy: ["/id"], ordered: true },
  "/edges/*/condition/prompt": TEXT,
  "/edges/*/condition/expression": { whole: true },
};

const a2aAgents: Fields = {
  "/*/headers": { keyedBy: ["/name"] },
  "/*/headers/*/value": { sensitive: true },
  "/*/messages/*/content": TEXT,
};

const voicemail: Fields = {
  "/on_voicemail_detected/voicemail_message/message": TEXT,
  "/on_voicemail_detected/voicemail_message/prompt": TEXT,
};

const widget: Fields = {
  "/give_feedback_url": NULLABLE,
  "/logo_icon_url": NULLABLE,
  "/report_issue_url": NULLABLE,
  "/view_history_url": NULLABLE,
};

/** What an assistant and a version of it have in common: everything but tags and the name of the version. */
export const assistantFields: Fields = {
  "/instructions": TEXT,
  "/description": TEXT,
  "/greeting": { multiline: true, unset: "" },
  "/model": { serverSet: true },
  "/llm_api_key_ref": NULLABLE,
  ...under("/external_llm", externalLlm),
  "/fallback_config/llm_api_key_ref": NULLABLE,
  ...under("/fallback_config/external_llm", externalLlm),
  "/enabled_features": CLOSED,
  "/dynamic_variables/*": { whole: true, removable: true },
  "/tool_ids": { set: "closed", unset: [] },
  "/tools": { keyedBy: ["/type", "/{type}/name"], unset: [] },
  ...under("/tools/*", toolFields),
  "/mcp_servers": { keyedBy: ["/id"], unset: [] },
  "/mcp_servers/*/allowed_tools": CLOSED,
  "/integrations": { keyedBy: ["/integration_id"], unset: [] },
  "/integrations/*/allowed_list": CLOSED,
  "/a2a_agents": { keyedBy: ["/name"], unset: [] },
  ...under("/a2a_agents", a2aAgents),
  "/conversation_flow": NULLABLE,
  ...under("/conversation_flow", flow),
  ...under("/voice_settings", voice),
  "/transcription/api_key_ref": NULLABLE,
  "/telephony_settings/default_texml_app_id": { serverSet: true, generated: true },
  ...under("/telephony_settings/voicemail_detection", voicemail),
  "/messaging_settings/default_messaging_profile_id": { serverSet: true, generated: true },
  "/insight_settings/insight_group_id": { outside: "insight group" },
  "/observability_settings/prompt_version": { serverSet: true, generated: true },
  "/observability_settings/public_key_ref": NULLABLE,
  "/observability_settings/secret_key_ref": NULLABLE,
  "/websocket_settings/auth_ref": NULLABLE,
  "/interruption_settings/interrupt_prediction_threshold": NULLABLE,
  "/delegation_settings/instructions": TEXT,
  "/delegation_settings/llm_api_key_ref": NULLABLE,
  ...under("/delegation_settings/external_llm", externalLlm),
  ...under("/widget_settings", widget),
};

/** What an assistant or a version of it refers to. */
export const assistantReferences: readonly ReferenceRule[] = [
  ...referencesUnder("/tools/*", toolReferences),
  { at: "/tool_ids/*", to: "Tool" },
  { at: "/mcp_servers/*/id", to: "McpServer" },
  { at: "/conversation_flow/nodes/*/shared_tool_ids/*", to: "Tool" },
  { at: "/conversation_flow/nodes/*/shared_tool_id", to: "Tool" },
  { at: "/conversation_flow/edges/*/target/assistant_id", to: "Assistant" },
];
