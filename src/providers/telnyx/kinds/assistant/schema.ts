import { assistantFields, NOT_IN_MANIFESTS } from "../../objects/assistant-schema.ts";
import { expressionDefs } from "../../objects/expression-schema.ts";
import { object } from "../../objects/schema-builders.ts";

const example = {
  instructions: "You answer the phone at Acme. Be brief and warm.",
  greeting: "Hi, this is Acme. How can I help?",
  model: "meta-llama/Llama-3.3-70B-Instruct",
  voice_settings: { voice: "Telnyx.KokoroTTS.af_heart" },
  tool_ids: [{ ref: "Tool/open-ticket" }],
};

export const schema = {
  ...object("An AI assistant for calls and messages.", assistantFields, {
    required: ["instructions"],
    responseOnly: NOT_IN_MANIFESTS,
  }),
  examples: [example],
  $defs: expressionDefs,
};
