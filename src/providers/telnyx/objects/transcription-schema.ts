import { flag, integer, known, list, number, object, secretIdentifier, text } from "./schema-builders.ts";

const MODELS = [
  "deepgram/flux",
  "deepgram/nova-3",
  "deepgram/nova-2",
  "azure/fast",
  "assemblyai/universal-3-5-pro",
  "assemblyai/universal-streaming",
  "xai/grok-stt",
  "soniox/stt-rt-v4",
  "soniox/stt-rt-v5",
  "nvidia/parakeet-v3",
  "omi-health/omi-med-stt-v1",
  "humain/realtime",
  "reson8/turns",
  "cohere/ar-stt",
  "distil-whisper/distil-large-v2",
  "openai/whisper-large-v3-turbo",
] as const;

const transcriptionSettings = object("Fine tuning; most settings belong to one family of models.", {
  smart_format: flag("Whether dates, amounts and the like are formatted for reading."),
  numerals: flag("Whether spoken numbers are written as digits."),
  keyterm: text("Words to listen for, separated by commas; Deepgram nova-3 and flux.", {
    examples: ["Acme,{{customer_name}},VoIP"],
  }),
  eot_threshold: number("How sure the model must be that the caller has finished; Deepgram flux.", {
    minimum: 0.5,
    maximum: 0.9,
    default: 0.8,
  }),
  eot_timeout_ms: integer("Milliseconds of silence that end a turn in any case; Deepgram flux.", {
    minimum: 500,
    maximum: 10000,
    default: 5000,
  }),
  eager_eot_threshold: number(
    "How sure the model must be to prepare an answer early, at most `eot_threshold`; Deepgram flux.",
    { minimum: 0.3, maximum: 0.9, default: 0.8 },
  ),
  end_of_turn_confidence_threshold: number(
    "How sure the model must be that the caller has finished; AssemblyAI.",
    { minimum: 0, maximum: 1, default: 0.4 },
  ),
  min_turn_silence: integer(
    "Milliseconds of silence before a turn may end, at most `max_turn_silence`; AssemblyAI.",
    { minimum: 100, maximum: 5000, default: 400 },
  ),
  max_turn_silence: integer("Milliseconds of silence that end a turn in any case; AssemblyAI.", {
    minimum: 100,
    maximum: 5000,
    default: 1280,
  }),
  interim_results: flag("Whether unfinished transcripts are streamed as well; Soniox.", { default: false }),
  enable_endpoint_detection: flag("Whether the model reports the end of an utterance; Soniox.", {
    default: false,
  }),
  max_endpoint_delay_ms: integer(
    "Milliseconds of silence until the end of an utterance is reported, with `enable_endpoint_detection`; Soniox.",
    { minimum: 500, maximum: 3000 },
  ),
  context: text("Words to listen for, separated by commas; Soniox.", {
    maxLength: 10000,
    examples: ["Acme,{{customer_name}},VoIP"],
  }),
  language_hints: list(
    "Languages to expect, instead of the one in `language`; Soniox.",
    text("A language code of ISO 639-1.", { examples: ["nl"] }),
  ),
});

export const transcription = object("How speech becomes text.", {
  model: known("The speech-to-text model.", MODELS, { examples: ["deepgram/flux"] }),
  language: text("The language spoken; `auto` or nothing lets most models find out.", {
    examples: ["en", "auto"],
  }),
  region: text("The region of the cloud provider, for Azure models."),
  api_key_ref: secretIdentifier(
    "The integration secret with the provider's key, for Azure regions that need one.",
  ),
  settings: transcriptionSettings,
});
