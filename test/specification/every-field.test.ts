import { describe, expect, test } from "vitest";
import { valueIn } from "../../src/model/at-path.ts";
import { isList, isObject, property, type Json, type JsonObject } from "../../src/model/json.ts";
import { segments } from "../../src/model/pointer.ts";
import { changed, checkOf, unusedFields, visits } from "./check.ts";
import { everyField } from "./every-field/specs.ts";
import { schemas, type KindName } from "./schemas.ts";

/** As the API's documentation has them, and the identifiers of secrets, of which answers show null where there is none. */
const NULLABLE: Readonly<Record<KindName, readonly string[]>> = {
  Assistant: [
    "conversation_flow",
    "conversation_flow.nodes[]<prompt>.external_llm.certificate_ref",
    "conversation_flow.nodes[]<prompt>.external_llm.llm_api_key_ref",
    "conversation_flow.nodes[]<prompt>.llm_api_key_ref",
    "conversation_flow.nodes[]<prompt>.transcription.api_key_ref",
    "conversation_flow.nodes[]<prompt>.voice_settings.api_key_ref",
    "conversation_flow.nodes[]<prompt>.voice_settings.language_boost",
    "delegation_settings.external_llm.certificate_ref",
    "delegation_settings.external_llm.llm_api_key_ref",
    "delegation_settings.llm_api_key_ref",
    "external_llm.certificate_ref",
    "external_llm.llm_api_key_ref",
    "fallback_config.external_llm.certificate_ref",
    "fallback_config.external_llm.llm_api_key_ref",
    "fallback_config.llm_api_key_ref",
    "interruption_settings.interrupt_prediction_threshold",
    "llm_api_key_ref",
    "observability_settings.public_key_ref",
    "observability_settings.secret_key_ref",
    "tools[]<invite>.invite.targets",
    "tools[]<pay>.pay.description",
    "tools[]<send_message>.send_message.message_template",
    "tools[]<transfer>.transfer.warm_message_delay_ms",
    "transcription.api_key_ref",
    "voice_settings.api_key_ref",
    "voice_settings.language_boost",
    "websocket_settings.auth_ref",
    "widget_settings.give_feedback_url",
    "widget_settings.logo_icon_url",
    "widget_settings.report_issue_url",
    "widget_settings.view_history_url",
  ],
  AssistantVersion: [],
  CanaryDeploy: [],
  AssistantTest: [],
  McpServer: ["allowed_tools", "api_key_ref"],
  Tool: [
    "<invite>.invite.targets",
    "<pay>.pay.description",
    "<send_message>.send_message.message_template",
    "<transfer>.transfer.warm_message_delay_ms",
  ],
};

/** Where any keys are welcome. */
const FREE = [
  "dynamic_variables",
  "function",
  "function.parameters",
  "path_parameters",
  "path_parameters.properties",
  "query_parameters",
  "query_parameters.properties",
  "body_parameters",
  "body_parameters.properties",
  "parameters",
  "parameters.properties",
  "preset_query_params",
  "preset_body_fields",
  "send_dtmf",
  "send_message",
  "vision",
  "avatar_settings",
];

const KINDS = (Object.keys(schemas) as KindName[]).map((kind) => ({
  kind,
  schema: schemas[kind] as JsonObject,
  specs: everyField[kind] ?? [],
  // Those of a version are those of an assistant.
  nullable: kind === "AssistantVersion" ? NULLABLE.Assistant.map((path) => `changes.${path}`) : NULLABLE[kind],
}));

describe.each(KINDS)("$kind", ({ schema, specs, nullable }) => {
  const check = checkOf(schema);

  test("has a valid spec for every field", () => {
    expect(specs.flatMap((spec) => check(spec))).toEqual([]);
    expect(unusedFields(schema, specs)).toEqual([]);
  });

  test("has a small example that is valid", () => {
    const examples = property(schema, "examples");
    expect(isList(examples) && examples.flatMap((example) => check(example))).toEqual([]);
  });

  test("accepts null only in nullable fields", () => {
    const taken = places(schema, specs).filter(({ spec, at }) => check(changed(spec, at, null)).length === 0);
    expect(pathsOf(taken)).toEqual(nullable);
  });

  test("accepts unknown keys only in free-form content", () => {
    const taken = places(schema, specs).filter(({ spec, at }) => {
      const here = valueIn(spec, segments(at));
      return isObject(here) && check(changed(spec, at, { ...here, unheard_of: 1 })).length === 0;
    });
    expect(pathsOf(taken).filter((path) => !FREE.some((free) => path.endsWith(free)))).toEqual([]);
    expect(specs.flatMap((spec) => check(changed(spec, "/unheard_of", 1)))).toHaveLength(specs.length);
  });

  test("has a description for every field", () => {
    expect(undescribed(schema, "")).toEqual([]);
  });
});

interface Place {
  readonly spec: Json;
  readonly path: string;
  readonly at: string;
}

function places(schema: JsonObject, specs: readonly Json[]): readonly Place[] {
  return specs.flatMap((spec) => visits(schema, spec).map(({ path, at }) => ({ spec, path, at })));
}

function pathsOf(found: readonly Place[]): readonly string[] {
  return [...new Set(found.map(({ path }) => path))].toSorted();
}

/** Where a schema of a field stands without a sentence. */
function undescribed(schema: Json, at: string): readonly string[] {
  if (isList(schema)) return schema.flatMap((item, i) => undescribed(item, `${at}/${i}`));
  if (!isObject(schema)) return [];
  const description = property(schema, "description");
  const describable = property(schema, "type") !== undefined && !/\/(?:if|then|else)\//.test(at);
  const fine = typeof description === "string" && /^[A-Z`][^]*\.$/.test(description);
  const inner = Object.entries(schema)
    .filter(([key]) => !["examples", "default", "enum", "x-example-beside"].includes(key))
    .flatMap(([key, child]) => {
      const children =
        key === "properties" && isObject(child) ? Object.entries(child) : [[key, child] as const];
      return children.flatMap(([name, item]) => undescribed(item, `${at}/${name}`));
    });
  return describable && !fine ? [at, ...inner] : inner;
}
