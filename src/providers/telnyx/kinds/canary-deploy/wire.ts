import { isList, isObject, omit, property, type Json, type JsonObject } from "../../../../model/json.ts";
import { withoutNulls } from "../../objects/nullable-wire.ts";
import { OF_CANARIES } from "../../objects/response-only.ts";

export function fromLive(live: JsonObject): JsonObject {
  const assistant = property(live, "assistant_id");
  const spec = withMatches(liftVersions(omit(live, OF_CANARIES)));
  return assistant === undefined ? spec : { assistant, ...spec };
}

/** The whole list of rules; the assistant stands in the path. */
export function toWire(spec: JsonObject): JsonObject {
  return withoutNulls(omit(withMatches(liftVersions(spec)), ["assistant", ...OF_CANARIES]), {});
}

/**
 * The older form, `versions: [{version_id, percentage}]`, as the one rule for everyone that it stands for; any other
 * spec as it is. Manifests and answers may both hold it.
 */
export function liftVersions(spec: JsonObject): JsonObject {
  const versions = property(spec, "versions");
  if (!isList(versions)) return spec;
  const rest = omit(spec, ["versions"]);
  const rules = property(spec, "rules");
  if ((isList(rules) && rules.length > 0) || versions.length === 0) return rest;
  const rollout = versions.filter(isObject).map(slotOf);
  return { ...rest, rules: [{ match: [], serve: { rollout } }] };
}

/** A rule without conditions is for everyone, said or unsaid: here it is always said. */
function withMatches(spec: JsonObject): JsonObject {
  const rules = property(spec, "rules");
  if (!isList(rules)) return spec;
  return { ...spec, rules: rules.map(withMatch) };
}

function slotOf({ percentage, ...slot }: JsonObject): JsonObject {
  return percentage === undefined ? slot : { ...slot, weight: percentage };
}

function withMatch(rule: Json): Json {
  return isObject(rule) && !isList(property(rule, "match")) ? { ...rule, match: [] } : rule;
}
