import { parseAddress } from "../../../model/address.ts";
import { isList, isObject, type Json } from "../../../model/json.ts";
import { grouped } from "../../../model/grouped.ts";
import type { Kind, Lint } from "../../../model/kind.ts";
import { nodesAt, textOf } from "../../../model/node.ts";
import { segments } from "../../../model/pointer.ts";

/** RC3003 and RC3028: text in place of a reference that is an address, or the name of a resource of this project. */
export const literalIds: Lint = ({ subjects, report }) => {
  const declared = new Set<string>(subjects.map(({ address }) => address));
  for (const { kind, node, address } of subjects) {
    for (const { at: pattern, to } of kind.references) {
      for (const found of nodesAt(node, segments(pattern))) {
        const text = textOf(found);
        if (text === undefined) continue;
        if (parseAddress(text)?.kind === to) {
          const hint = `write { ref: ${text} }`;
          report({ code: "RC3003", message: `"${text}" is an address, not an id`, at: found, address, hint });
        } else if (declared.has(`${to}/${text}`)) {
          const message = `"${text}" is sent as the id of an object, and is the name of ${to}/${text}`;
          report({ code: "RC3028", message, at: found, address, hint: `write { ref: ${to}/${text} }` });
        }
      }
    }
  }
};

/** RC3019: an object cannot be created before its parent, and cannot refer to an object that is created after it. */
export const hardCycles: Lint = ({ subjects, report }) => {
  const targets = new Map<string, readonly string[]>();
  for (const [kind, ofKind] of grouped(subjects, (subject) => subject.kind)) {
    const paths = hardReferences(kind);
    for (const { address, spec } of ofKind)
      targets.set(
        address,
        paths.flatMap((path) => referencesAt(spec, path)),
      );
  }
  for (const subject of subjects) {
    const way = wayBack(subject.address, targets);
    // Each circle is reported once, at its first address.
    if (way === undefined || way.some((address) => address < subject.address)) continue;
    const message = `${[subject.address, ...way].join(" needs ")}: none of them can be created first`;
    report({ code: "RC3019", message, at: subject.at, address: subject.address });
  }
};

/** Where references stand that must be there from the beginning. */
function hardReferences({ identity, fields }: Kind): readonly (readonly string[])[] {
  const pointers = [
    ...(identity.parent === undefined ? [] : [identity.parent]),
    ...Object.entries(fields).flatMap(([pointer, hint]) => (hint.immutable === true ? [pointer] : [])),
  ];
  return pointers.map(segments);
}

function referencesAt(value: Json | undefined, path: readonly string[]): readonly string[] {
  const [segment, ...rest] = path;
  if (segment === "*" && isList(value)) return value.flatMap((item) => referencesAt(item, rest));
  if (!isObject(value)) return [];
  if (segment !== undefined) return referencesAt(value[segment], rest);
  return typeof value["ref"] === "string" ? [value["ref"]] : [];
}

/** The way from an address over its targets back to itself, its end included. */
function wayBack(
  start: string,
  targets: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const seen = new Set<string>();
  const stack: (readonly string[])[] = (targets.get(start) ?? []).map((target) => [target]);
  for (let way = stack.pop(); way !== undefined; way = stack.pop()) {
    const last = way.at(-1) ?? "";
    if (last === start) return way;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const next of targets.get(last) ?? []) stack.push([...way, next]);
  }
  return undefined;
}
