/** The settings that an assistant and a step of a flow have in common, with every field. */

export const externalLlm = {
  model: "acme-1",
  base_url: "https://llm.acme.example/v1",
  llm_api_key_ref: "acme-llm",
  authentication_method: "certificate",
  certificate_ref: "acme-certificate",
  token_retrieval_url: "https://llm.acme.example/token",
  forward_metadata: true,
};

export const voiceSettings = {
  voice: "Telnyx.KokoroTTS.af_heart",
  voice_speed: 1.1,
  api_key_ref: "acme-voices",
  background_audio: { type: "predefined_media", value: "office", volume: 0.3 },
  expressive_mode: true,
  language_boost: "Chinese,Yue",
  similarity_boost: 0.8,
  speed: 1.05,
  style: 0.1,
  temperature: 0.6,
  use_speaker_boost: false,
};

export const transcription = {
  model: "deepgram/flux",
  language: "en",
  region: "eastus",
  api_key_ref: "acme-speech",
  settings: {
    smart_format: true,
    numerals: true,
    keyterm: "Acme,{{customer_name}}",
    eot_threshold: 0.7,
    eot_timeout_ms: 4000,
    eager_eot_threshold: 0.5,
    end_of_turn_confidence_threshold: 0.5,
    min_turn_silence: 300,
    max_turn_silence: 1500,
    interim_results: true,
    enable_endpoint_detection: true,
    max_endpoint_delay_ms: 900,
    context: "Acme,inverter",
    language_hints: ["en", "es"],
  },
};
