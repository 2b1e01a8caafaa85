import type { Json } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { include, looksLikeInclude, type Includes } from "./include.ts";
import {
  toJson,
  type ListNode,
  type MapNode,
  type Member,
  type Node,
  type ScalarNode,
} from "../../model/node.ts";
import { acceptsString, schemasAt, typesOf } from "../../model/json-schema.ts";
import { substitute, type Variables } from "../project/variables.ts";

export interface Resolution {
  readonly kind: Kind;
  /** The whole `spec`, to tell an include from free content with a field `file`. */
  readonly spec: Node;
  readonly includes: Includes;
  readonly variables: Variables;
  readonly report: ReportFinding;
}

interface Walk extends Resolution {
  /** The value of `spec`, made once and only when it is needed. */
  readonly value: () => Json;
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** `spec` with included texts read and variables filled in. Untouched parts are the same nodes. */
export function resolveValues(resolution: Resolution): Node {
  return resolve({ ...resolution, value: lazily(() => toJson(resolution.spec)) }, resolution.spec, []);
}

function resolve(resolution: Walk, node: Node, path: string[]): Node {
  if (node.type === "scalar") return substituted(resolution, node);
  if (node.type === "list") return resolvedList(resolution, node, path);
  if (node.members.has("file") && isInclude(resolution, node, path)) return included(resolution, node);
  return resolvedMap(resolution, node, path);
}

/** Where text may stand and a mapping may not, `file` means an include, even a malformed one. */
function isInclude({ kind, value }: Walk, node: MapNode, path: readonly string[]): boolean {
  const schemas = schemasAt(kind.schema, value(), path);
  if (!acceptsString(schemas)) return false;
  const types = typesOf(schemas);
  return looksLikeInclude(node) || (types.length > 0 && !types.includes("object"));
}

function substituted({ variables, report }: Resolution, node: ScalarNode): ScalarNode {
  if (typeof node.value !== "string" || !node.value.includes("${")) return node;
  const { plain: _, ...rest } = node;
  return { ...rest, value: substitute(node, node.value, variables, report), substituted: true };
}

function included(resolution: Walk, node: MapNode): ScalarNode {
  const { source, start, end } = node;
  const found = include(node, resolution.includes, resolution.report);
  if (found === undefined) return { type: "scalar", value: "", unread: true, source, start, end };
  const scalar: ScalarNode = { type: "scalar", value: found.text, source, start, end, included: found.source };
  return found.vars ? substituted(resolution, scalar) : scalar;
}

function resolvedList(resolution: Walk, node: ListNode, path: string[]): ListNode {
  let changed = false;
  const items = node.items.map((item, index) => {
    path.push(String(index));
    const next = resolve(resolution, item, path);
    path.pop();
    changed ||= next !== item;
    return next;
  });
  return changed ? { ...node, items } : node;
}

function resolvedMap(resolution: Walk, node: MapNode, path: string[]): MapNode {
  let changed = false;
  const members = new Map<string, Member>();
  for (const [key, { key: place, value }] of node.members) {
    if (key.includes("${var.")) {
      resolution.report({ code: "RC4006", message: "variables are not substituted in keys", at: place });
    }
    path.push(key);
    const next = resolve(resolution, value, path);
    path.pop();
    changed ||= next !== value;
    members.set(key, { key: place, value: next });
  }
  return changed ? { ...node, members } : node;
}
