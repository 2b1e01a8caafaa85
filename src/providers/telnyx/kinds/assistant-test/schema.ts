import { OF_TESTS } from "../../objects/response-only.ts";
import { choice, integer, list, object, prose, reference, text } from "../../objects/schema-builders.ts";

const rubric = list(
  "The criteria that the conversation is judged by.",
  object(
    "One criterion.",
    {
      name: text("The name of the criterion.", { examples: ["Accuracy"] }),
      criteria: prose("What must be true for the criterion to be met.", {
        examples: ["The refund policy is quoted correctly."],
      }),
    },
    { required: ["name", "criteria"], closed: true },
  ),
  { minItems: 1 },
);

const example = {
  assistant: { ref: "Assistant/front-desk" },
  test_suite: "smoke",
  destination: "+15550001111",
  telnyx_conversation_channel: "phone_call",
  instructions: "You received a damaged parcel. Ask for a refund.",
  rubric: [{ name: "Empathy", criteria: "The assistant says that it is sorry." }],
};

export const schema = {
  ...object(
    "A test conversation that Telnyx runs and judges.",
    {
      name: text("The name at Telnyx; unset, `metadata.name`.", { minLength: 1, maxLength: 255 }),
      description: prose("A note for people about what is tested.", { maxLength: 1000 }),
      assistant: reference("The assistant that is tested; used by Rollcall only, never sent.", "Assistant"),
      test_suite: text("The suite of the test; a suite exists as long as a test names it.", { maxLength: 100 }),
      telnyx_conversation_channel: choice(
        "The channel of the conversation.",
        ["phone_call", "web_call", "sms_chat", "web_chat"],
        { default: "web_chat" },
      ),
      destination: text("Where the assistant is reached on that channel, such as a phone number.", {
        minLength: 1,
      }),
      instructions: prose("What the simulated caller does.", { minLength: 1, maxLength: 5000 }),
      rubric,
      max_duration_seconds: integer("Seconds after which the conversation is ended; unset, Telnyx decides.", {
        minimum: 1,
        maximum: 3600,
      }),
    },
    { required: ["destination", "instructions", "rubric"], responseOnly: OF_TESTS },
  ),
  examples: [example],
};
