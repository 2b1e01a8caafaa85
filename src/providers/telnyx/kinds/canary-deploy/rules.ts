import {
  isList,
  isObject,
  objectsIn,
  property,
  stringsIn,
  type Json,
  type JsonObject,
} from "../../../../model/json.ts";
import type { Split } from "../../../../model/split.ts";

/** The older form is one rule for everyone. */
export function rulesOf(spec: JsonObject): readonly JsonObject[] {
  const rules = property(spec, "rules");
  if (rules !== undefined) return objectsIn(rules);
  const rollout = objectsIn(property(spec, "versions")).map(
    ({ version_id = null, percentage = null }): JsonObject => ({ version_id, weight: percentage }),
  );
  return [{ serve: { rollout } }];
}

/** Rule by rule, which version answers which share of the conversations. */
export function splitOf(spec: JsonObject): readonly Split[] {
  return rulesOf(spec).map((rule) => {
    const shares = sharesIn(rule);
    const others = shares.reduce((sum, { percent }) => sum + percent, 0);
    return {
      match: objectsIn(rule["match"]).map(words).join(" and "),
      shares,
      main: Math.max(0, 100 - others),
    };
  });
}

function sharesIn(rule: JsonObject): Split["shares"] {
  const serve = property(rule, "serve");
  if (!isObject(serve)) return [];
  const { version_id: version } = serve;
  if (version !== undefined) return [{ version, percent: 100 }];
  return objectsIn(serve["rollout"]).map(({ version_id = null, weight }) => ({
    version: version_id,
    percent: Number(weight),
  }));
}

function words({ attribute, operator, values }: JsonObject): string {
  return `${String(attribute)} ${String(operator).replaceAll("_", " ")} ${stringsIn(values).join(", ")}`;
}

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
