import { isObject, property, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import type { LiveObject } from "../../model/provider.ts";
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
  const nameKey = segments(versionKind.identity.name ?? "")[0] ?? "";
  const name = property(version.spec, nameKey);
  return Object.fromEntries([...kept, ...fields, ...(name === undefined ? [] : [[nameKey, name] as const])]);
}
