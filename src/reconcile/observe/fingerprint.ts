import { isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Step } from "../../model/plan.ts";
import { segments, type Pointer } from "../../model/pointer.ts";
import type { LiveObject } from "../../model/provider.ts";
import { isReference } from "../../model/resource.ts";
import { canonical } from "../compare/canonical.ts";
import { withIgnored } from "./desired.ts";
import { valueAt } from "../compare/difference.ts";
import { digestOf } from "../compare/digest.ts";
import { hintsOf, type Hints } from "../compare/hints.ts";
import { identityPaths } from "./identity.ts";
import { versionOf } from "../../model/object-ids.ts";
import { managedChanges } from "../compare/threeway.ts";

/** What a step declares of an object, and leaves to others. */
export interface Basis {
  readonly desired?: JsonObject | undefined;
  readonly applied?: JsonObject | undefined;
  readonly ignored?: readonly Pointer[] | undefined;
}

/**
 * Digest of what a step rests on in a live object: what makes it this object, which version of it is main, every value
 * that is or was declared, and all of each block that the step writes. Whatever else moves is no reason to plan again.
 */
export function fingerprint(kind: Kind, object: LiveObject, { desired, applied, ignored = [] }: Basis): string {
  const hints = hintsOf(kind);
  const live = object.spec;
  const shown = canonical(withIgnored(live, undefined, ignored, hints), hints);
  const declared = desired === undefined ? {} : withIgnored(desired, live, ignored, hints);
  const baseline = { applied: applied ?? {}, observed: live };
  const changes = desired === undefined ? [] : managedChanges({ live, desired: declared, baseline }, hints);
  const blocks = new Map(changes.map(({ path }) => blockAt(kind, path)).map((path) => [path.join("/"), path]));
  const at = (path: readonly string[]) => valueAt(shown, path) ?? null;
  return digestOf({
    main: versionOf(kind, object).versionId ?? null,
    identity: identityPaths(kind).map((path) => at(segments(path))),
    declared: managedPart(shown, canonical(declared, hints), hints) ?? null,
    applied: managedPart(shown, canonical(applied, hints), hints) ?? null,
    written: [...blocks.values()].map((path) => ({ path, value: at(path) })),
  });
}

/** What the step rests on is not as the plan found it. */
export function isStale(step: Step, kind: Kind, live: LiveObject): boolean {
  return step.fingerprint !== undefined && step.fingerprint !== fingerprint(kind, live, step);
}

/** What is sent as a whole where a path differs. */
function blockAt({ inherits }: Kind, path: readonly string[]): readonly string[] {
  const isInner = inherits !== undefined && segments(inherits.into)[0] === path[0];
  return path.slice(0, isInner ? 2 : 1);
}

/** The values of a canonical object at the paths that another one has; of lists, also which elements there are. */
function managedPart(value: Json | undefined, declared: Json, hints: Hints): Json | undefined {
  const isWhole = hints.hint.whole === true || isReference(declared);
  if (isWhole || !isObject(declared) || !isObject(value)) return value;
  const isClosed = hints.isList && hints.hint.set !== "open";
  const others = isClosed ? Object.keys(value).filter((key) => property(declared, key) === undefined) : [];
  const members = Object.entries(declared).flatMap(([key, inner]) => {
    const found = managedPart(property(value, key), inner, hints.child(key));
    return found === undefined ? [] : [[key, found] as const];
  });
  return Object.fromEntries([...members, ...others.map((key) => [key, true] as const)]);
}
