import { strings } from "../../../model/json-schema.ts";
import { transcription } from "../objects/transcription-schema.ts";
import { leave, put, type Making } from "./resource.ts";

const KNOWN = new Set(strings(transcription.properties.model["x-known-values"]));

/** A speech-to-text model by the name that Telnyx has for it; any other one is left to a person. */
export function transcriptionModel(
  resource: Making,
  at: string,
  provider: string | undefined,
  model: string | undefined,
): void {
  if (provider === undefined && model === undefined) return;
  const name = [provider, model].filter((part) => part !== undefined).join("/");
  if (KNOWN.has(name)) put(resource, "/transcription/model", name);
  else leave(resource, "/transcription/model", `a speech-to-text model of Telnyx. At ${at} it is ${name}.`);
}
