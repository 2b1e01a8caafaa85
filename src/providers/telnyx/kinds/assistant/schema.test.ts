import { describe, expect, test } from "vitest";
import type { Json } from "../../../../model/json.ts";
import { everyAssistant } from "../../../../../test/specification/every-field/assistant.ts";
import { changed, checkOf } from "../../../../../test/specification/check.ts";
import { schema } from "./schema.ts";

const check = checkOf(schema);

/** What, where, the value put there (nothing: taken away), and every error that follows. */
type Row = readonly [what: string, at: string, value: Json | undefined, errors: readonly string[]];

const SETTINGS: readonly Row[] = [
  ["no instructions", "/instructions", undefined, [" required"]],
  ["instructions that are a number", "/instructions", 7, ["/instructions type"]],
  ["a feature that there is not", "/enabled_features/0", "fax", ["/enabled_features/0 enum"]],
  ["a feature twice", "/enabled_features", ["telephony", "telephony"], ["/enabled_features uniqueItems"]],
  ["variables as a list", "/dynamic_variables", [], ["/dynamic_variables type"]],
  [
    "a timeout of 0",
    "/dynamic_variables_webhook_timeout_ms",
    0,
    ["/dynamic_variables_webhook_timeout_ms minimum"],
  ],
  [
    "a timeout of 10001",
    "/dynamic_variables_webhook_timeout_ms",
    10001,
    ["/dynamic_variables_webhook_timeout_ms maximum"],
  ],
  [
    "half a millisecond",
    "/dynamic_variables_webhook_timeout_ms",
    1.5,
    ["/dynamic_variables_webhook_timeout_ms type"],
  ],
  ["a server without id", "/mcp_servers/0/id", undefined, ["/mcp_servers/0 required"]],
  ["a reference to another kind", "/mcp_servers/0/id", { ref: "Tool/crm" }, ["/mcp_servers/0/id/ref pattern"]],
  ["an empty id", "/tool_ids/0", "", ["/tool_ids/0 minLength"]],
  [
    "a reference that is none",
    "/tool_ids/0",
    { id: "x" },
    ["/tool_ids/0 required", "/tool_ids/0 additionalProperties"],
  ],
  ["an integration by name", "/integrations/0", "salesforce", ["/integrations/0 type"]],
  ["an agent with a long name", "/a2a_agents/0/name", "a".repeat(44), ["/a2a_agents/0/name maxLength"]],
  ["an agent at no web address", "/a2a_agents/0/url", "agents.acme.example", ["/a2a_agents/0/url pattern"]],
  ["a header with a space", "/a2a_agents/0/headers/0/name", "X Key", ["/a2a_agents/0/headers/0/name pattern"]],
  [
    "a header over two lines",
    "/a2a_agents/0/headers/0/value",
    "a\nb",
    ["/a2a_agents/0/headers/0/value pattern"],
  ],
  [
    "a late message without delay",
    "/a2a_agents/0/messages/1/timing_ms",
    undefined,
    ["/a2a_agents/0/messages/1 required"],
  ],
  ["an external model without address", "/external_llm/base_url", undefined, ["/external_llm required"]],
  [
    "authentication by password",
    "/external_llm/authentication_method",
    "password",
    ["/external_llm/authentication_method enum"],
  ],
  ["delegation to nobody known", "/delegation_settings/mode", "server", ["/delegation_settings/mode enum"]],
  ["a socket without address", "/websocket_settings/url", undefined, ["/websocket_settings required"]],
  [
    "a socket at a web address",
    "/websocket_settings/url",
    "https://a.example",
    ["/websocket_settings/url pattern"],
  ],
  [
    "prediction above 1",
    "/interruption_settings/interrupt_prediction_threshold",
    1.1,
    ["/interruption_settings/interrupt_prediction_threshold maximum"],
  ],
  [
    "a negative wait",
    "/interruption_settings/start_speaking_plan/wait_seconds",
    -1,
    ["/interruption_settings/start_speaking_plan/wait_seconds minimum"],
  ],
  [
    "a version 0",
    "/observability_settings/prompt_version",
    0,
    ["/observability_settings/prompt_version minimum"],
  ],
  ["privacy as yes", "/privacy_settings/data_retention", "yes", ["/privacy_settings/data_retention type"]],
  ["a purple theme", "/widget_settings/theme", "purple", ["/widget_settings/theme enum"]],
];

const SPEECH: readonly Row[] = [
  ["no voice", "/voice_settings/voice", undefined, ["/voice_settings required"]],
  [
    "a volume between steps",
    "/voice_settings/background_audio/volume",
    0.35,
    ["/voice_settings/background_audio/volume enum"],
  ],
  [
    "a volume of 0",
    "/voice_settings/background_audio/volume",
    0,
    ["/voice_settings/background_audio/volume enum"],
  ],
  [
    "a sound that there is not",
    "/voice_settings/background_audio/value",
    "rain",
    ["/voice_settings/background_audio/value enum"],
  ],
  [
    "a kind of sound that there is not",
    "/voice_settings/background_audio/type",
    "radio",
    ["/voice_settings/background_audio discriminator"],
  ],
  [
    "a sound without type",
    "/voice_settings/background_audio/type",
    undefined,
    ["/voice_settings/background_audio discriminator"],
  ],
  [
    "a volume for a file",
    "/voice_settings/background_audio",
    { type: "media_name", value: "x", volume: 1 },
    ["/voice_settings/background_audio additionalProperties"],
  ],
  [
    "a file that is no address",
    "/voice_settings/background_audio",
    { type: "media_url", value: "lobby" },
    ["/voice_settings/background_audio/value pattern"],
  ],
  [
    "a language that there is not",
    "/voice_settings/language_boost",
    "Klingon",
    ["/voice_settings/language_boost enum"],
  ],
  [
    "a threshold below 0.5",
    "/transcription/settings/eot_threshold",
    0.4,
    ["/transcription/settings/eot_threshold minimum"],
  ],
  ["words as a list", "/transcription/settings/keyterm", ["Acme"], ["/transcription/settings/keyterm type"]],
  [
    "calls of 10 seconds",
    "/telephony_settings/time_limit_secs",
    10,
    ["/telephony_settings/time_limit_secs minimum"],
  ],
  [
    "a mode that there is not",
    "/telephony_settings/noise_suppression_config/mode",
    "simple",
    ["/telephony_settings/noise_suppression_config/mode enum"],
  ],
  [
    "recording as ogg",
    "/telephony_settings/recording_settings/format",
    "ogg",
    ["/telephony_settings/recording_settings/format enum"],
  ],
];

const TOOLS: readonly Row[] = [
  ["a tool without type", "/tools/1/type", undefined, ["/tools/1 required"]],
  ["a tool without its settings", "/tools/1/webhook", undefined, ["/tools/1 required"]],
  ["a tool with another's settings", "/tools/1/hangup", {}, ["/tools/1 additionalProperties"]],
  ["a webhook without address", "/tools/1/webhook/url", undefined, ["/tools/1/webhook required"]],
  ["a method that there is not", "/tools/1/webhook/method", "HEAD", ["/tools/1/webhook/method enum"]],
  ["a webhook that takes minutes", "/tools/1/timeout_ms", 60001, ["/tools/1/timeout_ms maximum"]],
  [
    "a path into the answer that is empty",
    "/tools/1/webhook/store_fields_as_variables/0/value_path",
    "",
    ["/tools/1/webhook/store_fields_as_variables/0/value_path minLength"],
  ],
  ["a time limit for a hangup", "/tools/5/timeout_ms", 5000, ["/tools/5 additionalProperties"]],
  [
    "a handoff to nobody",
    "/tools/4/handoff/ai_assistants/0/id",
    undefined,
    ["/tools/4/handoff/ai_assistants/0 required"],
  ],
  ["a transfer to a number", "/tools/6/transfer/targets", 15550001111, ["/tools/6/transfer/targets type"]],
  [
    "keys that no telephone has",
    "/tools/6/transfer/targets/0/extension",
    "20x",
    ["/tools/6/transfer/targets/0/extension pattern"],
  ],
  [
    "too many words",
    "/tools/6/transfer/voicemail_detection/detection_config/maximum_number_of_words",
    51,
    ["/tools/6/transfer/voicemail_detection/detection_config/maximum_number_of_words maximum"],
  ],
  ["an invitation from nobody", "/tools/7/invite/from", undefined, ["/tools/7/invite required"]],
  [
    "a SIP header that there is not",
    "/tools/8/refer/sip_headers/0/name",
    "X-Any",
    ["/tools/8/refer/sip_headers/0/name enum"],
  ],
  ["a payment to nobody", "/tools/12/pay/connector_name", undefined, ["/tools/12/pay required"]],
  [
    "no variable to set",
    "/tools/13/update_dynamic_variables/updatable_variables",
    [],
    ["/tools/13/update_dynamic_variables/updatable_variables minItems"],
  ],
  [
    "a variable of the system",
    "/tools/13/update_dynamic_variables/updatable_variables/0/name",
    "telnyx_x",
    ["/tools/13/update_dynamic_variables/updatable_variables/0/name pattern"],
  ],
];

const FLOW = "/conversation_flow";

const FLOWS: readonly Row[] = [
  ["a flow without nodes", `${FLOW}/nodes`, undefined, [`${FLOW} required`]],
  ["a node without type", `${FLOW}/nodes/1/type`, undefined, [`${FLOW}/nodes/1 discriminator`]],
  ["a node of an Json | undefined type", `${FLOW}/nodes/1/type`, "wait", [`${FLOW}/nodes/1 discriminator`]],
  ["a prompt without instructions", `${FLOW}/nodes/1/instructions`, undefined, [`${FLOW}/nodes/1 required`]],
  [
    "two models at one node",
    `${FLOW}/nodes/1/external_llm`,
    { model: "m", base_url: "https://a.example" },
    [`${FLOW}/nodes/1 not`],
  ],
  ["a tool node that speaks nothing", `${FLOW}/nodes/4/message`, " ", [`${FLOW}/nodes/4/message pattern`]],
  [
    "a tool node with instructions",
    `${FLOW}/nodes/4/instructions`,
    "x",
    [`${FLOW}/nodes/4 additionalProperties`],
  ],
  ["half a position", `${FLOW}/nodes/0/position/y`, undefined, [`${FLOW}/nodes/0/position required`]],
  ["an edge to nowhere", `${FLOW}/edges/0/target`, undefined, [`${FLOW}/edges/0 required`]],
  [
    "an edge without condition",
    `${FLOW}/edges/0/condition/type`,
    undefined,
    [`${FLOW}/edges/0/condition discriminator`],
  ],
  [
    "a stale condition",
    `${FLOW}/edges/0/condition/type`,
    "tool_result",
    [`${FLOW}/edges/0/condition discriminator`],
  ],
  [
    "a target of both kinds",
    `${FLOW}/edges/0/target/assistant_id`,
    "assistant-1",
    [`${FLOW}/edges/0/target additionalProperties`],
  ],
  [
    "an operator that there is not",
    `${FLOW}/edges/1/condition/expression/operands/1/op`,
    "=",
    [`${FLOW}/edges/1/condition/expression/operands/1/op enum`],
  ],
  [
    "and with one operand",
    `${FLOW}/edges/1/condition/expression/operands`,
    [{ type: "bool_literal", value: true }],
    [`${FLOW}/edges/1/condition/expression/operands minItems`],
  ],
  [
    "not with two operands",
    `${FLOW}/edges/1/condition/expression/op`,
    "not",
    [`${FLOW}/edges/1/condition/expression/operands maxItems`],
  ],
  [
    "a mistake deep in a rule",
    `${FLOW}/edges/1/condition/expression/operands/1/left/right/value`,
    "1.5",
    [`${FLOW}/edges/1/condition/expression/operands/1/left/right/value type`],
  ],
];

describe.each([
  ["settings", SETTINGS],
  ["speech", SPEECH],
  ["tools", TOOLS],
  ["flows", FLOWS],
] as const)("an assistant is rejected for its %s", (_, rows) => {
  test.each(rows)("%s", (_what, at, value, errors) => {
    expect(check(changed(everyAssistant, at, value))).toEqual(errors);
  });
});

describe("an assistant is taken with", () => {
  test.each<readonly [string, string, Json | undefined]>([
    ["a literal id", "/tool_ids/0", "tool-1"],
    ["an empty greeting", "/greeting", ""],
    ["a speech model that is new", "/transcription/model", "acme/hears-all"],
    ["a noise engine that is new", "/telephony_settings/noise_suppression", "hush"],
    ["a tool that is new", "/tools/0", { type: "teleport", teleport: { to: "mars" } }],
    ["targets from a variable", "/tools/6/transfer/targets", "{{ targets }}"],
    ["every step of the volume", "/voice_settings/background_audio/volume", 0.7],
    ["no name", "/name", undefined],
    ["a flow without edges", "/conversation_flow/edges", undefined],
    ["a socket that is off and has no address", "/websocket_settings", { enabled: false }],
  ])("%s", (_, at, value) => {
    expect(check(changed(everyAssistant, at, value))).toEqual([]);
  });
});
