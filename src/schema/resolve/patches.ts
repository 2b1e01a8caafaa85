import { parseAddress } from "../../model/address.ts";
import type { FieldHint } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import { mayBeUnreadable, type Unreadable } from "../read/declared.ts";
import { IS_POINTER } from "../check/envelope-schema.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { hintAt, keyOf } from "../../model/field-hints.ts";
import type { Manifest } from "../project/manifest.ts";
import { merge } from "./merge.ts";
import { member, textOf, toJson, type MapNode, type Node } from "../../model/node.ts";
import { didYouMean } from "../../model/suggest.ts";

type Fields = Readonly<Record<string, FieldHint>>;

/** The manifests as one environment has them; `patches` are checked by shape already. */
export function patched(
  manifests: readonly Manifest[],
  patches: readonly Node[],
  unreadable: Unreadable,
  report: ReportFinding,
): readonly Manifest[] {
  const byAddress = new Map<string, Manifest>(manifests.map((manifest) => [manifest.address, manifest]));
  for (const patch of patches) {
    const target = member(patch, "target");
    const address = textOf(target);
    if (target === undefined || address === undefined || parseAddress(address) === undefined) continue;
    const manifest = byAddress.get(address);
    if (manifest === undefined && mayBeUnreadable(address, unreadable)) continue;
    if (manifest === undefined) {
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
    const result = withValue(root, way, { value, fields: kind.fields });
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
function withValue(
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
    const inner = withValue(old?.value, rest, put, [...done, segment]);
    if (typeof inner === "string") return inner;
    return { ...node, members: new Map(node.members).set(segment, { key: old?.key ?? value, value: inner }) };
  }
  if (node?.type === "list") {
    const index = indexIn(node.items, segment, hintAt(fields, done.slice(1)));
    if (index === undefined || (index === node.items.length && rest.length > 0))
      return `there is nothing at ${path}`;
    const inner = withValue(node.items[index], rest, put, [...done, segment]);
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
