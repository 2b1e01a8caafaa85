import { isList, membersOf, property, type Json, type JsonObject } from "../../model/json.ts";
import type { ImportGap, ImportProvider, SecretPlace } from "../../model/live-copies.ts";
import { pointer } from "../../model/pointer.ts";

const NO_COUNTERPART = "Telnyx has no counterpart";
const NO_SETTING = "Telnyx has no such setting of the model";
const KNOWLEDGE = "knowledge bases are not imported; use a retrieval tool";

/** What the import of Telnyx has no place for or leaves out, by paths in the configuration of the provider. */
const GAPS: Readonly<Record<ImportProvider, readonly ImportGap[]>> = {
  elevenlabs: [
    { fields: ["agent.prompt.knowledge_base", "agent.prompt.rag"], why: KNOWLEDGE },
    { fields: ["agent.prompt.temperature", "agent.prompt.max_tokens"], why: NO_SETTING },
    { fields: ["language_presets", "overrides", "call_limits"], why: NO_COUNTERPART },
    { fields: ["auth"], why: `${NO_COUNTERPART} of the allow-list` },
    {
      fields: ["pronunciation dictionaries"],
      why: NO_COUNTERPART,
    },
    { fields: ["conversation.text_only"], why: NO_COUNTERPART },
  ],
  vapi: [
    { fields: ["model.knowledgeBaseId"], why: KNOWLEDGE },
    { fields: ["model.temperature", "model.maxTokens"], why: NO_SETTING },
    { fields: ["endCallPhrases", "endCallMessage", "hooks"], why: NO_COUNTERPART },
    { fields: ["serverMessages", "clientMessages"], why: NO_COUNTERPART },
    { fields: ["stopSpeakingPlan"], why: NO_COUNTERPART },
  ],
  retell: [
    { fields: ["knowledge_base_ids"], why: KNOWLEDGE },
    { fields: ["model_temperature"], why: NO_SETTING },
    { fields: ["responsiveness", "enable_backchannel"], why: NO_COUNTERPART },
    {
      fields: ["interruption_sensitivity"],
      why: `${NO_COUNTERPART}; interrupt_prediction_threshold is similar`,
    },
    { fields: ["pronunciation dictionaries"], why: NO_COUNTERPART },
  ],
};

/** Agents that no import of the provider takes. */
const LEFT_OUT: Readonly<Partial<Record<ImportProvider, string>>> = {
  retell: "Agents with a conversation flow are not imported, only single-prompt and multi-prompt agents.",
};

export function leftOutBy(provider: ImportProvider): string | undefined {
  return LEFT_OUT[provider];
}

/** What the import left behind of an assistant. One with a retrieval tool has its knowledge base. */
export function gapsOf(provider: ImportProvider, spec: JsonObject): readonly ImportGap[] {
  const tools = spec["tools"];
  const hasRetrieval = isList(tools) && tools.some((tool) => property(tool, "type") === "retrieval");
  return GAPS[provider].filter(({ why }) => !(hasRetrieval && why === KNOWLEDGE));
}

const IN_TEXT = /\{\{#integration_secret\}\}\s*([^{}]*?)\s*\{\{\/integration_secret\}\}/g;

/** Where a value names integration secrets: in templates, and in fields that end in `_ref`. */
export function secretsIn(value: Json, path: readonly string[] = []): readonly SecretPlace[] {
  if (typeof value === "string") {
    const isRef = path.at(-1)?.endsWith("_ref") === true;
    const names = isRef ? [value] : [...value.matchAll(IN_TEXT)].map(([, name = ""]) => name);
    return [...new Set(names)].filter((name) => name !== "").map((name) => ({ path: pointer(path), name }));
  }
  const members = isList(value) ? value.entries() : Object.entries(membersOf(value));
  return [...members].flatMap(([key, member]) => secretsIn(member, [...path, String(key)]));
}

/** The API leaves these out of a clone. */
export const NOT_CLONED: readonly string[] = ["/telephony_settings", "/messaging_settings"];
