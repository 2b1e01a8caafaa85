import { OF_CANARIES } from "../../objects/response-only.ts";
import { choice, known, list, number, object, reference, text, when } from "../../objects/schema-builders.ts";

const clause = object(
  "A condition on the conversation.",
  {
    attribute: known("What is looked at.", ["telnyx_end_user_target"]),
    operator: choice("How it is compared.", ["in", "not_in", "starts_with"]),
    values: list("The values, of which any may fit.", text("One value.", { examples: ["+15550001111"] }), {
      minItems: 1,
    }),
  },
  { required: ["attribute", "operator", "values"] },
);

const slot = object(
  "A share of the conversations.",
  {
    version_id: reference("The version that gets it.", "AssistantVersion"),
    weight: number("Percent; all weights sum to less than 100, and main gets the rest.", {
      minimum: 0,
      maximum: 100,
    }),
  },
  { required: ["version_id", "weight"] },
);

const serve = object(
  "Who answers: one version, or several by chance.",
  {
    version_id: reference("The version that answers.", "AssistantVersion"),
    rollout: list("Versions with their shares; main answers the rest.", slot),
  },
  { exactlyOneOf: ["version_id", "rollout"] },
);

const rule = object(
  "Some conversations, and who answers them.",
  {
    match: list("Conditions that must all hold; without any, the rule is for everyone.", clause),
    serve,
  },
  { required: ["serve"] },
);

const legacyVersion = object(
  "A version and its share.",
  {
    version_id: reference("The version.", "AssistantVersion"),
    percentage: number("Its share of all conversations.", { exclusiveMinimum: 0, exclusiveMaximum: 100 }),
  },
  { required: ["version_id", "percentage"], closed: true },
);

const example = {
  assistant: { ref: "Assistant/front-desk" },
  rules: [{ serve: { rollout: [{ version_id: { ref: "AssistantVersion/warmer" }, weight: 10 }] } }],
};

export const schema = {
  ...object(
    "Which conversations of an assistant are answered by another version than its main one.",
    {
      assistant: reference("The assistant whose conversations are divided.", "Assistant"),
      rules: list("The rules in order: the first that fits counts, and main answers what none fits.", rule),
      versions: list("The older form of one rule for everyone; write `rules` instead.", legacyVersion, {
        deprecated: true,
      }),
    },
    {
      required: ["assistant"],
      responseOnly: OF_CANARIES,
      neverTogether: ["rules", "versions"],
      keywords: when({ not: { required: ["versions"] } }, { required: ["rules"] }),
    },
  ),
  examples: [example],
};
