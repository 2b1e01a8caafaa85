import { choice, flag, object, prose, secretIdentifier, text } from "./schema-builders.ts";

export const externalLlm = object(
  "An OpenAI-compatible endpoint of your own, used instead of a model that Telnyx hosts.",
  {
    model: text("The model to ask for at that endpoint.", { examples: ["gpt-4o"] }),
    base_url: text("The address of the endpoint.", { examples: ["https://llm.acme.example/v1"] }),
    llm_api_key_ref: secretIdentifier("The integration secret with the endpoint's key."),
    authentication_method: choice("How Telnyx identifies itself.", ["token", "certificate"], {
      default: "token",
    }),
    certificate_ref: secretIdentifier("The integration secret with the client certificate."),
    token_retrieval_url: text("Where to get an access token when a certificate is used."),
    forward_metadata: flag("Whether the dynamic variables are sent along as `extra_metadata`.", {
      default: false,
    }),
  },
  { required: ["model", "base_url"] },
);

export const fallbackConfig = object("The model that takes over when the main one is unavailable.", {
  model: text("A model that Telnyx hosts.", { examples: ["meta-llama/Llama-3.3-70B-Instruct"] }),
  llm_api_key_ref: secretIdentifier("The integration secret with the key of the fallback model."),
  external_llm: externalLlm,
});

export const delegationSettings = object(
  "Splits the work between a model that talks and a model that looks things up and runs tools (beta).",
  {
    enabled: flag("Whether the talking model delegates.", { default: true }),
    mode: choice("Who answers: a model on Telnyx, or your server over the WebSocket.", ["telnyx", "client"], {
      default: "telnyx",
    }),
    model: text("The model that does the work, with mode `telnyx`."),
    llm_api_key_ref: secretIdentifier("The integration secret with the key of that model."),
    instructions: prose("Additional instructions for the working model only."),
    speak_results: flag("Whether the answer is spoken, or only kept in mind for later.", { default: true }),
    external_llm: externalLlm,
  },
);
