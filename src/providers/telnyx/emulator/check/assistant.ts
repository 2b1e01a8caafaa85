import {
  externalLlm,
  fallbackConfig,
  fillerMessages,
  interruptionSettings,
  messagingSettings,
  observabilitySettings,
  telephonySettings,
  transcription,
  voiceSettings,
  widgetSettings,
} from "./blocks.ts";
import { conversationFlow } from "./flow.ts";
import { among, any, fill, flag, free, integer, list, need, orNull, partial, record, text } from "./shape.ts";
import { inlineTool } from "./tool.ts";

const a2aAgent = record({
  async: fill(flag, false),
  headers: list(record({ name: text(), value: text() })),
  messages: fillerMessages,
  name: need(text({ max: 43 })),
  poll_interval_ms: fill(integer(), 500),
  timeout_ms: integer(),
  url: need(text({ max: 2048 })),
});

const FIELDS = {
  a2a_agents: fill(list(a2aAgent), []),
  avatar_settings: record({ model: need(text()), provider: text() }, "keep"),
  conversation_flow: orNull(conversationFlow),
  delegation_settings: record({
    enabled: fill(flag, true),
    external_llm: externalLlm,
    instructions: text(),
    llm_api_key_ref: orNull(text()),
    mode: fill(among("telnyx", "client"), "telnyx"),
    model: text(),
    speak_results: fill(flag, true),
  }),
  description: text(),
  dynamic_variables: free,
  dynamic_variables_webhook_timeout_ms: fill(integer(1, 10_000), 1500),
  dynamic_variables_webhook_url: text(),
  enabled_features: list(among("telephony", "messaging")),
  external_llm: externalLlm,
  fallback_config: fallbackConfig,
  greeting: text(),
  insight_settings: record({ insight_group_id: text() }),
  instructions: need(text()),
  integrations: fill(list(record({ allowed_list: list(text()), integration_id: need(text()) })), []),
  interruption_settings: interruptionSettings,
  llm_api_key_ref: orNull(text()),
  mcp_servers: fill(list(record({ allowed_tools: list(text()), id: need(text()) })), []),
  messaging_settings: messagingSettings,
  model: text(),
  name: need(text()),
  observability_settings: observabilitySettings,
  post_conversation_settings: record({ enabled: fill(flag, false) }),
  privacy_settings: record({
    data_retention: flag,
    in_transit_data_locality: fill(flag, false),
    // Used by the API, but not documented.
    pii_redaction: any,
  }),
  tags: fill(list(text()), []),
  telephony_settings: telephonySettings,
  tool_ids: list(text()),
  tools: list(inlineTool),
  transcription,
  voice_settings: voiceSettings,
  websocket_settings: record({ auth_ref: orNull(text()), enabled: fill(flag, false), url: text() }),
  widget_settings: widgetSettings,
};

export const createAssistant = record(FIELDS);

/** The body of an edit of a version. */
export const updateVersion = partial(
  record({
    ...FIELDS,
    enabled_features: list(among("telephony", "messaging"), { unique: true }),
    version_name: text({ max: 50 }),
  }),
);

export const updateAssistant = partial(
  record({
    ...(updateVersion.is === "record" ? updateVersion.fields : {}),
    promote_to_main: flag,
  }),
);

export const addTag = record({ tag: need(text()) });
