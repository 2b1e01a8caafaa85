import { choice, flag, integer, number, object, secretIdentifier, text, when } from "./schema-builders.ts";

export const interruptionSettings = object("How the assistant and the caller take turns.", {
  enable: flag("Whether the caller may interrupt.", { default: true }),
  disable_greeting_interruption: flag("Whether the greeting is always spoken to its end."),
  interrupt_prediction_threshold: number(
    "How eagerly interruptions are foreseen, up to 1; 0 or null switches it off.",
    {
      nullable: true,
      minimum: 0,
      maximum: 1,
      default: 0,
    },
  ),
  start_speaking_plan: object(
    "When the assistant starts to speak; for models that do not detect turns themselves.",
    {
      wait_seconds: number("The shortest wait, in seconds.", { minimum: 0, default: 0.4 }),
      transcription_endpointing_plan: object("How long to wait, by how the caller's text ends.", {
        on_punctuation_seconds: number("Seconds to wait after a punctuation mark.", { default: 0.1 }),
        on_no_punctuation_seconds: number("Seconds to wait without a punctuation mark.", { default: 1.5 }),
        on_number_seconds: number("Seconds to wait after a number.", { default: 0.5 }),
      }),
    },
  ),
});

export const messagingSettings = object("How the assistant behaves in text messages.", {
  default_messaging_profile_id: text("The messaging profile; the server makes one for a new assistant."),
  delivery_status_webhook_url: text("Where reports on delivery are sent.", {
    examples: ["https://hooks.acme.example/delivery"],
  }),
  conversation_inactivity_minutes: integer(
    "Minutes of silence after which a message begins a new conversation.",
    {
      minimum: 1,
      maximum: 10000000,
    },
  ),
});

export const websocketSettings = object(
  "Streams the events of a conversation to a WebSocket server of yours (beta).",
  {
    enabled: flag("Whether Telnyx connects.", { default: false }),
    url: {
      ...text("The address to connect to; it must be reachable from outside.", {
        pattern: "^wss?://",
        examples: ["wss://events.acme.example/telnyx"],
      }),
      "x-url": ["wss", "ws"],
    },
    auth_ref: secretIdentifier("The integration secret that is sent as bearer token."),
  },
  {
    keywords: when({ properties: { enabled: { const: true } }, required: ["enabled"] }, { required: ["url"] }),
  },
);

/** A URL that a browser opens. */
function link(description: string) {
  return { ...text(description, { nullable: true }), "x-url": ["https", "http", "mailto", "tel", "data"] };
}

export const widgetSettings = object("The look of the widget for websites.", {
  theme: choice("The colours.", ["light", "dark"]),
  position: choice("Whether the widget floats or is embedded in the page.", ["fixed", "static"]),
  default_state: choice("Whether it starts open or closed.", ["expanded", "collapsed"]),
  audio_visualizer_config: object("The picture of the voice.", {
    color: choice("Its colours.", ["verdant", "twilight", "bloom", "mystic", "flare", "glacier"]),
    preset: text("Its style."),
  }),
  start_call_text: text("The text of the button that starts a call.", { examples: ["Talk to us"] }),
  agent_thinking_text: text("The text shown while the assistant works."),
  speak_to_interrupt_text: text("The text that invites the caller to interrupt."),
  logo_icon_url: link("The address of a logo."),
  give_feedback_url: link("Where visitors give feedback."),
  report_issue_url: link("Where visitors report problems."),
  view_history_url: link("Where visitors see past conversations."),
});
