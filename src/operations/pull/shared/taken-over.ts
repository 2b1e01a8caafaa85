import { equal, isList, isObject, type Json, type JsonObject, omit, property } from "../../../model/json.ts";
import type { Kind } from "../../../model/kind.ts";
import { segments } from "../../../model/pointer.ts";
import { type Resource } from "../../../model/resource.ts";
import { hasKeys, keyed } from "../../../reconcile/compare/canonical.ts";
import { valueAt } from "../../../reconcile/compare/difference.ts";
import { type Hints, hintsOf, isBlock } from "../../../reconcile/compare/hints.ts";
import { sameVariant } from "../../../reconcile/compare/overlay.ts";
import { withIgnored } from "../../../reconcile/observe/desired.ts";
import type { Tie } from "../baseline.ts";
import { formOf } from "../version-changes.ts";

/**
 * What a manifest is to declare so that it says what a new one of the live object would say. What means the same stays as
 * it is declared; what is ignored stays, too.
 */
export function takenOver(
  resource: Resource,
  wanted: JsonObject,
  { kind, live: { spec: live } }: Pick<Tie, "kind" | "live">,
): JsonObject {
  const { spec, name } = resource;
  const hints = hintsOf(kind);
  const into = segments(kind.inherits?.into ?? "")[0];
  const after = takenMembers(spec, withoutImpliedName(spec, wanted, { kind, name }), { hints, into });
  return withIgnored(after, spec, stillIgnored(resource, live, kind), hints);
}

/**
 * What a manifest ignores, for the object of this environment, too. A version ignores what it lacks of its parent: where this
 * one has it, it is declared.
 */
export function stillIgnored(
  { spec, lifecycle: { ignore } }: Resource,
  live: JsonObject,
  kind: Kind,
): readonly string[] {
  if (kind.inherits === undefined) return ignore;
  return ignore.filter((path) => {
    const at = segments(path);
    return valueAt(live, at) === undefined || valueAt(spec, at) !== undefined;
  });
}

/** The name of a manifest is the remote name where it declares no other. */
function withoutImpliedName(
  spec: JsonObject,
  wanted: JsonObject,
  { kind, name }: { readonly kind: Kind; readonly name: string },
): JsonObject {
  const [key, ...rest] = segments(kind.identity.name ?? "");
  if (key === undefined || rest.length > 0) return wanted;
  if (valueAt(spec, [key]) !== undefined || property(wanted, key) !== name) return wanted;
  return omit(wanted, [key]);
}

interface Place {
  readonly hints: Hints;
  /** The member that is merged over what is inherited. */
  readonly into?: string | undefined;
  /** What is not declared here is inherited: a default says something. */
  readonly isInherited?: boolean;
}

function takenMembers(spec: JsonObject, wanted: JsonObject, place: Place): JsonObject {
  const { hints, into } = place;
  const keys = new Set([...Object.keys(spec), ...Object.keys(wanted)]);
  const members = [...keys].flatMap((key) => {
    const [declared, live] = [property(spec, key), property(wanted, key)];
    const isInherited = place.isInherited === true || key === into;
    const isSaid = declared !== undefined && (live !== undefined || !isInherited);
    const isSame = isSaid && equal(formOf(key, declared, hints), formOf(key, live, hints));
    const isKept = isSame && !(isInherited && isObject(declared));
    const value = isKept ? declared : takenValue(declared, live, { hints: hints.child(key), isInherited });
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(members);
}

function takenValue(declared: Json | undefined, live: Json | undefined, place: Place): Json | undefined {
  const { hints } = place;
  if (isBlock(declared, hints) && isBlock(live, hints) && sameVariant(live, declared, hints))
    return takenMembers(declared, live, place);
  return isList(declared) && isList(live) && hasKeys(hints) ? takenList(declared, live, hints) : live;
}

/** Declared elements keep their places, unless their order says something. */
function takenList(declared: readonly Json[], live: readonly Json[], hints: Hints): readonly Json[] {
  const [old, next] = [new Map(keyed(declared, hints)), new Map(keyed(live, hints))];
  const order = hints.hint.ordered === true ? [...next.keys()] : [...new Set([...old.keys(), ...next.keys()])];
  return order.flatMap((key) => {
    const [own, other] = [old.get(key), next.get(key)];
    if (other === undefined) return [];
    return [own === undefined ? other : (takenValue(own, other, { hints: hints.child(key) }) ?? other)];
  });
}
