import { choice, flag, number, object, secretIdentifier, tag, text, variants } from "./schema-builders.ts";

const backgroundAudio = variants("Sound that plays under the conversation.", [
  object(
    "One of the sounds that Telnyx offers.",
    {
      type: tag("predefined_media", "A sound that Telnyx offers."),
      value: choice("Which sound; `silence` switches background audio off.", ["silence", "office"], {
        default: "silence",
      }),
      // The API has these as `multipleOf: 0.1`, which rejects 0.3 and 0.7: they are not multiples in binary.
      volume: number("How loud it is, from 0.1 to 1 in steps of 0.1.", {
        enum: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
        default: 1,
      }),
    },
    { required: ["type", "value"] },
  ),
  object(
    "An MP3 file on the web.",
    {
      type: tag("media_url", "An MP3 file on the web, played in a loop."),
      // A pattern instead of `format: uri`, which validators only check with a plug-in.
      value: {
        ...text("The address of the MP3 file.", {
          pattern: "^[A-Za-z][A-Za-z0-9+.-]*:\\S+$",
          examples: ["https://media.acme.example/lobby.mp3"],
        }),
        "x-url": ["https", "http"],
      },
    },
    { required: ["type", "value"] },
  ),
  object(
    "A file in Telnyx Media Storage.",
    {
      type: tag("media_name", "A file in Telnyx Media Storage, played in a loop."),
      value: text("The name under which the file was uploaded.", { examples: ["lobby"] }),
    },
    { required: ["type", "value"] },
  ),
]);

const LANGUAGES = [
  "auto",
  "Chinese",
  "Chinese,Yue",
  "English",
  "Arabic",
  "Russian",
  "Spanish",
  "French",
  "Portuguese",
  "German",
  "Turkish",
  "Dutch",
  "Ukrainian",
  "Vietnamese",
  "Indonesian",
  "Japanese",
  "Italian",
  "Korean",
  "Thai",
  "Polish",
  "Romanian",
  "Greek",
  "Czech",
  "Finnish",
  "Hindi",
  "Bulgarian",
  "Danish",
  "Hebrew",
  "Malay",
  "Persian",
  "Slovak",
  "Swedish",
  "Croatian",
  "Filipino",
  "Hungarian",
  "Norwegian",
  "Slovenian",
  "Catalan",
  "Nynorsk",
  "Tamil",
  "Afrikaans",
] as const;

export const voiceSettings = object(
  "How the assistant sounds.",
  {
    voice: text("The exact id of the voice; the part after the model may be a dynamic variable.", {
      examples: ["Telnyx.KokoroTTS.af_heart", "Telnyx.Ultra.{{voice_id}}"],
    }),
    voice_speed: number(
      "How fast a Telnyx or Soniox voice speaks; 1 is normal and the range depends on the voice.",
      { default: 1 },
    ),
    api_key_ref: secretIdentifier(
      "The integration secret with the key of the voice provider, such as ElevenLabs.",
    ),
    background_audio: backgroundAudio,
    expressive_mode: flag("Whether emotion tags colour the speech; Telnyx Ultra voices only.", {
      default: false,
    }),
    language_boost: choice("The language that MiniMax voices favour; null favours none.", LANGUAGES, {
      nullable: true,
      default: null,
    }),
    similarity_boost: number("How close an ElevenLabs voice stays to its original.", { default: 0.75 }),
    speed: number("How fast an ElevenLabs voice speaks; 1 is normal.", { default: 1 }),
    style: number("How much an ElevenLabs voice exaggerates its style.", { default: 0 }),
    temperature: number("How steady an ElevenLabs voice is: lower is livelier, higher more even.", {
      default: 0.5,
    }),
    use_speaker_boost: flag("Whether an ElevenLabs voice is brought closer to its speaker, at some delay.", {
      default: true,
    }),
  },
  { required: ["voice"] },
);
