import { isObject, omit, property, type JsonObject } from "../../../../model/json.ts";
import { assistantBody, assistantSpec } from "../../objects/assistant-wire.ts";

export function fromLive(live: JsonObject): JsonObject {
  return versionSpec(live, assistantSpec(live));
}

/** The API has a version in the shape of an assistant; a manifest keeps its fields under `changes`. */
export function versionSpec(live: JsonObject, assistant: JsonObject): JsonObject {
  const id = property(live, "id");
  const name = property(live, "version_name");
  return {
    ...(id !== undefined && { assistant: id }),
    ...(name !== undefined && { version_name: name }),
    changes: omit(assistant, ["tags", "version_name"]),
  };
}

export function toWire(spec: JsonObject): JsonObject {
  const changes = property(spec, "changes");
  const name = property(spec, "version_name");
  return {
    ...(isObject(changes) ? assistantBody(changes) : {}),
    ...(name !== undefined && { version_name: name }),
  };
}
