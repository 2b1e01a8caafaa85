import { OF_TESTS } from "../../objects/response-only.ts";
import { choice, integer, list, object, prose, reference, text } from "../../objects/schema-builders.ts";

const rubric = list(
  "What the conversation is judged by.",
  object(
    "One criterion.",
    {
      name: text("Its name.", { examples: ["Accuracy"] }),
      criteria: prose("When it is met.", { examples: ["The refund policy is quoted correctly."] }),
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
    "A conversation that is played through and judged.",
    {
      name: text("The name at Telnyx; unset, `metadata.name`.", { minLength: 1, maxLength: 255 }),
      description: prose("What it tests, for people.", { maxLength: 1000 }),
      assistant: reference(
        "The assistant that it judges; known to the project only, not to Telnyx.",
        "Assistant",
      ),
      test_suite: text("The suite it belongs to; a suite exists while a test names it.", { maxLength: 100 }),
      telnyx_conversation_channel: choice(
        "How the assistant is reached.",
        ["phone_call", "web_call", "sms_chat", "web_chat"],
        { default: "web_chat" },
      ),
      destination: text("Where it is reached: a number, an address, as the channel demands.", { minLength: 1 }),
      instructions: prose("The part that the caller plays.", { minLength: 1, maxLength: 5000 }),
      rubric,
      max_duration_seconds: integer("Seconds after which the conversation is cut; unset, Telnyx decides.", {
        minimum: 1,
        maximum: 3600,
      }),
    },
    { required: ["destination", "instructions", "rubric"], responseOnly: OF_TESTS },
  ),
  examples: [example],
};
