import type { FieldHint } from "../../model/kind.ts";
import { hintAt, keyOf } from "../../model/field-hints.ts";
import { toJson, type ListNode, type MapNode, type Member, type Node } from "../../model/node.ts";

type Fields = Readonly<Record<string, FieldHint>>;

/** The directive of an element that removes the element with its key. */
const DIRECTIVE = "$patch";

/**
 * `patch` merged over `base`: mappings by key, keyed lists by the keys that the kind declares, other lists and values
 * as a whole. `null` removes a key, `$patch: delete` an element. `path` is the way from `spec`.
 */
export function merge(base: Node | undefined, patch: Node, fields: Fields, path: readonly string[]): Node {
  if (patch.type === "map") return mergeMaps(base?.type === "map" ? base : undefined, patch, fields, path);
  const isKeyed = hintAt(fields, path).keyedBy !== undefined;
  return patch.type === "list" && base?.type === "list" && isKeyed
    ? mergeLists(base, patch, fields, path)
    : patch;
}

function mergeMaps(
  base: MapNode | undefined,
  patch: MapNode,
  fields: Fields,
  path: readonly string[],
): MapNode {
  const members = new Map<string, Member>(base?.members);
  for (const [key, { key: place, value }] of patch.members) {
    if (key === DIRECTIVE) continue;
    if (value.type === "scalar" && value.value === null) members.delete(key);
    else members.set(key, { key: place, value: merge(members.get(key)?.value, value, fields, [...path, key]) });
  }
  return { ...(base ?? patch), members };
}

function mergeLists(base: ListNode, patch: ListNode, fields: Fields, path: readonly string[]): ListNode {
  const { keyedBy = [] } = hintAt(fields, path);
  const items = [...base.items];
  const keys: (string | undefined)[] = items.map((item) => keyOf(toJson(item), keyedBy));
  for (const element of patch.items) {
    const key = keyOf(toJson(element), keyedBy);
    const at = key === undefined ? -1 : keys.indexOf(key);
    const removes = toDirective(element) === "delete";
    if (at >= 0 && removes) {
      items.splice(at, 1);
      keys.splice(at, 1);
    } else if (!removes) {
      const merged = merge(items[at], element, fields, [...path, String(at < 0 ? items.length : at)]);
      items[at < 0 ? items.length : at] = merged;
      if (at < 0) keys.push(key);
    }
  }
  return { ...base, items };
}

function toDirective(element: Node): string | undefined {
  const value = element.type === "map" ? element.members.get(DIRECTIVE)?.value : undefined;
  return value?.type === "scalar" && typeof value.value === "string" ? value.value : undefined;
}
