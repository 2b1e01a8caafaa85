import type { JsonObject } from "../../../src/model/json.ts";

const SECRET = "{{#integration_secret}}acme-desk{{/integration_secret}}";

const webhook = {
  name: "look_up_order",
  description: "Finds an order.\nUse it before you speak about a delivery.",
  url: "https://api.acme.example/orders/{id}",
  method: "POST",
  headers: [{ name: "Authorization", value: `Bearer ${SECRET}` }],
  path_parameters: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
  query_parameters: { type: "object", properties: { verbose: { type: "boolean" } }, required: ["verbose"] },
  body_parameters: {
    type: "object",
    properties: { reason: { type: "string", description: "Why the caller asks." } },
    required: ["reason"],
  },
  preset_query_params: { channel: "voice" },
  preset_body_fields: { caller: "{{telnyx_end_user_target}}", source: { name: "assistant" } },
  async: true,
  async_timeout_ms: 400,
  timeout_ms: 6000,
  messages: [
    { type: "request_start", content: "Let me have a look.", timing_ms: 100 },
    { type: "request_response_delayed", content: "One moment more.", timing_ms: 3000 },
  ],
  store_fields_as_variables: [{ name: "order_state", value_path: "order.state" }],
};

const transfer = {
  from: "+15550001111",
  targets: [
    {
      name: "Workshop",
      to: "sip:workshop@acme.example",
      extension: "ww200#",
      message: "A caller has a question about a repair.",
      sip_auth_username: "acme",
      sip_auth_password: SECRET,
    },
    { to: "+15550002222" },
  ],
  description: "Transfers the caller to a person.",
  diversion: "{{telnyx_agent_target}}",
  warm_transfer_instructions: "Say who calls and why.",
  warm_transfer_acceptance: { enabled: true, end_user_target_context_mode: "shared" },
  warm_message_delay_ms: 1500,
  custom_headers: [{ name: "X-Ticket", value: "{{ticket}}" }],
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
      silence_threshold: 512,
      total_analysis_time_millis: 5000,
    },
    on_voicemail_detected: {
      action: "leave_message_and_stop_transfer",
      voicemail_message: { type: "message", message: "Please call Acme back." },
    },
  },
};

const invite = {
  from: "+15550001111",
  targets: [{ name: "Interpreter", to: "+15550003333" }],
  custom_headers: [{ name: "X-Reason", value: "interpreter" }],
  voicemail_detection: {
    detection_mode: "disabled",
    on_voicemail_detected: { action: "stop_invite" },
  },
};

const refer = {
  targets: [
    {
      name: "Partner",
      sip_address: "sip:partner@partner.example",
      sip_auth_username: "acme",
      sip_auth_password: SECRET,
    },
  ],
  sip_headers: [{ name: "User-to-User", value: "{{ticket}};encoding=ascii" }],
  custom_headers: [{ name: "X-From", value: "acme" }],
};

const updateDynamicVariables = {
  name: "note_details",
  description: "Keeps what the caller said about the visit.",
  updatable_variables: [{ name: "visit.day", description: "The day of the visit.", type: "string" }],
};

/** One tool of every type, with every field. */
export const everyTool: readonly JsonObject[] = [
  {
    type: "function",
    function: { name: "show_map", description: "Shows a map.", parameters: { type: "object" } },
  },
  { type: "webhook", webhook, timeout_ms: 8000 },
  {
    type: "client_side_tool",
    client_side_tool: {
      name: "open_page",
      description: "Opens a page in the app.",
      parameters: { type: "object", properties: { page: { type: "string" } }, required: ["page"] },
    },
  },
  { type: "retrieval", retrieval: { bucket_ids: ["acme-handbook"], max_num_results: 5 } },
  {
    type: "handoff",
    handoff: {
      ai_assistants: [{ name: "Billing questions", id: { ref: "Assistant/billing" } }],
      voice_mode: "distinct",
    },
  },
  { type: "hangup", hangup: { description: "Ends the call after a goodbye." } },
  { type: "transfer", transfer },
  { type: "invite", invite },
  { type: "refer", refer },
  { type: "send_dtmf", send_dtmf: {} },
  { type: "send_message", send_message: { message_template: "Your ticket is {{ticket}}." } },
  { type: "skip_turn", skip_turn: { description: "Waits while the caller looks for a number." } },
  {
    type: "pay",
    pay: {
      connector_name: "acme-stripe",
      currency: "EUR",
      payment_method: "credit-card",
      description: "Takes a payment for an open invoice.",
    },
  },
  { type: "update_dynamic_variables", update_dynamic_variables: updateDynamicVariables },
  { type: "vision", vision: {} },
];
