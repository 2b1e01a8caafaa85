import { a2aAgents } from "./a2a-schema.ts";
import { conversationFlow } from "./flow-schema.ts";
import {
  interruptionSettings,
  messagingSettings,
  websocketSettings,
  widgetSettings,
} from "./interaction-schema.ts";
import { delegationSettings, externalLlm, fallbackConfig } from "./llm-schema.ts";
import { OF_ASSISTANTS } from "./response-only.ts";
import {
  choice,
  flag,
  free,
  integer,
  known,
  list,
  object,
  prose,
  reference,
  secretIdentifier,
  text,
} from "./schema-builders.ts";
import { telephonySettings } from "./telephony-schema.ts";
import { inlineTools } from "./tools-schema.ts";
import { transcription } from "./transcription-schema.ts";
import { voiceSettings } from "./voice-schema.ts";

const insightSettings = object("Insights into the conversations.", {
  insight_group_id: text("The id of the insight group that is run on every conversation."),
});

const privacySettings = object("What Telnyx stores of the conversations, and where.", {
  data_retention: flag("Whether history and insights are stored."),
  in_transit_data_locality: flag("Whether models of web chats must run in your organisation's region.", {
    default: false,
  }),
});

const postConversationSettings = object("What happens after the conversation (beta).", {
  enabled: flag("Whether the model gets a last turn, for closing tool calls.", { default: false }),
});

const observabilitySettings = object("Traces and prompts in Langfuse.", {
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
  prompt_name: text("The name of the prompt in Langfuse."),
  prompt_label: text("The label of the prompt in Langfuse."),
  prompt_version: integer(
    "The version of the prompt in Langfuse; the server writes it when prompts are published.",
    {
      minimum: 1,
    },
  ),
});

/** The page about avatars names the model and the provider; which other fields there are it only describes. */
const avatarSettings = object(
  "The avatar that is shown in conversations that ask for one (beta); other keys are sent unchanged.",
  {
    model: known("The model that draws the avatar.", ["studio"]),
    provider: text("Who provides the avatar; the voice is that of `voice_settings`."),
  },
  { required: ["model"], open: true },
);

const mcpServers = list(
  "MCP servers whose tools it may use.",
  object(
    "One MCP server.",
    {
      id: reference("The MCP server.", "McpServer"),
      allowed_tools: list(
        "The tools it may use; unset, those that the server allows.",
        text("The name of a tool."),
      ),
    },
    { required: ["id"] },
  ),
  { default: [] },
);

const integrations = list(
  "Connected integrations whose tools it may use.",
  object(
    "One integration.",
    {
      integration_id: text("The id in the catalogue of integrations, not that of the connection."),
      allowed_list: list(
        "The tools it may use; unset or empty, all of the connection.",
        text("The name of a tool."),
      ),
    },
    { required: ["integration_id"] },
  ),
  { default: [] },
);

/** Every field of an assistant; a version of an assistant has the same. */
export const assistantFields = {
  name: text("The name at Telnyx; unset, `metadata.name`.", { examples: ["Front desk"] }),
  description: prose("A note for people about what the assistant is for."),
  tags: list("Labels at Telnyx.", text("One label."), { default: [], examples: [["support", "english"]] }),

  // What it says
  instructions: prose("The prompt: role, task, tone. Dynamic variables are substituted."),
  greeting: prose(
    "What the assistant says first. Empty: it waits for the caller. The special value: the model writes it.",
    { examples: ["Hi, how can I help?", "<assistant-speaks-first-with-model-generated-message>"] },
  ),
  conversation_flow: conversationFlow,
  dynamic_variables: free("Variables for `{{name}}`, each with its default value.", {
    examples: [{ customer_name: "there" }],
  }),
  dynamic_variables_webhook_url: text(
    "The URL that is asked for values of the variables at the start; it answers with an object under `dynamic_variables`.",
    { examples: ["https://hooks.acme.example/variables"] },
  ),
  dynamic_variables_webhook_timeout_ms: integer(
    "Milliseconds to wait for that answer before the defaults are used.",
    {
      minimum: 1,
      maximum: 10000,
      default: 1500,
    },
  ),

  // The model that thinks
  model: text("The language model; ignored when `external_llm` is set, chosen by Telnyx when neither is.", {
    examples: ["meta-llama/Llama-3.3-70B-Instruct", "moonshotai/Kimi-K2.6"],
  }),
  llm_api_key_ref: secretIdentifier("The integration secret with the key of a third party's model."),
  external_llm: externalLlm,
  fallback_config: fallbackConfig,
  delegation_settings: delegationSettings,

  // What it can do
  enabled_features: list(
    "The channels on which it can be reached.",
    choice("Calls or text messages.", ["telephony", "messaging"]),
    { uniqueItems: true, examples: [["telephony"]] },
  ),
  tool_ids: list("Shared tools.", reference("One shared tool.", "Tool")),
  tools: {
    ...inlineTools,
    "x-example-beside": [{ below: "pay", fields: { telephony_settings: { disable_dtmf: true } } }],
  },
  mcp_servers: mcpServers,
  integrations,
  a2a_agents: a2aAgents,

  // How it listens and speaks
  voice_settings: voiceSettings,
  transcription,
  avatar_settings: avatarSettings,
  interruption_settings: interruptionSettings,
  telephony_settings: telephonySettings,
  messaging_settings: messagingSettings,
  widget_settings: widgetSettings,
  websocket_settings: websocketSettings,

  // What happens with the conversation
  insight_settings: insightSettings,
  privacy_settings: privacySettings,
  post_conversation_settings: postConversationSettings,
  observability_settings: observabilitySettings,
} as const;

/** Not of manifests: what the server writes, and what Rollcall decides for each write. */
export const NOT_IN_MANIFESTS = [...OF_ASSISTANTS, "version_name", "promote_to_main"];
