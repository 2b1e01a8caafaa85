import { nameKey } from "../../../model/name.ts";
import type { Kind } from "../../../model/kind.ts";
import { segments } from "../../../model/pointer.ts";
import { isReference, type Resource } from "../../../model/resource.ts";
import { listed } from "../../../model/suggest.ts";
import { valueAt } from "../../../reconcile/compare/difference.ts";
import { SelectionError } from "../../account/account.ts";
import type { Pair } from "./check.ts";

type Kinds = ReadonlyMap<string, Kind>;

/** The object that an address or a name of the manifests means; `undefined` where none does. Throws `SelectionError`. */
export function declaredObject(
  resources: readonly Resource[],
  kinds: Kinds,
  text: string,
): Resource | undefined {
  const all = resources.filter(({ kind }) => kinds.get(kind)?.converses === true);
  return theOne(all, kinds, text);
}

/** A version of an object that an address or a name of the manifests means; `undefined` where none does. */
export function declaredVersion(
  resources: readonly Resource[],
  kinds: Kinds,
  object: Resource,
  text: string,
): Resource | undefined {
  const all = resources.filter(({ kind, spec }) => {
    const { inherits } = kinds.get(kind) ?? {};
    const parent = inherits === undefined ? undefined : valueAt(spec, segments(inherits.from));
    return isReference(parent) && parent.ref === object.address;
  });
  return theOne(all, kinds, text);
}

function theOne(all: readonly Resource[], kinds: Kinds, text: string): Resource | undefined {
  const addressed = all.find(({ address }) => address === text);
  if (addressed !== undefined) return addressed;
  const named = all.filter(({ kind, name, spec }) => {
    const at = kinds.get(kind)?.identity.name;
    const remote = at === undefined ? undefined : valueAt(spec, segments(at));
    return name === text || (typeof remote === "string" && nameKey(remote) === nameKey(text));
  });
  if (named.length > 1)
    throw new SelectionError(
      `${text} is the name of ${listed(named.map(({ address }) => address))}`,
      "pass the address of one",
    );
  return named[0];
}

export function pairOf(object: Resource, version: Resource, kinds: Kinds): Pair {
  const [objectKind, versionKind] = [kinds.get(object.kind), kinds.get(version.kind)];
  const into = versionKind?.inherits === undefined ? undefined : segments(versionKind.inherits.into)[0];
  if (objectKind === undefined || into === undefined)
    throw new Error(`${version.kind} has no versions of ${object.kind}`);
  return { object, version, objectKind, into };
}
