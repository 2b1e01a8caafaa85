import { parseAddress, type Address } from "../../model/address.ts";
import { hintAt, keyOf } from "../../model/field-hints.ts";
import type { ReportFinding } from "../../model/finding.ts";
import type { FieldHint } from "../../model/kind.ts";
import {
  type ListNode,
  type MapNode,
  member,
  type Member,
  type Node,
  textOf,
  toJson,
} from "../../model/node.ts";
import { segments } from "../../model/pointer.ts";
import { didYouMean } from "../../model/suggest.ts";
import { IS_POINTER } from "../check/envelope-schema.ts";
import type { Manifest } from "../project/manifest.ts";
import { mayBeUnreadable, type Unreadable } from "../read/declared.ts";

type Fields = Readonly<Record<string, FieldHint>>;

/** The manifests of one environment, and the environments of those of every other one. */
interface Patchable {
  readonly manifests: readonly Manifest[];
  readonly environments: ReadonlyMap<string, readonly string[]>;
  readonly unreadable: Unreadable;
}

/** The manifests as one environment has them; `patches` are checked by shape already. */
export function patched(
  { manifests, environments, unreadable }: Patchable,
  patches: readonly Node[],
  report: ReportFinding,
): readonly Manifest[] {
  const byAddress = new Map<string, Manifest>(manifests.map((manifest) => [manifest.address, manifest]));
  for (const patch of patches) {
    const target = member(patch, "target");
    const address = textOf(target);
    if (target === undefined || address === undefined || parseAddress(address) === undefined) continue;
    const manifest = byAddress.get(address);
    if (manifest === undefined && mayBeUnreadable(address, unreadable)) continue;
    const others = environments.get(address);
    if (manifest === undefined && others !== undefined) {
      const message = `${address} does not exist in this environment, only in ${others.join(", ")}`;
      const hint = "remove the patch, or add the environment to metadata.environments of the manifest";
      report({ code: "RC4007", message, at: target, hint, address: address as Address });
    } else if (manifest === undefined) {
      const hint = didYouMean(address, byAddress.keys());
      report({ code: "RC4007", message: `no manifest declares ${address}`, at: target, hint });
    } else {
      byAddress.set(address, { ...manifest, root: applied(manifest, patch, report) });
    }
  }
  return manifests.map((manifest) => byAddress.get(manifest.address) ?? manifest);
}

function applied(manifest: Manifest, patch: Node, report: ReportFinding): MapNode {
  const { root, kind } = manifest;
  const path = member(patch, "path");
  const value = member(patch, "value");
  const pointer = textOf(path);
  if (path !== undefined && pointer !== undefined && value !== undefined) {
    if (!IS_POINTER.test(pointer)) return root;
    const way = segments(pointer);
    if (!reachable(way)) {
      report({ code: "RC4008", message: `a patch cannot change ${pointer}`, at: path, hint: REACH });
      return root;
    }
    const result = withNode(root, way, { value, fields: kind.fields });
    if (typeof result === "string") {
      report({ code: "RC4008", message: `${manifest.address}: ${result}`, at: path });
      return root;
    }
    return result.type === "map" ? result : root;
  }
  const body = member(patch, "patch");
  return body?.type === "map" ? merged(manifest, body, report) : root;
}

const REACH = "patches change `spec`, `lifecycle` and `metadata.labels`";

function reachable([first, second]: readonly string[]): boolean {
  return first === "spec" || first === "lifecycle" || (first === "metadata" && second === "labels");
}

function merged({ root, kind }: Manifest, body: MapNode, report: ReportFinding): MapNode {
  const members = new Map(root.members);
  for (const [key, { key: at, value }] of body.members) {
    const only =
      key === "metadata" &&
      value.type === "map" &&
      [...value.members.keys()].every((name) => name === "labels");
    if (key !== "spec" && key !== "lifecycle" && !only) {
      report({ code: "RC4008", message: `a patch cannot change "${key}"`, at, hint: REACH });
      continue;
    }
    const fields = key === "spec" ? kind.fields : {};
    members.set(key, {
      key: members.get(key)?.key ?? at,
      value: merge(members.get(key)?.value, value, fields, []),
    });
  }
  return { ...root, members };
}

/** `node` with the value at a path; text says why there is no such place. */
function withNode(
  node: Node | undefined,
  way: readonly string[],
  put: { readonly value: Node; readonly fields: Fields },
  done: readonly string[] = [],
): Node | string {
  const { value, fields } = put;
  const [segment, ...rest] = way;
  if (segment === undefined) return value;
  const path = `/${[...done, segment].join("/")}`;
  if (node?.type === "map") {
    const old = node.members.get(segment);
    if (old === undefined && rest.length > 0) return `there is nothing at ${path}`;
    const inner = withNode(old?.value, rest, put, [...done, segment]);
    if (typeof inner === "string") return inner;
    return { ...node, members: new Map(node.members).set(segment, { key: old?.key ?? value, value: inner }) };
  }
  if (node?.type === "list") {
    const index = indexIn(node.items, segment, hintAt(fields, done.slice(1)));
    if (index === undefined || (index === node.items.length && rest.length > 0))
      return `there is nothing at ${path}`;
    const inner = withNode(node.items[index], rest, put, [...done, segment]);
    return typeof inner === "string" ? inner : { ...node, items: node.items.toSpliced(index, 1, inner) };
  }
  return `there is nothing at ${path}`;
}

/** A number, `-` for a new element, or the key of an element of a keyed list. */
function indexIn(items: readonly Node[], segment: string, hint: FieldHint | undefined): number | undefined {
  if (segment === "-") return items.length;
  if (/^(?:0|[1-9]\d{0,6})$/.test(segment)) return Number(segment) < items.length ? Number(segment) : undefined;
  const { keyedBy } = hint ?? {};
  if (keyedBy === undefined) return undefined;
  const index = items.findIndex((item) => keyOf(toJson(item), keyedBy) === segment);
  return index < 0 ? undefined : index;
}

/** The directive of an element that removes the element with its key. */
const DIRECTIVE = "$patch";

/**
 * `patch` merged over `base`: mappings by key, keyed lists by the keys that the kind declares, other lists and values
 * as a whole. `null` removes a key, `$patch: delete` an element. `path` is the way from `spec`.
 */
function merge(base: Node | undefined, patch: Node, fields: Fields, path: readonly string[]): Node {
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
