import type { Address } from "../../model/address.ts";
import type { Finding } from "../../model/finding.ts";
import { isList, isObject, stringify, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Member, Node } from "../../model/node.ts";
import { sourceOf, type Source } from "../../model/source.ts";
import { lint } from "../check/lints/index.ts";
import { validateShape, type Validators } from "../check/validate.ts";
import { masked } from "../diagnostics/credentials/find.ts";
import { severityOf } from "../diagnostics/finding.ts";

/** A value that makes a manifest invalid. */
export interface InvalidValue {
  readonly path: readonly string[];
  /** As validation says it. */
  readonly message: string;
}

/** What validation would say of a spec, whatever else the project declares: errors alone. */
export function invalidValues(spec: JsonObject, kind: Kind, validators: Validators): readonly InvalidValue[] {
  const node = nodeOf(spec, 0, sourceOf("", stringify(spec)));
  const found: Finding[] = [];
  const report = (finding: Finding) => void found.push(finding);
  const { fields, schema } = kind;
  const subject = { node, value: spec, schema, label: `${kind.kind}.spec`, fields };
  validateShape(kind.kind, subject, validators, report);
  const address: Address = `${kind.kind}/x`;
  const shared = { address, kind, name: "x", spec, node, root: node, at: node };
  lint([{ ...shared, isTied: true }], { incomplete: true, report });
  return found
    .filter(({ code }) => severityOf(code) === "error")
    .map(({ path, at, message }) => ({
      path: path ?? (at === undefined ? [] : pathAt(node, at.start)),
      message: masked(message),
    }));
}

/** The nodes of a value that is written as JSON without spaces. */
function nodeOf(value: Json, start: number, source: Source): Node {
  if (isList(value)) {
    const items: Node[] = [];
    for (const item of value) items.push(nodeOf(item, (items.at(-1)?.end ?? start) + 1, source));
    return { type: "list", items, source, start, end: (items.at(-1)?.end ?? start + 1) + 1 };
  }
  if (!isObject(value)) return { type: "scalar", value, source, start, end: start + stringify(value).length };
  const members = new Map<string, Member>();
  let end = start;
  for (const [name, item] of Object.entries(value)) {
    const key = { source, start: end + 1, end: end + 1 + stringify(name).length };
    const node = nodeOf(item, key.end + 1, source);
    members.set(name, { key, value: node });
    end = node.end;
  }
  return { type: "map", members, source, start, end: Math.max(end, start + 1) + 1 };
}

/** The path of the deepest value that stands at a position, or whose key does. */
function pathAt(node: Node, position: number): readonly string[] {
  if (node.type === "scalar") return [];
  const below =
    node.type === "list"
      ? node.items.map((value, index) => ({ name: String(index), from: value.start, value }))
      : [...node.members].map(([name, { key, value }]) => ({ name, from: key.start, value }));
  const found = below.find(({ from, value }) => position >= from && position < value.end);
  if (found === undefined) return [];
  return [found.name, ...(position < found.value.start ? [] : pathAt(found.value, position))];
}
