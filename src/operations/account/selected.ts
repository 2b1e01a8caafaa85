import type { Kind } from "../../model/kind.ts";
import { kindNamed } from "../../model/kind-words.ts";
import { nameKey } from "../../model/name.ts";
import { ownId } from "../../model/object-ids.ts";
import { type AccountObject, ownAddress } from "./inventory.ts";

export interface Filters {
  /** Only what some environment of the project manages, or only what none does and no pattern leaves alone. */
  readonly managed?: boolean;
  /** Only objects that have all of these. */
  readonly tags?: readonly string[];
}

/**
 * The objects that any of the selectors names and that pass the filters, in their order; without selectors, all that
 * pass. A selector is an address, an id, or a name in which `*` stands for any text and `?` for one character; it can
 * begin with a kind: `Assistant/front*`.
 */
export function selected(
  objects: readonly AccountObject[],
  selectors: readonly string[],
  filters: Filters = {},
): readonly AccountObject[] {
  const named = new Set(selectors.flatMap((selector) => namedBy(objects, selector)));
  const isNamed = (object: AccountObject) => selectors.length === 0 || named.has(object);
  return objects.filter((object) => isNamed(object) && passes(object, filters));
}

/** The selectors that name none of the objects. */
export function unmatched(objects: readonly AccountObject[], selectors: readonly string[]): readonly string[] {
  return selectors.filter((selector) => namedBy(objects, selector).length === 0);
}

function passes({ owner, isIgnored, tags }: AccountObject, filters: Filters): boolean {
  if (filters.managed === false && isIgnored === true) return false;
  if (filters.managed !== undefined && filters.managed !== (owner !== undefined)) return false;
  return (filters.tags ?? []).every((tag) => tags.includes(tag));
}

/**
 * The objects that one selector names: the one with this address in the current environment, otherwise those with this
 * id, otherwise those whose names match.
 */
function namedBy(objects: readonly AccountObject[], selector: string): readonly AccountObject[] {
  return namedAs(objects, selector, globTest);
}

/** The same for a name in which `*` and `?` stand for themselves. */
export function exactlyNamed(objects: readonly AccountObject[], text: string): readonly AccountObject[] {
  return namedAs(objects, text, (name) => (other) => nameKey(other) === name);
}

type NameTest = (name: string) => (other: string) => boolean;

function namedAs(
  objects: readonly AccountObject[],
  selector: string,
  nameTest: NameTest,
): readonly AccountObject[] {
  const { kind, text } = selectorOf(selector, new Set(objects.map((object) => object.kind)));
  // Of a variable of a script that is not set: it names nothing, also where an object has no name.
  if (nameKey(text) === "") return [];
  const ofKind = kind === undefined ? objects : objects.filter((object) => object.kind.kind === kind.kind);
  const addressed = kind === undefined ? [] : ofKind.filter((object) => localName(object) === text);
  if (addressed.length > 0) return addressed;
  const ids = new Set(kind === undefined ? [selector] : [selector, text]);
  const identified = ofKind.filter(({ live }) => ids.has(live.id) || ids.has(ownId(live.id)));
  if (identified.length > 0) return identified;
  const isNamed = nameTest(nameKey(text));
  return ofKind.filter(
    (object) => isNamed(object.name) || (kind !== undefined && isNamed(localName(object) ?? "")),
  );
}

/** A selector taken apart. What stands before the first `/` is a kind only if it is the word for one. */
export function selectorOf(
  selector: string,
  kinds: Iterable<Kind>,
): { readonly kind?: Kind; readonly text: string } {
  const slash = selector.indexOf("/");
  const kind = slash < 1 ? undefined : kindNamed(selector.slice(0, slash), kinds);
  return kind === undefined ? { text: selector } : { kind, text: selector.slice(slash + 1) };
}

/** The name in the address of an object of the current environment. */
function localName(object: AccountObject): string | undefined {
  return ownAddress(object)?.slice(object.kind.kind.length + 1);
}

/** `*` for any text, `?` for one character; everything else stands for itself. */
export function globTest(glob: string): (name: string) => boolean {
  const parts = glob.split(/([*?])/).map((part) => {
    if (part === "*") return ".*";
    return part === "?" ? "." : part.replaceAll(/[\\^$.|+()[\]{}/]/g, String.raw`\$&`);
  });
  const pattern = new RegExp(`^${parts.join("")}$`, "su");
  return (name) => pattern.test(nameKey(name));
}

/** Whether a selector may stand for several names. */
export function isGlob(selector: string): boolean {
  return /[*?]/.test(selector);
}
