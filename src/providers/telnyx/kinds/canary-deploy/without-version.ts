import { isList, isObject, property, type Json, type JsonObject } from "../../../../model/json.ts";

/** The rules without those for one version. Its share of a rollout goes to main. In the older form, too. */
export function withoutVersion(spec: JsonObject, isVersion: (value: Json) => boolean): JsonObject | undefined {
  const key = property(spec, "rules") === undefined ? "versions" : "rules";
  const list = property(spec, key);
  if (!isList(list)) return spec;
  const left = list.flatMap((one) => (key === "rules" ? ruleWithout(one, isVersion) : served(one, isVersion)));
  return left.length === 0 ? undefined : { ...spec, [key]: left };
}

function ruleWithout(rule: Json, isVersion: (value: Json) => boolean): readonly Json[] {
  const serve = property(rule, "serve");
  if (!isObject(rule) || !isObject(serve)) return [rule];
  const rollout = property(serve, "rollout");
  if (!isList(rollout)) return served(serve, isVersion).length === 0 ? [] : [rule];
  const left = rollout.flatMap((slot) => served(slot, isVersion));
  return left.length === 0 ? [] : [{ ...rule, serve: { ...serve, rollout: left } }];
}

function served(slot: Json, isVersion: (value: Json) => boolean): readonly Json[] {
  const version = property(slot, "version_id");
  return version !== undefined && isVersion(version) ? [] : [slot];
}
