import { isList, membersOf, type JsonObject } from "../../../model/json.ts";
import { isDescribed } from "./check/tool.ts";
import { mergePatch } from "./merge-patch.ts";
import { elements } from "./references.ts";
import type { CanaryRecord, Plain } from "./records.ts";

/** A record with a merge patch. */
export function patchedPlain(record: Plain, patch: JsonObject): Plain {
  return { ...membersOf(mergePatch(record, patch)), id: record.id };
}

/**
 * A shared tool with a merge patch. The block can be named by its type, as in requests, or `tool_definition`, as in answers;
 * a block of another type is ignored.
 */
export function patchedTool(tool: Plain, patch: JsonObject, updatedAt: string): Plain {
  const { id, type: oldType, tool_definition: old = {}, ...others } = tool;
  const { type: newType = oldType, tool_definition: answered = {}, ...rest } = patch;
  const type = String(newType);
  const own = Object.hasOwn(rest, type) ? rest[type] : undefined;
  const settings = Object.fromEntries(
    Object.entries(rest).filter(([key]) => key !== type && !isDescribed(key)),
  );
  const base = type === oldType ? old : {};
  const definition = mergePatch(mergePatch(base, answered), own ?? {});
  return {
    ...membersOf(mergePatch(others, settings)),
    id,
    type,
    tool_definition: definition,
    updated_at: updatedAt,
  };
}

/** The rules of a canary with a merge patch, which may also have the form with `versions` of answers. */
export function patchedRules(canary: CanaryRecord | undefined, patch: JsonObject): JsonObject {
  const { versions, ...rest } = patch;
  const merged = membersOf(mergePatch({ rules: canary?.rules ?? [] }, rest));
  if (!isList(versions)) return merged;
  const rollout = elements(versions).map(({ version_id: version = null, percentage: weight = null }) => ({
    version_id: version,
    weight,
  }));
  return { ...merged, rules: [{ serve: { rollout } }] };
}

/** An insight group with a merge patch. Answers contain its insights; the record has their ids. */
export function patchedGroup(group: Plain, patch: JsonObject): Plain {
  const { insights, ...rest } = patch;
  const ids = isList(insights) ? { insight_ids: elements(insights).map(({ id = null }) => id) } : {};
  return patchedPlain(group, { ...rest, ...ids });
}

/** An integration secret with a merge patch; its value is never kept. */
export function patchedSecret(secret: Plain, patch: JsonObject, updatedAt: string): Plain {
  const { token: _token, username: _username, password: _password, ...rest } = patch;
  return { ...membersOf(mergePatch(secret, rest)), id: secret.id, updated_at: updatedAt };
}
