import { choice, flag, integer, object, secretIdentifier, text } from "./schema-builders.ts";

export const insightSettings = object("What is learned from the conversations.", {
  insight_group_id: text("The id of the insight group that is run on every conversation."),
});

export const privacySettings = object("What is kept, and where.", {
  data_retention: flag("Whether history and insights are stored."),
  in_transit_data_locality: flag("Whether models of web chats must run in your organisation's region.", {
    default: false,
  }),
});

export const postConversationSettings = object("What happens after the conversation (beta).", {
  enabled: flag("Whether the model gets a last turn, for closing tool calls.", { default: false }),
});

export const observabilitySettings = object("Traces and prompts in Langfuse.", {
  status: choice("Whether conversations are traced.", ["enabled", "disabled"], { default: "disabled" }),
  host: text("The address of Langfuse."),
  public_key_ref: secretIdentifier("The integration secret with the public key."),
  secret_key_ref: secretIdentifier("The integration secret with the secret key."),
  prompt_sync: choice(
    "Whether every change of `instructions` is published as a prompt.",
    ["enabled", "disabled"],
    {
      default: "disabled",
    },
  ),
  prompt_name: text("The name of that prompt."),
  prompt_label: text("The label of that prompt."),
  prompt_version: integer("The version of that prompt; the server writes it when prompts are published.", {
    minimum: 1,
  }),
});
