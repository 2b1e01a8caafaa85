import { OF_CANARIES } from "../../objects/response-only.ts";
import { choice, known, list, number, object, reference, text, when } from "../../objects/schema-builders.ts";

const clause = object(
  "A condition on the conversation.",
  {
    attribute: known("The attribute of the conversation to compare.", ["telnyx_end_user_target"]),
    operator: choice("The comparison operator.", ["in", "not_in", "starts_with"]),
    values: list("The values to compare with.", text("One value.", { examples: ["+15550001111"] }), {
      minItems: 1,
    }),
  },
  { required: ["attribute", "operator", "values"] },
);

const slot = object(
  "A share of the conversations.",
  {
    version_id: reference("The version that gets the share.", "AssistantVersion"),
    weight: number("Percent of the conversations; all weights sum to less than 100, and main gets the rest.", {
      minimum: 0,
      maximum: 100,
    }),
  },
  { required: ["version_id", "weight"] },
);

const serve = object(
  "The version that answers, or several with their shares.",
  {
    version_id: reference("The version that answers.", "AssistantVersion"),
    rollout: list("Versions with their shares; main answers the rest.", slot),
  },
  { exactlyOneOf: ["version_id", "rollout"] },
);

const rule = object(
  "A rule: some conversations, and which version answers them.",
  {
    match: list("Conditions that must all hold; a rule without conditions matches everyone.", clause),
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
    "Which conversations of an assistant are answered by a version other than main.",
    {
      assistant: reference("The assistant whose conversations are split.", "Assistant"),
      rules: list("The rules in order: the first one that matches is used, and main answers the rest.", rule),
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
