import { isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { LintSubject } from "./lint.ts";
import { entriesOf } from "./assistant-content.ts";

/** One rule of a canary, with its place. */
export interface CanaryRule {
  readonly item: JsonObject;
  readonly path: readonly string[];
}

export function canariesIn(subjects: readonly LintSubject[]): readonly LintSubject[] {
  return subjects.filter(({ kind }) => kind.kind === "CanaryDeploy");
}

export function rulesOf({ spec }: LintSubject): readonly CanaryRule[] {
  return entriesOf(spec["rules"]).map(({ index, item }) => ({ item, path: ["rules", String(index)] }));
}

/** A version that a rule sends conversations to; its share, where it has one. */
export interface ServedVersion {
  readonly version: Json | undefined;
  readonly weight?: Json | undefined;
  readonly path: readonly string[];
}

export function servedBy({ item, path }: CanaryRule): readonly ServedVersion[] {
  const serve = item["serve"];
  if (!isObject(serve)) return [];
  const alone = property(serve, "version_id");
  const one = alone === undefined ? [] : [{ version: alone, path: [...path, "serve", "version_id"] }];
  const slots = entriesOf(serve["rollout"]).map(({ index, item: slot }) => ({
    version: slot["version_id"],
    weight: slot["weight"],
    path: [...path, "serve", "rollout", String(index), "version_id"],
  }));
  return [...one, ...slots];
}
