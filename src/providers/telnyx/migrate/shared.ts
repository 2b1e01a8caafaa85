import { isObject, membersOf, property, type Json, type JsonObject } from "../../../model/json.ts";
import type { Pointer } from "../../../model/pointer.ts";
import { leave, type Making, put, TODO } from "./resource.ts";
import { use, valueAt, type Source } from "./source.ts";

/** Models that are known to be hosted by Telnyx. For any other one the user must choose. */
const MODELS: ReadonlySet<string> = new Set(["meta-llama/Llama-3.3-70B-Instruct", "moonshotai/Kimi-K2.6"]);

export function putModel(resource: Making, provider: string, model: string): void {
  if (MODELS.has(model)) put(resource, "/model", model);
  else leave(resource, "/model", `a model of Telnyx (GET /v2/ai/models). At ${provider} it is ${model}.`);
}

/** A voice of ElevenLabs by its ids, which Telnyx speaks with a key of yours. */
export function putElevenLabsVoice(resource: Making, model: string, voice: string): void {
  put(resource, "/voice_settings/voice", `ElevenLabs.${model}.${voice}`);
  leave(resource, "/voice_settings/api_key_ref", "the integration secret with your key of ElevenLabs.");
}

export function leaveVoice(resource: Making, provider: string, voice: string): void {
  const what = `a voice of Telnyx (GET /v2/text-to-speech/voices). At ${provider} it is ${voice}.`;
  leave(resource, "/voice_settings/voice", what);
}

/** Headers as Telnyx lists them. Values that name a secret of the other provider are left to a person. */
export function headersOf(value: Json | undefined): readonly JsonObject[] | undefined {
  const headers = Array.isArray(value)
    ? value.filter(isObject).map((one) => header(String(one["name"] ?? ""), one["value"]))
    : Object.entries(membersOf(value)).map(([name, one]) => header(name, one));
  return headers.length > 0 ? headers : undefined;
}

function header(name: string, value: Json | undefined): JsonObject {
  return { name, value: typeof value === "string" ? value : TODO };
}

/** A JSON Schema of arguments, where there are any. */
export function parametersOf(value: Json | undefined): JsonObject | undefined {
  const properties = property(value, "properties");
  if (!isObject(value) || !isObject(properties) || Object.keys(properties).length === 0) return undefined;
  return { type: "object", ...value };
}

/** Milliseconds that a webhook may take. Telnyx waits for up to a minute; a longer time stays unused. */
export function takeTimeout(tool: Source, at: Pointer, milliseconds: number): number | undefined {
  const time = valueAt(tool, at);
  if (typeof time !== "number" || time * milliseconds > 60_000) return undefined;
  use(tool, at);
  return Math.round(time * milliseconds);
}

/** What Telnyx demands of a webhook: a name, a description and an address. */
export function webhookOf(named: {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly url: string | undefined;
}): JsonObject {
  const { name, description, url } = named;
  return { name: name ?? TODO, description: description ?? TODO, url: url ?? TODO };
}

/** The members that are there. */
export function present(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

/** The value at a place, used. */
export function take(source: Source, at: Pointer): Json | undefined {
  const value = valueAt(source, at);
  if (value !== undefined) use(source, at);
  return value;
}
