import type { JsonObject } from "../../../src/model/json.ts";
import { everyFlow } from "./flow.ts";
import { externalLlm, transcription, voiceSettings } from "./models.ts";
import { everyTool } from "./tools.ts";

const telephonySettings = {
  default_texml_app_id: "2000000000000000001",
  supports_unauthenticated_web_calls: true,
  noise_suppression: "deepfilternet",
  noise_suppression_config: {
    attenuation_limit: 80,
    mode: "advanced",
    family: "quail",
    size: "vf",
    enhancement_level: 0.7,
  },
  time_limit_secs: 900,
  user_idle_timeout_secs: 60,
  user_idle_reply_secs: 12,
  fallback_destination: "+15550004444",
  send_message_history_updates: false,
  disable_dtmf: true,
  recording_settings: {
    enabled: false,
    channels: "single",
    format: "wav",
    stop_on_conversation_end: true,
  },
  voicemail_detection: {
    on_voicemail_detected: {
      action: "leave_message_and_stop_assistant",
      voicemail_message: { type: "prompt", prompt: "Ask to call back.", message: "Please call back." },
    },
  },
};

const widgetSettings = {
  theme: "dark",
  position: "static",
  default_state: "collapsed",
  audio_visualizer_config: { color: "glacier", preset: "bars" },
  start_call_text: "Talk to us",
  agent_thinking_text: "One moment",
  speak_to_interrupt_text: "Just speak",
  logo_icon_url: "https://acme.example/logo.svg",
  give_feedback_url: "https://acme.example/feedback",
  report_issue_url: null,
  view_history_url: null,
};

/** An assistant with every field that there is. */
export const everyAssistant: JsonObject = {
  name: "Everything",
  description: "Uses every field.\nFor tests.",
  tags: ["support", "english"],
  instructions: "You answer the phone at Acme.\nBe brief.",
  greeting: "Hi, this is Acme.",
  conversation_flow: everyFlow,
  dynamic_variables: { customer_name: "there", age: 30, interests: ["solar"], note: null },
  dynamic_variables_webhook_url: "https://hooks.acme.example/variables",
  dynamic_variables_webhook_timeout_ms: 2000,
  model: "meta-llama/Llama-3.3-70B-Instruct",
  llm_api_key_ref: "acme-llm",
  external_llm: externalLlm,
  fallback_config: {
    model: "moonshotai/Kimi-K2.6",
    llm_api_key_ref: "acme-llm",
    external_llm: externalLlm,
  },
  delegation_settings: {
    enabled: false,
    mode: "client",
    model: "moonshotai/Kimi-K2.6",
    llm_api_key_ref: "acme-llm",
    instructions: "Know the price list.",
    speak_results: false,
    external_llm: externalLlm,
  },
  enabled_features: ["telephony", "messaging"],
  tool_ids: [{ ref: "Tool/open-ticket" }],
  tools: everyTool,
  mcp_servers: [{ id: { ref: "McpServer/crm" }, allowed_tools: ["lookup_customer"] }],
  integrations: [{ integration_id: "salesforce", allowed_list: ["find_contact"] }],
  a2a_agents: [
    {
      name: "billing_agent",
      url: "https://agents.acme.example",
      headers: [{ name: "X-{{tenant}}-Key", value: "{{#integration_secret}}agent{{/integration_secret}}" }],
      async: true,
      timeout_ms: 30000,
      poll_interval_ms: 700,
      messages: [
        { type: "request_start", content: "I am asking a colleague.", timing_ms: 100 },
        { type: "request_response_delayed", content: "Still asking.", timing_ms: 4000 },
      ],
    },
  ],
  voice_settings: voiceSettings,
  transcription,
  avatar_settings: { model: "studio", provider: "telnyx" },
  interruption_settings: {
    enable: false,
    disable_greeting_interruption: true,
    interrupt_prediction_threshold: 0.4,
    start_speaking_plan: {
      wait_seconds: 0.6,
      transcription_endpointing_plan: {
        on_punctuation_seconds: 0.2,
        on_no_punctuation_seconds: 1.2,
        on_number_seconds: 0.7,
      },
    },
  },
  telephony_settings: telephonySettings,
  messaging_settings: {
    default_messaging_profile_id: "4001893f-2af5-4d7a-8a72-000000000001",
    delivery_status_webhook_url: "https://hooks.acme.example/delivery",
    conversation_inactivity_minutes: 120,
  },
  widget_settings: widgetSettings,
  websocket_settings: { enabled: true, url: "wss://events.acme.example/telnyx", auth_ref: "acme-events" },
  insight_settings: { insight_group_id: "5001893f-2af5-4d7a-8a72-000000000001" },
  privacy_settings: { data_retention: true, in_transit_data_locality: true },
  post_conversation_settings: { enabled: true },
  observability_settings: {
    status: "enabled",
    host: "https://langfuse.acme.example",
    public_key_ref: "acme-langfuse-public",
    secret_key_ref: "acme-langfuse-secret",
    prompt_sync: "enabled",
    prompt_name: "front-desk",
    prompt_label: "production",
    prompt_version: 3,
  },
};

/** What one assistant cannot have at the same time. */
export const otherAssistants: readonly JsonObject[] = [
  { type: "media_url", value: "https://media.acme.example/lobby.mp3" },
  { type: "media_name", value: "lobby" },
].map((background_audio) => ({
  instructions: "You answer the phone at Acme.",
  voice_settings: { voice: "Telnyx.KokoroTTS.af_heart", background_audio },
}));
