import type { Address } from "../model/address.ts";
import { equal, isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { PathChange } from "../model/plan.ts";
import { pointer } from "../model/pointer.ts";
import { isReference } from "../model/resource.ts";
import { ORDER, hasKeys } from "./canonical.ts";
import { namesSecret, secretDigest } from "./digest.ts";
import type { Hints } from "./hints.ts";
import type { Classified } from "./threeway.ts";

/** What a path change says beyond the three values. */
export interface Wording {
  readonly hints: Hints;
  /** Ids of known objects, to their addresses. */
  readonly names: Readonly<Record<string, Address>>;
  /** The file that a text was included from, by the canonical path. */
  readonly includedFile: (path: string) => string | undefined;
}

/** A classified path as plain data for plans and reports. */
export function pathChange(classified: Classified, wording: Wording): PathChange {
  const { path, before, after, baseline } = classified;
  const hints = path.reduce<Hints>((at, segment) => at.child(segment), wording.hints);
  const text = pointer(path);
  const file = wording.includedFile(text);
  const shown = (value: Json | undefined) => (value === undefined ? hints.default : asDeclared(value, hints));
  return {
    path: text,
    label: labelOf(path, wording),
    class: classified.class,
    ...member("before", shown(before)),
    ...member("after", classified.class === "released" ? undefined : shown(after)),
    ...member("baseline", classified.class === "no-baseline" ? undefined : shown(baseline)),
    ...(hints.hint.multiline === true ? { multiline: true as const } : {}),
    ...(hints.hint.sensitive === true ? { sensitive: true as const } : {}),
    ...(holdsReference(after) || path.some((segment) => isUnknownKey(segment, wording))
      ? { unknown: true as const }
      : {}),
    ...(file === undefined ? {} : { file }),
  };
}

/** A canonical value in the shape of a manifest: what is known by key stands in a list again. */
function asDeclared(value: Json, hints: Hints): Json {
  if (!isObject(value) || isReference(value) || hints.hint.whole === true) return value;
  const keys = Object.keys(value).filter((key) => key !== ORDER);
  if (hints.hint.set !== undefined) return keys;
  const item = (key: string) => asDeclared(value[key] ?? null, hints.child(key));
  if (!hints.isList) return Object.fromEntries(keys.map((key) => [key, item(key)]));
  const order = value[ORDER];
  return (isList(order) ? order.map(String) : keys).map(item);
}

function member<K extends string>(key: K, value: Json | undefined): { readonly [P in K]?: Json } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: Json });
}

/** `mcp_servers[crm].allowed_tools`: elements in brackets, ids by the name they have in the project. */
function labelOf(path: readonly string[], { hints, names }: Wording): string {
  let at = hints;
  let label = "";
  for (const segment of path) {
    const element = hasKeys(at) || /^\d+$/.test(segment);
    const name = segment === ORDER ? "order" : nameIn(segment, names);
    label += element || segment === ORDER ? `[${name}]` : `${label === "" ? "" : "."}${segment}`;
    at = at.child(segment);
  }
  return label;
}

function nameIn(segment: string, names: Readonly<Record<string, Address>>): string {
  const address = Object.hasOwn(names, segment) ? names[segment] : undefined;
  return address === undefined ? segment : address.slice(address.indexOf("/") + 1);
}

/** An element that is known by an id which does not exist yet stands under the address it refers to. */
function isUnknownKey(segment: string, { names }: Wording): boolean {
  return /^[A-Z][A-Za-z]*\/./.test(segment) && !Object.hasOwn(names, segment);
}

function holdsReference(value: Json | undefined): boolean {
  if (isReference(value)) return true;
  if (isList(value)) return value.some(holdsReference);
  return isObject(value) && Object.values(value).some(holdsReference);
}

/** The spec with every secret value replaced by its digest: fit to be shown and stored. Without any it is the same value. */
export function redacted(spec: JsonObject, hints: Hints): JsonObject {
  const result = redactedValue(spec, hints);
  return isObject(result) ? result : {};
}

function redactedValue(value: Json, hints: Hints): Json {
  if (hints.hint.sensitive === true)
    return value === null || namesSecret(value) ? value : secretDigest(value, hints.secretKey);
  if (isList(value)) {
    const items = value.map((item) => redactedValue(item, hints.child("0")));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(
    ([key, inner]) => [key, redactedValue(inner, hints.child(key))] as const,
  );
  return members.every(([key, inner]) => inner === value[key]) ? value : Object.fromEntries(members);
}

/** The top-level keys at which two canonical values differ. */
export function differingBlocks(before: JsonObject, after: JsonObject): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !equal(before[key], after[key])).sort();
}
