import type Telnyx from "telnyx";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../model/json.ts";
import { emulatorForTests } from "../../../../test/e2e/raw-client.ts";

const { api } = await emulatorForTests();

type Params = Telnyx.AI.AssistantCreateParams;
/** Every optional field must be there: a field that the SDK learns and this test does not is a type error. */
type Full<T> = T extends readonly (infer U)[]
  ? Full<U>[]
  : T extends object
    ? { [K in keyof T]-?: Full<T[K]> }
    : T;
type Tool<T extends string> = Full<Extract<NonNullable<Params["tools"]>[number], { type: T }>>;
type FullTool<T extends string> = Omit<Tool<T>, "shared">;

const parameters = { type: "object" as const, properties: { id: { type: "string" } }, required: ["id"] };
const headers = [{ name: "X-A", value: "1" }];

const webhook: FullTool<"webhook"> = {
  type: "webhook",
  timeout_ms: 7000,
  webhook: {
    name: "lookup",
    description: "d",
    url: "https://example.com/{id}",
    async: true,
    async_timeout_ms: 500,
    method: "GET",
    headers,
    body_parameters: parameters,
    path_parameters: parameters,
    query_parameters: parameters,
    preset_body_fields: { a: 1 },
    preset_query_params: { b: "2" },
    messages: [
      { type: "request_start", content: "One moment.", timing_ms: 0 },
      { type: "request_response_delayed", content: "Still there.", timing_ms: 3000 },
    ],
    store_fields_as_variables: [{ name: "tier", value_path: "customer.tier" }],
  },
};
const clientSide: FullTool<"client_side_tool"> = {
  type: "client_side_tool",
  client_side_tool: { name: "scroll", description: "d", parameters },
};
const transfer: FullTool<"transfer"> = {
  type: "transfer",
  transfer: {
    from: "+15550001111",
    description: "d",
    diversion: "+15550001112",
    targets: [
      {
        to: "sip:a@example.com",
        name: "A",
        extension: "12",
        message: "m",
        sip_auth_username: "u",
        sip_auth_password: "{{#integration_secret}}sip{{/integration_secret}}",
      },
    ],
    custom_headers: headers,
    warm_message_delay_ms: null,
    warm_transfer_acceptance: { enabled: true, end_user_target_context_mode: "private" },
    warm_transfer_instructions: "w",
    voicemail_detection: {
      detection_mode: "premium",
      detection_config: {
        after_greeting_silence_millis: 800,
        between_words_silence_millis: 50,
        greeting_duration_millis: 3500,
        greeting_silence_duration_millis: 1500,
        greeting_total_analysis_time_millis: 5000,
        initial_silence_millis: 3500,
        maximum_number_of_words: 5,
        maximum_word_length_millis: 3500,
        min_word_length_millis: 100,
        silence_threshold: 256,
        total_analysis_time_millis: 3500,
      },
      on_voicemail_detected: {
        action: "leave_message_and_stop_transfer",
        voicemail_message: { type: "message", message: "m" },
      },
    },
  },
};
const invite: FullTool<"invite"> = {
  type: "invite",
  invite: {
    from: "+15550001111",
    targets: [{ to: "+15550002222", name: "B" }],
    custom_headers: headers,
    voicemail_detection: { detection_mode: "disabled", on_voicemail_detected: { action: "stop_invite" } },
  },
};
const refer: FullTool<"refer"> = {
  type: "refer",
  refer: {
    targets: [{ name: "n", sip_address: "sip:a@b", sip_auth_username: "u", sip_auth_password: "p" }],
    custom_headers: headers,
    sip_headers: [{ name: "User-to-User", value: "x" }],
  },
};
const pay: FullTool<"pay"> = {
  type: "pay",
  pay: { connector_name: "c", currency: "EUR", description: "d", payment_method: "ach-debit" },
};
const variables: FullTool<"update_dynamic_variables"> = {
  type: "update_dynamic_variables",
  update_dynamic_variables: {
    name: "remember",
    description: "d",
    updatable_variables: [{ name: "mood", description: "d", type: "string" }],
  },
};
const handoff = (id: string): FullTool<"handoff"> => ({
  type: "handoff",
  handoff: { ai_assistants: [{ id, name: "other" }], voice_mode: "distinct" },
});
const small = [
  { type: "retrieval", retrieval: { bucket_ids: ["faq"], max_num_results: 3 } },
  { type: "hangup", hangup: { description: "d" } },
  { type: "skip_turn", skip_turn: { description: "d" } },
  { type: "send_dtmf", send_dtmf: { any: "thing" } },
  { type: "send_message", send_message: { message_template: null, any: "thing" } },
  { type: "function", function: { name: "f", any: "thing" } },
];

const externalLlm: Full<NonNullable<Params["external_llm"]>> = {
  base_url: "https://llm.example.com",
  model: "m",
  authentication_method: "certificate",
  certificate_ref: "cert",
  forward_metadata: true,
  llm_api_key_ref: "llm",
  token_retrieval_url: "https://llm.example.com/token",
};
const voice: Full<NonNullable<Params["voice_settings"]>> = {
  voice: "ElevenLabs.v3.x",
  api_key_ref: "eleven",
  background_audio: { type: "predefined_media", value: "office", volume: 0.3 },
  expressive_mode: true,
  language_boost: "Chinese,Yue",
  similarity_boost: 0.1,
  speed: 1.1,
  style: 0.2,
  temperature: 0.3,
  use_speaker_boost: false,
  voice_speed: 1.2,
};
const transcription: Full<NonNullable<Params["transcription"]>> = {
  api_key_ref: "azure",
  language: "auto",
  model: "soniox/stt-rt-v5",
  region: "eu",
  settings: {
    context: "c",
    eager_eot_threshold: 0.4,
    enable_endpoint_detection: true,
    end_of_turn_confidence_threshold: 0.5,
    eot_threshold: 0.7,
    eot_timeout_ms: 4000,
    interim_results: true,
    keyterm: "k",
    language_hints: ["en"],
    max_endpoint_delay_ms: 600,
    max_turn_silence: 1000,
    min_turn_silence: 300,
    numerals: true,
    smart_format: true,
  },
};
const telephony: Full<NonNullable<Params["telephony_settings"]>> = {
  default_texml_app_id: "123",
  disable_dtmf: true,
  fallback_destination: "+15550003333",
  noise_suppression: "aicoustics",
  noise_suppression_config: {
    attenuation_limit: 50,
    enhancement_level: 0.5,
    family: "quail",
    mode: "advanced",
    size: "vf",
  },
  recording_settings: { channels: "single", enabled: false, format: "wav", stop_on_conversation_end: true },
  send_message_history_updates: true,
  supports_unauthenticated_web_calls: true,
  time_limit_secs: 600,
  user_idle_reply_secs: 0,
  user_idle_timeout_secs: 10,
  voicemail_detection: {
    on_voicemail_detected: {
      action: "continue_assistant",
      voicemail_message: { type: "prompt", prompt: "p", message: "m" },
    },
  },
};

interface Ids {
  readonly other: string;
  readonly mcp: string;
  readonly tool: string;
}

/** A flow is apart: two of a node's fields exclude each other. */
type Whole = Omit<Full<Params>, "Idempotency-Key" | "conversation_flow" | "tools">;

const whole = ({ mcp, tool }: Ids): Whole => ({
  name: "n",
  instructions: "i",
  description: "d",
  greeting: "",
  model: "m",
  llm_api_key_ref: "llm",
  tags: ["a"],
  enabled_features: ["messaging", "telephony"],
  dynamic_variables: { a: null, b: { c: [1] } },
  dynamic_variables_webhook_timeout_ms: 900,
  dynamic_variables_webhook_url: "https://example.com/variables",
  a2a_agents: [
    {
      name: "weather",
      url: "https://agent.example.com",
      async: true,
      headers,
      messages: [{ type: "request_start", content: "c", timing_ms: 1 }],
      poll_interval_ms: 250,
      timeout_ms: 9000,
    },
  ],
  external_llm: externalLlm,
  fallback_config: { external_llm: externalLlm, llm_api_key_ref: "llm", model: "m" },
  insight_settings: { insight_group_id: "5f0c7b1e-aaaa-4bbb-8ccc-0123456789ab" },
  integrations: [{ integration_id: "salesforce", allowed_list: ["query"] }],
  interruption_settings: {
    disable_greeting_interruption: true,
    enable: false,
    interrupt_prediction_threshold: null,
    start_speaking_plan: {
      wait_seconds: 0.1,
      transcription_endpointing_plan: {
        on_no_punctuation_seconds: 1,
        on_number_seconds: 2,
        on_punctuation_seconds: 3,
      },
    },
  },
  mcp_servers: [{ id: mcp, allowed_tools: ["a"] }],
  messaging_settings: {
    conversation_inactivity_minutes: 5,
    default_messaging_profile_id: "p",
    delivery_status_webhook_url: "https://example.com/status",
  },
  observability_settings: {
    host: "https://langfuse.example.com",
    prompt_label: "l",
    prompt_name: "n",
    prompt_sync: "enabled",
    prompt_version: 2,
    public_key_ref: "p",
    secret_key_ref: "s",
    status: "enabled",
  },
  post_conversation_settings: { enabled: true },
  privacy_settings: { data_retention: false, in_transit_data_locality: true },
  telephony_settings: telephony,
  tool_ids: [tool],
  transcription,
  voice_settings: voice,
  widget_settings: {
    agent_thinking_text: "t",
    audio_visualizer_config: { color: "bloom", preset: "p" },
    default_state: "collapsed",
    give_feedback_url: null,
    logo_icon_url: "https://example.com/logo.png",
    position: "static",
    report_issue_url: null,
    speak_to_interrupt_text: "s",
    start_call_text: "c",
    theme: "dark",
    view_history_url: null,
  },
});

async function prepared(): Promise<Ids> {
  const other = await api.post("/ai/assistants", { name: "other", instructions: "i" });
  const mcp = await api.post("/ai/mcp_servers", { name: "crm", type: "http", url: "https://x" });
  const tool = await api.post("/ai/tools", {
    display_name: "t",
    type: "webhook",
    webhook: { name: "shared", description: "d", url: "https://x" },
  });
  return { other: other.body.id, mcp: mcp.body.id, tool: tool.body.id };
}

test("every field comes back as it was sent, and may be sent again", async () => {
  const ids = await prepared();
  const tools = [webhook, clientSide, transfer, invite, refer, pay, variables, handoff(ids.other), ...small];
  const body = {
    ...whole(ids),
    delegation_settings: {
      enabled: false,
      mode: "client",
      model: "m",
      llm_api_key_ref: "llm",
      instructions: "i",
      speak_results: false,
      external_llm: externalLlm,
    },
    websocket_settings: { enabled: true, url: "wss://x", auth_ref: "w" },
  };
  const created = await api.post("/ai/assistants", { ...body, tools } as unknown as Json);
  expect(created.status).toBe(200);
  const { tool_ids: _attached, ...shown } = body;
  expect(created.body).toMatchObject(shown);
  const listed = created.body["tools"] as readonly JsonObject[];
  expect(listed.map(({ shared: _shared, ...tool }) => tool).slice(0, -1)).toEqual(tools);

  const again = await api.post(`/ai/assistants/${created.body.id}`, {
    ...created.body,
    tools: listed.filter((tool) => tool["shared"] === false),
  });
  const volatile = { version_id: expect.any(String), version_created_at: expect.any(String) };
  expect(again.body).toEqual({ ...created.body, ...volatile });
});
