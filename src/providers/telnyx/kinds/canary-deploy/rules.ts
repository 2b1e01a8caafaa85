import { isList, isObject, type Json, type JsonObject, property } from "../../../../model/json.ts";

/** The older form is one rule for everyone. */
export function rulesOf(spec: JsonObject): readonly JsonObject[] {
  const rules = property(spec, "rules");
  if (rules !== undefined) return objectsIn(rules);
  const rollout = objectsIn(property(spec, "versions")).map(
    ({ version_id = null, percentage = null }): JsonObject => ({ version_id, weight: percentage }),
  );
  return [{ serve: { rollout } }];
}

export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

export function textsIn(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((one) => typeof one === "string") : [];
}
