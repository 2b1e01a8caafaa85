import { equal, isObject, property, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import type { LiveObject } from "../../model/provider.ts";
import { canonical } from "../compare/canonical.ts";
import { digestOf } from "../compare/digest.ts";
import { hintsOf } from "../compare/hints.ts";

/** The object as it is once the version is main. What no version has, such as tags, stays; the name of the version is new. */
export function promotedSpec(
  versionKind: Kind,
  version: Pick<LiveObject, "spec">,
  object: Pick<LiveObject, "spec">,
): JsonObject {
  const into = segments(versionKind.inherits?.into ?? "")[0] ?? "";
  const hints = hintsOf(versionKind).child(into);
  const isLocal = (key: string) => hints.child(key).hint.local === true;
  const content = property(version.spec, into);
  const fields = Object.entries(isObject(content) ? content : {}).filter(([key]) => !isLocal(key));
  const kept = Object.entries(object.spec).filter(([key]) => isLocal(key));
  return Object.fromEntries([...kept, ...fields, ...nameOf(versionKind, version)]);
}

/** The name of a version is also a field of the object whose main it is. */
function nameOf({ identity }: Kind, { spec }: Pick<LiveObject, "spec">) {
  const key = segments(identity.name ?? "")[0] ?? "";
  const name = property(spec, key);
  return name === undefined ? [] : [[key, name] as const];
}

interface Objects {
  readonly kind: Kind;
  readonly object: LiveObject;
  readonly versionKind: Kind;
  readonly version: LiveObject;
}

/** The object after the promotion, where that is `target` but for the name of the version. */
export function promotedAs(
  { kind, object, versionKind, version }: Objects,
  target: JsonObject,
): JsonObject | undefined {
  const promoted = promotedSpec(versionKind, version, object);
  const wanted = { ...target, ...Object.fromEntries(nameOf(versionKind, version)) };
  const hints = hintsOf(kind);
  return equal(canonical(promoted, hints), canonical(wanted, hints)) ? promoted : undefined;
}

/** Digest of all that a version is. */
export function contentDigest(versionKind: Kind, { spec }: LiveObject): string {
  return digestOf(canonical(spec, hintsOf(versionKind)));
}
