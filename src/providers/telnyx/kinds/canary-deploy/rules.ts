import { objectsIn, property, type JsonObject } from "../../../../model/json.ts";

/** The older form is one rule for everyone. */
export function rulesOf(spec: JsonObject): readonly JsonObject[] {
  const rules = property(spec, "rules");
  if (rules !== undefined) return objectsIn(rules);
  const rollout = objectsIn(property(spec, "versions")).map(
    ({ version_id = null, percentage = null }): JsonObject => ({ version_id, weight: percentage }),
  );
  return [{ serve: { rollout } }];
}
