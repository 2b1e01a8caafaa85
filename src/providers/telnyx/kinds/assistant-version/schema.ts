import { assistantFields, NOT_IN_MANIFESTS } from "../../objects/assistant-schema.ts";
import { expressionDefs } from "../../objects/expression-schema.ts";
import { object, reference, text } from "../../objects/schema-builders.ts";

const example = {
  assistant: { ref: "Assistant/front-desk" },
  changes: { greeting: "Good day, this is Acme." },
};

export const schema = {
  ...object(
    "A version of an assistant that is not main, to test it or to serve a canary.",
    {
      assistant: reference("The assistant that it is a version of.", "Assistant"),
      version_name: text("The name of the version at Telnyx; unset, `metadata.name`.", { maxLength: 50 }),
      changes: object("The fields that differ from the assistant; all others follow it.", assistantFields, {
        responseOnly: NOT_IN_MANIFESTS,
      }),
    },
    { required: ["assistant", "changes"], closed: true },
  ),
  examples: [example],
  $defs: expressionDefs,
};
