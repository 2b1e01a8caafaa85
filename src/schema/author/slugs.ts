import { compareTexts } from "../../model/compare-texts.ts";
import { createHash } from "node:crypto";
import { addressOf, parseAddress, type Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import { parentId, parentRule } from "../../model/object-ids.ts";
import { cutTo, numbered, slugOf } from "./slug.ts";

/** A live object that needs a local name. */
export interface NamedObject {
  readonly kind: Kind;
  readonly id: string;
  /** The remote name; of one that has none, that of its parent. */
  readonly name: string;
  /** The address under which the project knows it, which it keeps. */
  readonly owner?: Address;
}

const LONGEST = 110;

/** The key of an object among those of all kinds: a canary has the id of its assistant. */
export function objectKey(kind: string, id: string): string {
  return `${kind}/${id}`;
}

/**
 * A local name for each object, by `objectKey`. `taken` are the addresses of the project. Names depend on the objects
 * and not on their order: of those that would have one name, the object with the first id gets it, and the others a
 * number. What lives under another object begins with the name of that.
 */
export function slugsFor(
  objects: readonly NamedObject[],
  taken: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const slugs = new Map<string, string>();
  const used = new Set([...taken].map(lower));
  for (const { kind, id, owner } of objects) {
    const name = owner === undefined ? undefined : parseAddress(owner)?.name;
    if (name === undefined) continue;
    slugs.set(objectKey(kind.kind, id), name);
    used.add(lower(addressOf(kind.kind, name)));
  }
  const isChild = ({ kind }: NamedObject) => kind.identity.parent !== undefined;
  nameAll(
    objects.filter((object) => !isChild(object)),
    slugs,
    used,
  );
  nameAll(objects.filter(isChild), slugs, used);
  return slugs;
}

/** A number is not given where it is the name of another object: `Support 2` is `support-2`. */
function nameAll(objects: readonly NamedObject[], slugs: Map<string, string>, used: Set<string>): void {
  const nameless = objects
    .filter(({ kind, id }) => !slugs.has(objectKey(kind.kind, id)))
    .map((object) => ({ kind: object.kind.kind, id: object.id, base: baseOf(object, slugs) }))
    .toSorted((a, b) => compareTexts(a.base, b.base) || compareTexts(a.id, b.id));
  const bases = new Set(nameless.map(({ kind, base }) => addressOf(kind, base)));
  for (const { kind, id, base } of nameless) {
    const isFree = (name: string) => !used.has(lower(addressOf(kind, name)));
    const slug = isFree(base)
      ? base
      : numbered(base, (name) => isFree(name) && !bases.has(addressOf(kind, name)));
    used.add(lower(addressOf(kind, slug)));
    slugs.set(objectKey(kind, id), slug);
  }
}

/** What the object would be called if it were alone. */
function baseOf({ kind, id, name }: NamedObject, slugs: ReadonlyMap<string, string>): string {
  const own = slugOf(name) || `${hyphenated(kind.kind)}-${digest(id)}`;
  const parent = parentId(kind, id);
  if (parent === undefined) return own;
  const above = slugs.get(objectKey(parentRule(kind)?.to ?? "", parent));
  if (above === undefined) return own;
  if (kind.identity.singleton === true) return above;
  return cutTo(LONGEST, own.startsWith(`${above}-`) ? own : `${above}-${own}`);
}

/** `AssistantTest` is `assistant-test`. */
function hyphenated(kind: string): string {
  return kind.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}

function digest(id: string): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 8);
}

function lower(address: string): string {
  return address.toLowerCase();
}
