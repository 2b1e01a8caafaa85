import { isObject, objectsIn, property, stringsIn, type JsonObject } from "../../../../model/json.ts";
import type { Split } from "../../../../model/split.ts";
import { rulesOf } from "./rules.ts";

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
