import { PROVIDERS } from "../runtime/providers/provider.ts";
import {
  among,
  any,
  dateTime,
  fill,
  integer,
  either,
  flag,
  list,
  map,
  need,
  number,
  orNull,
  record,
  text,
} from "./shape.ts";

const scalar = either(text(), number(), flag);

export const createConversation = record({ metadata: map(scalar), name: text() });
export const updateConversation = record({ metadata: map(scalar) });

export const addMessage = record({
  content: text(),
  metadata: map(either(text(), number(), flag, list(scalar))),
  name: text(),
  role: need(text()),
  sent_at: dateTime,
  tool_call_id: text(),
  tool_calls: list(map(any)),
  tool_choice: either(text(), map(any)),
});

export const chatMessage = record({
  content: need(text()),
  conversation_id: need(text()),
  name: text(),
  stream: flag,
});

const e164 = text({ pattern: /^\+[1-9]\d{1,14}$/ });

export const smsMessage = record({
  conversation_metadata: map(scalar),
  from: need(e164),
  should_create_conversation: flag,
  text: text(),
  to: need(e164),
});

const CHANNELS = ["phone_call", "sms_chat"] as const;

/** Targets are phone numbers or SIP addresses. */
export const scheduledEvent = record({
  call_settings: record({ sip_region: among("US", "Europe", "Canada", "Australia", "Middle East") }),
  conversation_metadata: map(scalar),
  dynamic_variables: map(text()),
  max_retries_client_errors: fill(integer(0, 10), 0),
  retry_interval_secs: integer(60, 86_400),
  scheduled_at_fixed_datetime: need(dateTime),
  telnyx_agent_target: need(text()),
  telnyx_conversation_channel: need(among(...CHANNELS)),
  telnyx_end_user_target: need(text()),
  text: text(),
});

export const eventQuery = record({
  conversation_channel: among(...CHANNELS),
  from_date: dateTime,
  to_date: dateTime,
});

export const toolTest = record({ arguments: map(any), dynamic_variables: map(any) });

export const enhanceInstructions = record({
  enhancement_prompt: orNull(text()),
  instructions: orNull(text()),
});

export const importAssistants = record({
  api_key_ref: need(text()),
  import_ids: list(text()),
  provider: need(among(...PROVIDERS)),
});
