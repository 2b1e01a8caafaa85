import { equal, isObject, membersOf, property, type Json, type JsonObject } from "../../../model/json.ts";

/** One of the account's shared tools, as far as it tells them apart. */
export interface SharedTool {
  readonly id: string;
  readonly type: Json | undefined;
  readonly settings: JsonObject;
}

export function sharedToolOf(id: string, live: JsonObject): SharedTool {
  const type = property(live, "type");
  return { id, type, settings: settingsOf(property(live, "tool_definition"), type) };
}

/**
 * The shared tool that an entry of `tools` without an id shows: the one of its type and name, and of several the one with
 * its settings. `undefined` where that says nothing.
 */
export function shownTool(entry: Json, tools: readonly SharedTool[]): string | undefined {
  const type = property(entry, "type");
  if (typeof type !== "string") return undefined;
  const settings = settingsOf(property(entry, type), type);
  const name = property(settings, "name");
  const alike = tools.filter(
    (tool) => tool.type === type && (name === undefined || property(tool.settings, "name") === name),
  );
  if (alike.length < 2) return alike[0]?.id;
  return alike.find((tool) => equal(tool.settings, settings))?.id;
}

/** Answers hold them bare, or under the key of their type. */
function settingsOf(definition: Json | undefined, type: Json | undefined): JsonObject {
  const nested = typeof type === "string" ? property(definition, type) : undefined;
  if (isObject(nested)) return nested;
  return membersOf(definition);
}
