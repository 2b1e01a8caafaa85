import { choice, flag, integer, known, number, object, prose, text } from "./schema-builders.ts";

const noiseSuppressionConfig = object(
  "Fine tuning of noise suppression; which settings count depends on the engine.",
  {
    attenuation_limit: integer("How much noise is taken away at most; deepfilternet.", {
      minimum: 0,
      maximum: 100,
      default: 100,
    }),
    mode: choice("The mode of the engine; deepfilternet.", ["advanced"]),
    family: known("The family of models; aicoustics.", ["quail"]),
    size: known("The size of the model, `vf` being the newest; aicoustics.", ["vf", "vf_2_0_l"]),
    enhancement_level: number("How strongly speech is enhanced; aicoustics.", {
      minimum: 0,
      maximum: 1,
      default: 0.8,
    }),
  },
);

const recordingSettings = object("Whether and how calls are recorded.", {
  enabled: flag("Whether calls are recorded; `false` overrules any other recording setting.", {
    default: true,
  }),
  channels: choice("`single` mixes both sides, `dual` keeps them apart.", ["single", "dual"], {
    default: "dual",
  }),
  format: choice("The file format.", ["wav", "mp3"], { default: "mp3" }),
  stop_on_conversation_end: flag(
    "Whether recording stops when the conversation ends, and not only when the call does.",
    { default: false },
  ),
});

const voicemailDetection = object("What happens when an outgoing call reaches a voicemail box.", {
  on_voicemail_detected: object("The reaction to voicemail.", {
    action: choice("What the assistant does.", [
      "stop_assistant",
      "leave_message_and_stop_assistant",
      "continue_assistant",
    ]),
    voicemail_message: object("The message to leave, with `leave_message_and_stop_assistant`.", {
      type: choice("Whether the message is generated from `prompt` or spoken from `message`.", [
        "prompt",
        "message",
      ]),
      prompt: prose("How to generate the message."),
      message: prose("The message, word for word."),
    }),
  }),
});

export const telephonySettings = object("How the assistant behaves on calls.", {
  default_texml_app_id: text(
    "The TeXML application that takes its calls; the server makes one for a new assistant.",
  ),
  supports_unauthenticated_web_calls: flag("Whether visitors of a website may call without signing in."),
  noise_suppression: known("The engine that removes noise from the caller's side.", [
    "aicoustics",
    "krisp",
    "deepfilternet",
    "disabled",
  ]),
  noise_suppression_config: noiseSuppressionConfig,
  time_limit_secs: integer("Seconds after which the assistant leaves the call.", {
    minimum: 30,
    maximum: 14400,
    default: 1800,
  }),
  user_idle_timeout_secs: integer("Seconds of silence after which the assistant stops.", {
    minimum: 10,
    maximum: 14400,
  }),
  user_idle_reply_secs: integer(
    "Seconds of silence after which the assistant asks whether the caller is there.",
    {
      minimum: 0,
      default: 10,
    },
  ),
  fallback_destination: text("The number or SIP URI that gets the caller when the conversation breaks down.", {
    examples: ["+15550001111"],
  }),
  send_message_history_updates: flag(
    "Whether every change of the conversation is sent as a webhook; unset, the command that started it decides.",
  ),
  disable_dtmf: flag("Whether key presses are ignored during the call; a `pay` tool demands `true`.", {
    default: false,
  }),
  recording_settings: recordingSettings,
  voicemail_detection: voicemailDetection,
});
