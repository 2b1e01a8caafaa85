/**
 * Where our schemas and the official specification differ on purpose. A row that no longer applies fails the test.
 *
 * Sources: `sdk` is the types of the official SDK (npm `telnyx`), newer than the specification; `reference` is the
 * page of the API reference on creating an assistant, newer still; `text` is a description inside the specification;
 * `history` is an older specification; `rollcall` is our own decision.
 */
type Source = "sdk" | "reference" | "text" | "history" | "rollcall";

interface Reason {
  readonly because: string;
  readonly source: Source;
}

/** `*` in a path stands for anything. */
export interface FieldException extends Reason {
  readonly kinds: readonly string[];
  readonly paths: readonly string[];
}

export interface RuleException extends FieldException {
  /** What differs: `required`, `types`, `values`, `open` or a keyword. */
  readonly what: readonly string[];
}

const ASSISTANTS = ["Assistant", "AssistantVersion"];

/** Documented properties of requests that no manifest has. */
export const NOT_OURS: readonly FieldException[] = [
  {
    kinds: ["AssistantVersion"],
    paths: ["promote_to_main"],
    because: "Rollcall decides it for each write: a version is never promoted by its manifest",
    source: "rollcall",
  },
  {
    kinds: ["McpServer"],
    paths: ["id", "created_at"],
    because: "the update accepts what the server itself writes",
    source: "text",
  },
];

/** Fields of ours that the specification does not have. */
export const NOT_THEIRS: readonly FieldException[] = [
  {
    kinds: ["AssistantVersion", "CanaryDeploy", "AssistantTest"],
    paths: ["assistant"],
    because: "the link to the assistant, which is part of the address at the API, or known to the project only",
    source: "rollcall",
  },
  {
    kinds: ["AssistantVersion"],
    paths: ["changes"],
    because: "holds the fields of the assistant that differ",
    source: "rollcall",
  },
  {
    kinds: ["CanaryDeploy"],
    paths: ["versions", "versions[]", "versions[].version_id", "versions[].percentage"],
    because: "the form before there were rules, accepted and converted",
    source: "history",
  },
  {
    kinds: ASSISTANTS,
    paths: ["tools[].type"],
    because: "the type of a tool whose kind is not known yet",
    source: "rollcall",
  },
  {
    kinds: ASSISTANTS,
    paths: [
      "avatar_settings*",
      "tools[]<vision>*",
      "delegation_settings",
      ...["enabled", "mode", "model", "llm_api_key_ref", "instructions", "speak_results", "external_llm"].map(
        (name) => `delegation_settings.${name}`,
      ),
      ...[
        "model",
        "base_url",
        "llm_api_key_ref",
        "authentication_method",
        "certificate_ref",
        "token_retrieval_url",
        "forward_metadata",
      ].map((name) => `delegation_settings.external_llm.${name}`),
      "websocket_settings",
      "websocket_settings.enabled",
      "websocket_settings.url",
      "websocket_settings.auth_ref",
      "conversation_flow.nodes[]<tool>.message",
    ],
    because: "newer than the specification and the SDK",
    source: "reference",
  },
  {
    kinds: ASSISTANTS,
    paths: [
      "a2a_agents*",
      "*transcription.settings.context",
      "*transcription.settings.language_hints*",
      "interruption_settings.interrupt_prediction_threshold",
      "privacy_settings.in_transit_data_locality",
      "telephony_settings.disable_dtmf",
      "telephony_settings.fallback_destination",
      "telephony_settings.noise_suppression_config.enhancement_level",
      "telephony_settings.noise_suppression_config.family",
      "telephony_settings.noise_suppression_config.size",
      "telephony_settings.send_message_history_updates",
      "tools[]<function>*",
      "tools[]<transfer>.transfer.diversion",
      "tools[]<transfer>.transfer.targets[].*",
      "tools[]<transfer>.transfer.warm_transfer_acceptance*",
      "tools[]<update_dynamic_variables>*",
      "tools[]<webhook>.timeout_ms",
      "tools[]<webhook>.webhook.messages*",
      "tools[]<webhook>.webhook.preset_body_fields",
      "tools[]<webhook>.webhook.preset_query_params",
    ],
    because: "newer than the specification; the test of the SDK holds every one of them against the SDK",
    source: "sdk",
  },
];

/** Fields of both about which they say different things. */
export const DIFFERENT: readonly RuleException[] = [
  {
    kinds: ["Assistant", "AssistantTest", "McpServer"],
    paths: ["name"],
    what: ["required"],
    because: "a manifest without it takes `metadata.name`",
    source: "rollcall",
  },
  {
    kinds: ["Tool"],
    paths: ["display_name"],
    what: ["required"],
    because: "a manifest without it takes `metadata.name`",
    source: "rollcall",
  },
  {
    kinds: ["AssistantVersion"],
    paths: ["version_name"],
    what: ["default"],
    because: "a manifest without it takes `metadata.name`",
    source: "rollcall",
  },
  {
    kinds: ["Tool"],
    paths: ["function", "webhook", "client_side_tool", "retrieval", "handoff", "invite", "pay"],
    what: ["required"],
    because: "the type must match the block that is sent",
    source: "text",
  },
  {
    kinds: ["Tool"],
    paths: ["webhook", "client_side_tool", "retrieval", "handoff", "invite"],
    what: ["open"],
    because: "the specification leaves them free; they have the shape of the tools inside an assistant",
    source: "rollcall",
  },
  {
    kinds: ASSISTANTS,
    paths: ["conversation_flow.nodes[]<tool>.type", "conversation_flow.nodes[]<speak>.type"],
    what: ["required", "default"],
    because: "a node without `type` is a prompt node, so the others say theirs",
    source: "text",
  },
  {
    kinds: ASSISTANTS,
    paths: ["conversation_flow"],
    what: ["types"],
    because: "null in an update removes the workflow, as the guide to workflows says",
    source: "reference",
  },
  {
    kinds: ASSISTANTS,
    paths: ["*api_key_ref", "*certificate_ref", "observability_settings.*_key_ref"],
    what: ["types"],
    because: "null says that no secret is used, as answers do",
    source: "rollcall",
  },
  {
    kinds: ["Assistant", "AssistantVersion"],
    paths: ["tools[]*parameters"],
    what: ["open"],
    because: "a JSON Schema with any of its keywords",
    source: "text",
  },
  {
    kinds: ["Assistant", "AssistantVersion"],
    paths: ["tools[]<webhook>.webhook.timeout_ms"],
    what: ["minimum", "maximum"],
    because:
      "newer documentation has it stored and not applied; a value out of the old bounds is worth a warning",
    source: "sdk",
  },
  {
    kinds: ["Assistant"],
    paths: ["enabled_features"],
    what: ["uniqueItems"],
    because: "declared for updates only",
    source: "text",
  },
  {
    kinds: ASSISTANTS,
    paths: ["*voice_settings.background_audio<predefined_media>.volume"],
    what: ["values", "multipleOf", "minimum", "maximum"],
    because: "steps of 0.1 as a list of values: as `multipleOf`, 0.3 and 0.7 are rejected",
    source: "rollcall",
  },
  {
    kinds: ASSISTANTS,
    paths: ["*voice_settings.background_audio<media_url>.value"],
    what: ["format", "pattern"],
    because: "a pattern for an address, which validators check without a plug-in",
    source: "rollcall",
  },
];
