import { parseAddress } from "../../model/address.ts";
import { segments } from "../../model/pointer.ts";
import { isList, isObject, type Json } from "../../model/json.ts";
import { IS_POINTER } from "../envelope-schema.ts";
import type { Report } from "../finding.ts";
import type { Lint, LintSubject } from "../lint.ts";
import { nodeAt, textOf, type Node } from "../node.ts";
import { fieldsOf, schemasAt } from "../schema-at.ts";
import { didYouMean } from "../suggest.ts";

/** RC3022: what is ignored exists, and is not declared at the same time. */
export const ignoredPaths: Lint = (subjects, report) => {
  for (const subject of subjects) {
    for (const { text, node } of entriesAt(subject, "ignore")) {
      if (IS_POINTER.test(text)) checkIgnored(subject, node, segments(text), report);
    }
  }
};

function checkIgnored(subject: LintSubject, at: Node, path: readonly string[], report: Report): void {
  const { kind, spec, node, address } = subject;
  if (nodeAt(node, path) !== undefined) {
    const message = `${address} declares what it ignores`;
    report({ code: "RC3022", message, at, address, hint: "remove the path here, or the value below `spec`" });
    return;
  }
  for (const [index, segment] of path.entries()) {
    const above = schemasAt(kind.schema, spec, path.slice(0, index));
    // Elements of lists go by number or by key, and free content has any keys.
    if (above.some(({ items, additionalProperties }) => items !== undefined || isOpen(additionalProperties)))
      return;
    const fields = fieldsOf(above);
    if (fields.includes(segment)) continue;
    const message = `${kind.kind}.spec has no field /${path.slice(0, index + 1).join("/")}`;
    report({ code: "RC3022", message, at, address, hint: didYouMean(segment, fields) });
    return;
  }
}

function isOpen(additional: Json | undefined): boolean {
  return additional === true || isObject(additional);
}

/** RC3023: former addresses are free, and of the same kind. */
export const formerAddresses: Lint = (subjects, report) => {
  const declared = new Set<string>(subjects.map(({ address }) => address));
  const claimed = new Map<string, LintSubject>();
  for (const subject of subjects) {
    const { kind, address } = subject;
    for (const { text, node: at } of entriesAt(subject, "movedFrom")) {
      if (parseAddress(text) === undefined) continue;
      const other = claimed.get(text);
      if (text === address) report({ code: "RC3023", message: `${text} is its own address`, at, address });
      else if (!text.startsWith(`${kind.kind}/`)) {
        const message = `${text} is not ${/^[AEIOU]/.test(kind.kind) ? "an" : "a"} ${kind.kind}`;
        report({ code: "RC3023", message, at, address });
      } else if (declared.has(text)) {
        report({ code: "RC3023", message: `${text} is still declared`, at, address });
      } else if (other !== undefined && other !== subject) {
        report({ code: "RC3023", message: `${other.address} moved from ${text} already`, at, address });
      } else claimed.set(text, subject);
    }
  }
};

function entriesAt(
  { root }: LintSubject,
  field: string,
): readonly { readonly text: string; readonly node: Node }[] {
  const list = nodeAt(root, ["lifecycle", field]);
  if (list?.type !== "list") return [];
  return list.items.flatMap((node) => {
    const text = textOf(node);
    return text === undefined ? [] : [{ text, node }];
  });
}

/** RC3019: an object cannot be made before what it lives under, nor hold for ever what is made after it. */
export const hardCycles: Lint = (subjects, report) => {
  const targets = new Map(subjects.map((subject) => [subject.address as string, hardTargets(subject)]));
  for (const subject of subjects) {
    const way = wayBack(subject.address, targets);
    // Each circle is reported once, at its first address.
    if (way === undefined || way.some((address) => address < subject.address)) continue;
    const message = `${[subject.address, ...way].join(" needs ")}: none of them can be made first`;
    report({ code: "RC3019", message, at: subject.at, address: subject.address });
  }
};

/** References that must be there from the beginning. */
function hardTargets({ kind, spec }: LintSubject): readonly string[] {
  const pointers = [
    ...(kind.identity.parent === undefined ? [] : [kind.identity.parent]),
    ...Object.entries(kind.fields).flatMap(([pointer, hint]) => (hint.immutable === true ? [pointer] : [])),
  ];
  return pointers.flatMap((pointer) => referencesAt(spec, segments(pointer)));
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
