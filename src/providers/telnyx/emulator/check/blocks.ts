import {
  among,
  any,
  fill,
  flag,
  integer,
  later,
  list,
  need,
  number,
  orNull,
  record,
  type Shape,
  tagged,
  text,
} from "./shape.ts";

const LANGUAGES =
  "auto|Chinese|Chinese,Yue|English|Arabic|Russian|Spanish|French|Portuguese|German|Turkish|Dutch|Ukrainian|Vietnamese|Indonesian|Japanese|Italian|Korean|Thai|Polish|Romanian|Greek|Czech|Finnish|Hindi|Bulgarian|Danish|Hebrew|Malay|Persian|Slovak|Swedish|Croatian|Filipino|Hungarian|Norwegian|Slovenian|Catalan|Nynorsk|Tamil|Afrikaans";

export const voiceSettings = record({
  voice: need(text()),
  api_key_ref: orNull(text()),
  background_audio: tagged({
    predefined_media: record({
      type: need(text()),
      value: fill(among("silence", "office"), "silence"),
      volume: fill(number(0.1, 1, 0.1), 1),
    }),
    media_url: record({ type: need(text()), value: need(text()) }),
    media_name: record({ type: need(text()), value: need(text()) }),
  }),
  expressive_mode: fill(flag, false),
  language_boost: fill(orNull(among(...LANGUAGES.split("|"))), null),
  similarity_boost: fill(number(), 0.75),
  speed: fill(number(), 1),
  style: fill(number(), 0),
  temperature: fill(number(), 0.5),
  use_speaker_boost: fill(flag, true),
  voice_speed: fill(number(), 1),
});

/** The list of speech models grows with each release, so it is not checked. */
export const transcription = record({
  api_key_ref: orNull(text()),
  language: text(),
  model: text(),
  region: text(),
  settings: record({
    context: text(),
    eager_eot_threshold: fill(number(0.3, 0.9), 0.8),
    enable_endpoint_detection: fill(flag, false),
    end_of_turn_confidence_threshold: fill(number(0, 1), 0.4),
    eot_threshold: fill(number(0.5, 0.9), 0.8),
    eot_timeout_ms: fill(integer(500, 10_000), 5000),
    interim_results: fill(flag, false),
    keyterm: text(),
    language_hints: list(text()),
    max_endpoint_delay_ms: integer(500, 3000),
    max_turn_silence: fill(integer(100, 5000), 1280),
    min_turn_silence: fill(integer(100, 5000), 400),
    numerals: flag,
    smart_format: flag,
  }),
});

const RECORDING = { enabled: true, channels: "dual", format: "mp3", stop_on_conversation_end: false };

export const telephonySettings = record({
  default_texml_app_id: text(),
  disable_dtmf: fill(flag, false),
  fallback_destination: text(),
  // These lists grow with each release, too.
  noise_suppression: text(),
  noise_suppression_config: record({
    attenuation_limit: fill(integer(0, 100), 100),
    enhancement_level: fill(number(), 0.8),
    family: text(),
    mode: among("advanced"),
    size: text(),
  }),
  // If a block without recording settings replaces another one, calls are recorded again: the most harmful default.
  recording_settings: fill(
    record({
      channels: fill(among("single", "dual"), RECORDING.channels),
      enabled: fill(flag, RECORDING.enabled),
      format: fill(among("wav", "mp3"), RECORDING.format),
      stop_on_conversation_end: fill(flag, RECORDING.stop_on_conversation_end),
    }),
    RECORDING,
  ),
  // Used by the API, but not documented.
  send_conversation_message_events: any,
  send_message_history_updates: flag,
  supports_unauthenticated_web_calls: flag,
  time_limit_secs: fill(integer(30, 14_400), 1800),
  user_idle_reply_secs: fill(integer(0), 10),
  user_idle_timeout_secs: integer(10, 14_400),
  voicemail_detection: record({
    on_voicemail_detected: record({
      action: among("stop_assistant", "leave_message_and_stop_assistant", "continue_assistant"),
      voicemail_message: record({ message: text(), prompt: text(), type: among("prompt", "message") }),
    }),
  }),
});

export const messagingSettings = record({
  conversation_inactivity_minutes: integer(1, 10_000_000),
  default_messaging_profile_id: text(),
  delivery_status_webhook_url: text(),
});

export const interruptionSettings = record({
  disable_greeting_interruption: flag,
  enable: fill(flag, true),
  interrupt_prediction_threshold: fill(orNull(number()), 0),
  start_speaking_plan: record({
    transcription_endpointing_plan: record({
      on_no_punctuation_seconds: fill(number(), 1.5),
      on_number_seconds: fill(number(), 0.5),
      on_punctuation_seconds: fill(number(), 0.1),
    }),
    wait_seconds: fill(number(0), 0.4),
  }),
});

export const widgetSettings = record({
  agent_thinking_text: text(),
  audio_visualizer_config: record({
    color: among("verdant", "twilight", "bloom", "mystic", "flare", "glacier"),
    preset: text(),
  }),
  default_state: among("expanded", "collapsed"),
  give_feedback_url: orNull(text()),
  logo_icon_url: orNull(text()),
  position: among("fixed", "static"),
  report_issue_url: orNull(text()),
  speak_to_interrupt_text: text(),
  start_call_text: text(),
  theme: among("light", "dark"),
  view_history_url: orNull(text()),
});

export const externalLlm = record({
  authentication_method: fill(among("token", "certificate"), "token"),
  base_url: need(text()),
  certificate_ref: orNull(text()),
  forward_metadata: fill(flag, false),
  llm_api_key_ref: orNull(text()),
  model: need(text()),
  token_retrieval_url: text(),
});

export const fallbackConfig = record({
  external_llm: externalLlm,
  llm_api_key_ref: orNull(text()),
  model: text(),
});

export const observabilitySettings = record({
  host: text(),
  prompt_label: text(),
  prompt_name: text(),
  prompt_sync: fill(among("enabled", "disabled"), "disabled"),
  prompt_version: integer(1),
  public_key_ref: orNull(text()),
  secret_key_ref: orNull(text()),
  status: fill(among("enabled", "disabled"), "disabled"),
});

/** What is said while a slow answer is pending. */
export const fillerMessages: Shape = later(() =>
  list(
    tagged({
      request_start: record({ type: need(text()), content: need(text()), timing_ms: integer() }),
      request_response_delayed: record({
        type: need(text()),
        content: need(text()),
        timing_ms: need(integer()),
      }),
    }),
  ),
);
