import { describe, expect, test } from "vitest";
import type { Json } from "../../../../model/json.ts";
import { everyAssistant } from "../../../../../test/specification/every-field/assistant.ts";
import { changed, checkOf, errorAt, type Mistake } from "../../../../../test/specification/check.ts";
import { schema } from "./schema.ts";

const check = checkOf(schema);

const SETTINGS: readonly Mistake[] = [
  ["no instructions", "/instructions", undefined, "^required"],
  ["instructions that are a number", "/instructions", 7, "type"],
  ["an unknown feature", "/enabled_features/0", "fax", "enum"],
  ["a duplicate feature", "/enabled_features", ["telephony", "telephony"], "uniqueItems"],
  ["variables as a list", "/dynamic_variables", [], "type"],
  ["a timeout of 0", "/dynamic_variables_webhook_timeout_ms", 0, "minimum"],
  ["a timeout of 10001", "/dynamic_variables_webhook_timeout_ms", 10001, "maximum"],
  ["half a millisecond", "/dynamic_variables_webhook_timeout_ms", 1.5, "type"],
  ["a server without id", "/mcp_servers/0/id", undefined, "^required"],
  ["a reference to another kind", "/mcp_servers/0/id", { ref: "Tool/crm" }, "/ref pattern"],
  ["an empty id", "/tool_ids/0", "", "minLength"],
  ["a value that is not a reference", "/tool_ids/0", { ref: 7 }, "/ref type"],
  ["an integration by name", "/integrations/0", "salesforce", "type"],
  ["an agent with a long name", "/a2a_agents/0/name", "a".repeat(44), "maxLength"],
  ["an agent whose URL is not a web address", "/a2a_agents/0/url", "agents.acme.example", "pattern"],
  ["a header with a space", "/a2a_agents/0/headers/0/name", "X Key", "pattern"],
  ["a header with a line break", "/a2a_agents/0/headers/0/value", "a\nb", "pattern"],
  ["a late message without delay", "/a2a_agents/0/messages/1/timing_ms", undefined, "^required"],
  ["an external model without address", "/external_llm/base_url", undefined, "^required"],
  ["authentication by password", "/external_llm/authentication_method", "password", "enum"],
  ["an unknown delegation target", "/delegation_settings/mode", "server", "enum"],
  ["a socket without address", "/websocket_settings/url", undefined, "^required"],
  ["a socket at a web address", "/websocket_settings/url", "https://a.example", "pattern"],
  ["prediction above 1", "/interruption_settings/interrupt_prediction_threshold", 1.1, "maximum"],
  ["a negative wait", "/interruption_settings/start_speaking_plan/wait_seconds", -1, "minimum"],
  ["a version 0", "/observability_settings/prompt_version", 0, "minimum"],
  ["privacy as a string", "/privacy_settings/data_retention", "yes", "type"],
  ["an unknown theme", "/widget_settings/theme", "purple", "enum"],
];

const SPEECH: readonly Mistake[] = [
  ["no voice", "/voice_settings/voice", undefined, "^required"],
  ["a volume between steps", "/voice_settings/background_audio/volume", 0.35, "enum"],
  ["a volume of 0", "/voice_settings/background_audio/volume", 0, "enum"],
  ["an unknown sound", "/voice_settings/background_audio/value", "rain", "enum"],
  ["an unknown type of sound", "/voice_settings/background_audio/type", "radio", "^discriminator"],
  ["a sound without type", "/voice_settings/background_audio/type", undefined, "^discriminator"],
  [
    "a volume for a file",
    "/voice_settings/background_audio",
    { type: "media_name", value: "x", volume: 1 },
    "additionalProperties",
  ],
  [
    "a file whose URL is not a web address",
    "/voice_settings/background_audio",
    { type: "media_url", value: "lobby" },
    "/value pattern",
  ],
  ["an unknown language", "/voice_settings/language_boost", "Klingon", "enum"],
  ["a threshold below 0.5", "/transcription/settings/eot_threshold", 0.4, "minimum"],
  ["words as a list", "/transcription/settings/keyterm", ["Acme"], "type"],
  ["calls of 10 seconds", "/telephony_settings/time_limit_secs", 10, "minimum"],
  ["an unknown mode", "/telephony_settings/noise_suppression_config/mode", "simple", "enum"],
  ["recording as ogg", "/telephony_settings/recording_settings/format", "ogg", "enum"],
];

const TOOLS: readonly Mistake[] = [
  ["a tool without type", "/1/type", undefined, "^required"],
  ["a tool without settings", "/1/webhook", undefined, "^required"],
  ["a tool with the settings of another type", "/1/hangup", {}, "^additionalProperties"],
  ["a webhook without address", "/1/webhook/url", undefined, "^required"],
  ["an unknown method", "/1/webhook/method", "HEAD", "enum"],
  ["a webhook with a timeout of minutes", "/1/timeout_ms", 60001, "maximum"],
  ["an empty response path", "/1/webhook/store_fields_as_variables/0/value_path", "", "minLength"],
  ["a time limit for a hangup", "/5/timeout_ms", 5000, "^additionalProperties"],
  ["a handoff without a target", "/4/handoff/ai_assistants/0/id", undefined, "^required"],
  ["a transfer to a number", "/6/transfer/targets", 15550001111, "type"],
  ["invalid DTMF keys", "/6/transfer/targets/0/extension", "20x", "pattern"],
  ["too many words", "/6/transfer/voicemail_detection/detection_config/maximum_number_of_words", 51, "maximum"],
  ["an invitation without a sender", "/7/invite/from", undefined, "^required"],
  ["an unknown SIP header", "/8/refer/sip_headers/0/name", "X-Any", "enum"],
  ["a payment without a connector", "/12/pay/connector_name", undefined, "^required"],
  ["an empty list of variables", "/13/update_dynamic_variables/updatable_variables", [], "minItems"],
  ["a system variable", "/13/update_dynamic_variables/updatable_variables/0/name", "telnyx_x", "pattern"],
];

const FLOW: readonly Mistake[] = [
  ["a flow without nodes", "/nodes", undefined, "^required"],
  ["a node of an unknown type", "/nodes/1/type", "wait", "^discriminator"],
  ["a prompt without instructions", "/nodes/1/instructions", undefined, "^required"],
  ["two models in one node", "/nodes/1/external_llm", { model: "m", base_url: "https://a.example" }, "^not"],
  ["a tool node with an empty message", "/nodes/4/message", " ", "pattern"],
  ["a tool node with instructions", "/nodes/4/instructions", "x", "^additionalProperties"],
  ["half a position", "/nodes/0/position/y", undefined, "^required"],
  ["an edge without a known target", "/edges/0/target", undefined, "^required"],
  ["an edge without condition", "/edges/0/condition/type", undefined, "^discriminator"],
  ["a stale condition", "/edges/0/condition/type", "tool_result", "^discriminator"],
  ["a target of two kinds", "/edges/0/target/assistant_id", "assistant-1", "^additionalProperties"],
  ["an unknown operator", "/edges/1/condition/expression/operands/1/op", "=", "enum"],
  [
    "and with one operand",
    "/edges/1/condition/expression/operands",
    [{ type: "bool_literal", value: true }],
    "minItems",
  ],
  ["not with two operands", "/edges/1/condition/expression/op", "not", "^/operands maxItems"],
  ["a mistake in a nested rule", "/edges/1/condition/expression/operands/1/left/right/value", "1.5", "type"],
];

describe.each([
  ["settings", "", SETTINGS],
  ["speech", "", SPEECH],
  ["tools", "/tools", TOOLS],
  ["flow", "/conversation_flow", FLOW],
] as const)("an assistant is rejected for its %s:", (_, under, rows) => {
  test.each(rows)("%s", (_what, at, value, error) => {
    expect(check(changed(everyAssistant, under + at, value))).toEqual([errorAt(under + at, error)]);
  });
});

describe("an assistant is accepted with", () => {
  test.each<readonly [string, string, Json | undefined]>([
    ["a literal id", "/tool_ids/0", "tool-1"],
    ["an empty greeting", "/greeting", ""],
    ["an unknown speech model", "/transcription/model", "acme/hears-all"],
    ["an unknown noise engine", "/telephony_settings/noise_suppression", "hush"],
    ["a tool of an unknown type", "/tools/0", { type: "teleport", teleport: { to: "mars" } }],
    ["targets from a variable", "/tools/6/transfer/targets", "{{ targets }}"],
    ["every step of the volume", "/voice_settings/background_audio/volume", 0.7],
    ["no name", "/name", undefined],
    ["a flow without edges", "/conversation_flow/edges", undefined],
    ["a prompt node without type", "/conversation_flow/nodes/1/type", undefined],
    ["a disabled socket without a URL", "/websocket_settings", { enabled: false }],
  ])("%s", (_, at, value) => {
    expect(check(changed(everyAssistant, at, value))).toEqual([]);
  });
});
