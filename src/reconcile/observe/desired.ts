import type { Address } from "../../model/address.ts";
import { isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import { isReference, type Resource } from "../../model/resource.ts";
import { keyed } from "../compare/canonical.ts";
import { valueAt } from "../compare/difference.ts";
import { hintsOf, type Hints } from "../compare/hints.ts";
import { sameVariant } from "../compare/overlay.ts";

/** A resource as the engine compares it: named, and merged over what it inherits. */
export interface Desired {
  readonly resource: Resource;
  readonly spec: JsonObject;
}

/** The id of the declared parent, where it is known yet. */
export function declaredParentId(
  kind: Kind,
  desired: Desired,
  ids: ReadonlyMap<Address, string>,
): string | undefined {
  if (kind.identity.parent === undefined) return undefined;
  const reference = valueAt(desired.spec, segments(kind.identity.parent));
  if (isReference(reference)) return ids.get(reference.ref);
  return typeof reference === "string" ? reference : undefined;
}

/** A manifest declares it, and does not only observe it. */
export function isManaged(desired: Desired | undefined): boolean {
  return desired !== undefined && desired.resource.lifecycle.observe !== true;
}

type AllDesired = ReadonlyMap<Address, Desired>;
const completed = new WeakMap<ReadonlyMap<string, Kind>, WeakMap<readonly Resource[], AllDesired>>();

/**
 * Completes every manifest: the natural name, inherited fields, and without what is known only locally. Done once for
 * the same resources.
 */
export function desiredResources(resources: readonly Resource[], kinds: ReadonlyMap<string, Kind>): AllDesired {
  const known = completed.get(kinds) ?? new WeakMap<readonly Resource[], AllDesired>();
  const desired = known.get(resources) ?? completedIn(resources, kinds);
  known.set(resources, desired);
  completed.set(kinds, known);
  return desired;
}

function completedIn(resources: readonly Resource[], kinds: ReadonlyMap<string, Kind>): AllDesired {
  const byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  const known = resources.flatMap((resource) => {
    const kind = kinds.get(resource.kind);
    if (kind === undefined) return [];
    const spec = withoutLocal(inherited(named(resource, kind), kind, byAddress, kinds), hintsOf(kind));
    return [[resource.address, { resource, spec }] as const];
  });
  return new Map(known);
}

/** `spec` with the remote name in place: `metadata.name` where none is declared. */
function named(resource: Resource, kind: Kind): JsonObject {
  const { name } = kind.identity;
  if (name === undefined) return resource.spec;
  const key = segments(name)[0];
  if (key === undefined || property(resource.spec, key) !== undefined) return resource.spec;
  return { [key]: resource.name, ...resource.spec };
}

function inherited(
  spec: JsonObject,
  kind: Kind,
  resources: ReadonlyMap<Address, Resource>,
  kinds: ReadonlyMap<string, Kind>,
): JsonObject {
  if (kind.inherits === undefined) return spec;
  const [from, into] = [segments(kind.inherits.from)[0], segments(kind.inherits.into)[0]];
  if (from === undefined || into === undefined) return spec;
  const reference = property(spec, from);
  const parent = isReference(reference) ? resources.get(reference.ref) : undefined;
  const parentKind = parent === undefined ? undefined : kinds.get(parent.kind);
  if (parent === undefined || parentKind === undefined) return spec;
  const base = named(parent, parentKind);
  const merged = inheriting(base, property(spec, into) ?? {}, hintsOf(kind).child(into));
  return { ...spec, [into]: merged };
}

/** Declared values over inherited ones: blocks member by member, lists and blocks of another variant as a whole. */
export function inheriting(base: Json, declared: Json, hints: Hints): Json {
  if (!isObject(base) || !isObject(declared) || isReference(declared) || hints.hint.whole === true)
    return declared;
  if (!sameVariant(base, declared, hints)) return declared;
  const own = Object.entries(declared).map(([key, value]) => {
    const below = property(base, key);
    return [key, below === undefined ? value : inheriting(below, value, hints.child(key))] as const;
  });
  return { ...base, ...Object.fromEntries(own) };
}

function withoutLocal(spec: JsonObject, hints: Hints): JsonObject {
  const kept = Object.entries(spec).flatMap(([key, value]) => {
    const child = hints.child(key);
    if (child.hint.local === true) return [];
    return [[key, isObject(value) && !isReference(value) ? withoutLocal(value, child) : value] as const];
  });
  return Object.fromEntries(kept);
}

/** Desired with the live value at each ignored path, so that nothing is written there. */
export function withIgnored(
  desired: JsonObject,
  live: JsonObject | undefined,
  ignore: readonly string[],
  hints: Hints,
): JsonObject {
  return ignore.reduce<JsonObject>((spec, path) => {
    const result = copyPath(spec, live, segments(path), hints);
    return isObject(result) ? result : spec;
  }, desired);
}

function copyPath(
  desired: Json | undefined,
  live: Json | undefined,
  [segment, ...rest]: readonly string[],
  hints: Hints,
): Json | undefined {
  if (segment === undefined) return live;
  if (isList(desired)) {
    const liveItems = new Map(isList(live) ? keyed(live, hints) : []);
    return keyed(desired, hints).map(([key, item]) =>
      key === segment ? (copyPath(item, liveItems.get(key), rest, hints.child(key)) ?? item) : item,
    );
  }
  if (!isObject(desired)) return desired;
  const value = copyPath(property(desired, segment), property(live, segment), rest, hints.child(segment));
  const others = Object.entries(desired).filter(([key]) => key !== segment);
  return value === undefined ? Object.fromEntries(others) : { ...desired, [segment]: value };
}
