import type { Address } from "../../model/address.ts";
import { isList, isObject, type Json } from "../../model/json.ts";
import type { PathChange } from "../../model/plan.ts";
import { pointer } from "../../model/pointer.ts";
import { isReference } from "../../model/resource.ts";
import { ORDER, hasKeys } from "../compare/canonical.ts";
import type { Hints } from "../compare/hints.ts";
import type { Classified } from "../compare/threeway.ts";

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
  const change: Mutable<PathChange> = {
    path: text,
    label: labelOf(path, wording),
    class: classified.class,
  };
  const sides = {
    before: shown(before),
    after: classified.class === "released" ? undefined : shown(after),
    baseline: classified.class === "no-baseline" ? undefined : shown(baseline),
  };
  if (sides.before !== undefined) change.before = sides.before;
  if (sides.after !== undefined) change.after = sides.after;
  if (sides.baseline !== undefined) change.baseline = sides.baseline;
  if (hints.hint.multiline === true) change.multiline = true;
  if (hints.hint.sensitive === true) change.sensitive = true;
  if (holdsReference(after) || path.some((segment) => isUnknownKey(segment, wording))) change.unknown = true;
  if (file !== undefined) change.file = file;
  return change;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

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
