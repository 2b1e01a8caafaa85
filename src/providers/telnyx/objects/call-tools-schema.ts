import {
  choice,
  flag,
  integer,
  label,
  list,
  listOrTemplate,
  object,
  prose,
  secret,
  text,
} from "./schema-builders.ts";

const headerValue = text(
  "The value; write a secret as `{{#integration_secret}}identifier{{/integration_secret}}`.",
);

const customHeaders = list(
  "Further SIP headers.",
  object("One header.", { name: text("The name of the header."), value: headerValue }),
);

const from = text("The number or SIP URI that places the call.", { examples: ["+15550001111"] });
const to = text("The number or SIP URI to call.", { examples: ["+15550002222", "sip:desk@acme.example"] });
const targetName = label("What the model calls the target.", { examples: ["Support"] });
const sipUser = text("The user name for SIP authentication.");
const sipPassword = secret(
  "The password for SIP authentication, best as `{{#integration_secret}}identifier{{/integration_secret}}`.",
);

const detectionMode = choice("`premium` listens for voicemail, `disabled` does not.", ["disabled", "premium"]);

function millis(description: string, minimum: number, maximum: number) {
  return integer(`Milliseconds: ${description}.`, { minimum, maximum });
}

const detectionConfig = object("Settings of voicemail detection; Telnyx chooses those that are not set.", {
  after_greeting_silence_millis: millis("silence after the greeting until the result is final", 100, 5000),
  between_words_silence_millis: millis("longest pause between two words of a greeting", 10, 5000),
  greeting_duration_millis: millis("expected length of a greeting", 100, 10000),
  greeting_silence_duration_millis: millis("silence that completes the greeting", 500, 50000),
  greeting_total_analysis_time_millis: millis("longest time spent on the greeting", 500, 300000),
  initial_silence_millis: millis("longest silence before anybody speaks", 100, 500000),
  maximum_number_of_words: integer("The most words a person greets with.", { minimum: 1, maximum: 50 }),
  maximum_word_length_millis: millis("longest single word", 50, 5000),
  min_word_length_millis: millis("shortest sound that counts as a word", 1, 1000),
  silence_threshold: integer("The audio level below which it is silent.", { minimum: 1, maximum: 1000 }),
  total_analysis_time_millis: millis("longest time spent in all", 500, 60000),
});

export const transfer = object(
  "Connects the caller to someone else.",
  {
    from,
    targets: listOrTemplate(
      "Whom the model may choose, or a dynamic variable that holds the list.",
      object(
        "One target.",
        {
          name: targetName,
          to,
          extension: text(
            "Keys to press once the target answers; `w` waits half a second and `W` a whole one.",
            {
              maxLength: 64,
              pattern: "^[0-9A-DwW*#]*$",
              examples: ["wwww200"],
            },
          ),
          message: prose(
            "Instructions for this target; they take precedence over `warm_transfer_instructions`.",
          ),
          sip_auth_username: sipUser,
          sip_auth_password: sipPassword,
        },
        { required: ["to"] },
      ),
      { examples: ["{{ targets }}"] },
    ),
    description: prose("Tells the model when to transfer; Telnyx writes one when it is empty."),
    diversion: text("The number that was called, so that the caller's own number may be shown.", {
      examples: ["{{telnyx_agent_target}}"],
    }),
    warm_transfer_instructions: prose("How the assistant briefs the target."),
    warm_transfer_acceptance: object("Whether the target is asked before the caller is connected.", {
      enabled: flag("Whether the target must accept.", { default: false }),
      end_user_target_context_mode: choice(
        "Whether the talk with the target stays out of the conversation.",
        ["private", "shared"],
        { default: "private" },
      ),
    }),
    warm_message_delay_ms: integer("Milliseconds after the target answers until it is briefed.", {
      nullable: true,
    }),
    custom_headers: customHeaders,
    voicemail_detection: object("What happens when the target's voicemail answers.", {
      detection_mode: detectionMode,
      detection_config: detectionConfig,
      on_voicemail_detected: object("The reaction to voicemail.", {
        action: choice("What the assistant does.", ["stop_transfer", "leave_message_and_stop_transfer"]),
        voicemail_message: object("The message to leave, with `leave_message_and_stop_transfer`.", {
          type: choice("Whether `message` is spoken or the briefing is played.", [
            "message",
            "warm_transfer_instructions",
          ]),
          message: prose("The message, word for word."),
        }),
      }),
    }),
  },
  { required: ["targets", "from"] },
);

export const invite = object(
  "Brings someone else into the call.",
  {
    from,
    targets: listOrTemplate(
      "Whom the model may choose, a dynamic variable that holds the list, or null.",
      object("One target.", { name: targetName, to }, { required: ["to"] }),
      { nullable: true, examples: ["{{ targets }}"] },
    ),
    custom_headers: customHeaders,
    voicemail_detection: object("What happens when the target's voicemail answers.", {
      detection_mode: detectionMode,
      on_voicemail_detected: object("The reaction to voicemail.", {
        action: choice("What the assistant does.", ["stop_invite"]),
      }),
    }),
  },
  { required: ["from"] },
);

export const refer = object(
  "Hands the call over with SIP REFER.",
  {
    targets: list(
      "Whom the model may choose.",
      object(
        "One target.",
        {
          name: targetName,
          sip_address: text("The SIP URI to refer to.", { examples: ["sip:desk@acme.example"] }),
          sip_auth_username: sipUser,
          sip_auth_password: sipPassword,
        },
        { required: ["name", "sip_address"] },
      ),
    ),
    sip_headers: list(
      "Standard SIP headers.",
      object("One header.", {
        name: choice("The name of the header.", ["User-to-User", "Diversion"]),
        value: headerValue,
      }),
    ),
    custom_headers: customHeaders,
  },
  { required: ["targets"] },
);
