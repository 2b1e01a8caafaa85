import { fillerMessages } from "./blocks.ts";
import {
  among,
  either,
  fill,
  flag,
  free,
  integer,
  list,
  need,
  orNull,
  record,
  type Shape,
  text,
} from "./shape.ts";

/** A JSON Schema: other keywords are kept. */
const parameters = record({ properties: free, required: list(text()), type: among("object") }, "keep");
const headers = list(record({ name: text(), value: text() }));
const targets = list(
  record({
    extension: text(),
    message: text(),
    name: text(),
    sip_auth_password: text(),
    sip_auth_username: text(),
    to: need(text()),
  }),
);

const webhook = record({
  async: fill(flag, false),
  async_timeout_ms: integer(1, 15_000),
  body_parameters: parameters,
  description: need(text()),
  headers,
  messages: fillerMessages,
  method: fill(among("GET", "POST", "PUT", "DELETE", "PATCH"), "POST"),
  name: need(text()),
  path_parameters: parameters,
  preset_body_fields: free,
  preset_query_params: free,
  query_parameters: parameters,
  store_fields_as_variables: list(
    record({ name: need(text({ min: 1 })), value_path: need(text({ min: 1 })) }, "forbid"),
  ),
  // Any value is stored, and none is applied.
  timeout_ms: integer(),
  url: need(text()),
});

const voicemailTimes = record({
  after_greeting_silence_millis: integer(100, 5000),
  between_words_silence_millis: integer(10, 5000),
  greeting_duration_millis: integer(100, 10_000),
  greeting_silence_duration_millis: integer(500, 50_000),
  greeting_total_analysis_time_millis: integer(500, 300_000),
  initial_silence_millis: integer(100, 500_000),
  maximum_number_of_words: integer(1, 50),
  maximum_word_length_millis: integer(50, 5000),
  min_word_length_millis: integer(1, 1000),
  silence_threshold: integer(1, 1000),
  total_analysis_time_millis: integer(500, 60_000),
});

const transfer = record({
  custom_headers: headers,
  description: text(),
  diversion: text(),
  from: need(text()),
  targets: need(either(targets, text())),
  voicemail_detection: record({
    detection_config: voicemailTimes,
    detection_mode: among("disabled", "premium"),
    on_voicemail_detected: record({
      action: among("stop_transfer", "leave_message_and_stop_transfer"),
      voicemail_message: record({ message: text(), type: among("message", "warm_transfer_instructions") }),
    }),
  }),
  warm_message_delay_ms: orNull(integer()),
  warm_transfer_acceptance: free,
  warm_transfer_instructions: text(),
});

const invite = record({
  custom_headers: headers,
  from: need(text()),
  targets: orNull(either(targets, text())),
  voicemail_detection: record({
    detection_mode: among("disabled", "premium"),
    on_voicemail_detected: record({ action: among("stop_invite") }),
  }),
});

const refer = record({
  custom_headers: headers,
  sip_headers: list(record({ name: among("User-to-User", "Diversion"), value: text() })),
  targets: need(
    list(
      record({
        name: need(text()),
        sip_address: need(text()),
        sip_auth_password: text(),
        sip_auth_username: text(),
      }),
    ),
  ),
});

const pay = record({
  connector_name: need(text()),
  currency: fill(text(), "USD"),
  description: fill(orNull(text()), null),
  payment_method: fill(text(), "credit-card"),
});

const updateDynamicVariables = record({
  description: need(text()),
  name: need(text({ pattern: /^[a-zA-Z0-9_-]+$/ })),
  updatable_variables: need(
    list(
      record({
        description: text(),
        name: need(text({ pattern: /^(?!telnyx_)[a-zA-Z0-9._-]+$/ })),
        type: text(),
      }),
      { min: 1 },
    ),
  ),
});

const handoff = record({
  ai_assistants: need(list(record({ id: need(text()), name: need(text()) }))),
  voice_mode: among("unified", "distinct"),
});

const BLOCKS: Readonly<Record<string, Shape>> = {
  webhook,
  client_side_tool: record({ description: need(text()), name: need(text()), parameters: need(parameters) }),
  retrieval: record({ bucket_ids: need(list(text())), max_num_results: integer() }),
  handoff,
  hangup: record({ description: fill(text(), "This tool is used to hang up the call.") }),
  transfer,
  invite,
  refer,
  send_dtmf: free,
  send_message: record({ message_template: orNull(text()) }, "keep"),
  skip_turn: record({
    description: fill(text(), "This tool is used to skip the assistant turn without producing a response."),
  }),
  pay,
  update_dynamic_variables: updateDynamicVariables,
  function: free,
};

/** The settings of the type are documented and required. */
export function isDescribed(type: string): boolean {
  return Object.hasOwn(BLOCKS, type);
}

/** Only webhooks accept a time limit next to their block. */
const EXTRAS: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  webhook: { timeout_ms: fill(integer(undefined, 60_000), 5000) },
};

/** Nearly every release of the API adds types of tools. */
const newTool = record({ type: need(text()) }, "keep");

export const inlineTool: Shape = {
  is: "tagged",
  unknown: newTool,
  variants: Object.fromEntries(
    Object.entries(BLOCKS).map(([type, block]) => [
      type,
      record({ type: need(text()), [type]: need(block), ...EXTRAS[type] }),
    ]),
  ),
};

/** Shared tools: the blocks are open objects; only `pay` and `update_dynamic_variables` have a described form. */
export const sharedTool = record(
  {
    client_side_tool: free,
    display_name: need(text()),
    function: free,
    handoff: free,
    invite: free,
    pay,
    retrieval: free,
    timeout_ms: fill(integer(), 5000),
    type: need(text()),
    update_dynamic_variables: updateDynamicVariables,
    webhook: free,
  },
  "keep",
);
