import type { Address } from "../../model/address.ts";
import { isObject, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { PathChange, Plan } from "../../model/plan.ts";
import { pointer } from "../../model/pointer.ts";
import type { Resource } from "../../model/resource.ts";
import { desiredResources } from "../../reconcile/observe/desired.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { resolve } from "../../reconcile/compare/references.ts";
import { compare } from "../../reconcile/compare/threeway.ts";
import type { Rewrite } from "../../schema/write/structure.ts";
import { adopted } from "./adopt.ts";
import { ownPart, withReferences } from "./paths.ts";

/** What is to be adopted: drifted paths by address. */
export type Wanted = ReadonlyMap<Address, readonly PathChange[]>;

/** The manifests with the adopted values, and where they still differ from what is live. */
export interface Adoption {
  readonly rewrites: readonly Rewrite[];
  readonly resources: readonly Resource[];
  readonly remaining: readonly { readonly address: Address; readonly change: PathChange }[];
}

export interface AdoptionSource {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly plan: Plan;
  readonly wanted: Wanted;
}

/** Manifests with live values in them. What others inherit from comes first: they may then have nothing to declare. */
export function adopt(resources: readonly Resource[], source: AdoptionSource): Adoption {
  const inherits = (one: Resource) => source.kinds.get(one.kind)?.inherits !== undefined;
  const first = rewritten(resources, source, (one) => !inherits(one));
  const second = rewritten(withSpecs(resources, first), source, inherits);
  const result = withSpecs(resources, [...first, ...second]);
  return {
    rewrites: [...first, ...second],
    resources: result,
    remaining: remaining(result, source),
  };
}

function rewritten(
  resources: readonly Resource[],
  { kinds, plan, wanted }: AdoptionSource,
  isChosen: (resource: Resource) => boolean,
): readonly Rewrite[] {
  const desired = desiredResources(resources, kinds);
  return resources.filter(isChosen).flatMap((resource): readonly Rewrite[] => {
    const { address, spec: before } = resource;
    const changes = wanted.get(address) ?? [];
    const [kind, merged, live] = [kinds.get(resource.kind), desired.get(address)?.spec, liveIn(plan, address)];
    if (changes.length === 0 || kind === undefined || merged === undefined || live === undefined) return [];
    const forms = {
      declared: merged,
      resolved: resolved(kind, merged, plan),
      live,
      named: withReferences(kind, live, plan.names),
    };
    const next = adopted(forms, changes, kind, hintsOf(kind));
    const after = ownPart(before, merged, next);
    return isObject(after) ? [{ address, kind, before, after }] : [];
  });
}

/** As it was read, secrets as digests. */
function liveIn({ changes }: Plan, address: Address): JsonObject | undefined {
  return changes.find((one) => one.address === address)?.before;
}

export function resolved(kind: Kind, spec: JsonObject, { names }: Plan): JsonObject {
  const ids = new Map(Object.entries(names).map(([id, address]) => [address, id]));
  return resolve(kind, spec, (address) => ids.get(address));
}

function withSpecs(resources: readonly Resource[], rewrites: readonly Rewrite[]): readonly Resource[] {
  const specs = new Map(rewrites.map(({ address, after }) => [address, after]));
  return resources.map((resource) => ({ ...resource, spec: specs.get(resource.address) ?? resource.spec }));
}

function remaining(
  resources: readonly Resource[],
  { kinds, plan, wanted }: AdoptionSource,
): Adoption["remaining"] {
  const desired = desiredResources(resources, kinds);
  return [...wanted].flatMap(([address, changes]) => {
    const one = desired.get(address);
    const kind = one === undefined ? undefined : kinds.get(one.resource.kind);
    const live = liveIn(plan, address);
    if (one === undefined || kind === undefined || live === undefined) return [];
    const spec = resolved(kind, one.spec, plan);
    const left = compare({ live, desired: spec, baseline: undefined }, hintsOf(kind)).changes;
    const paths = new Set(left.map(({ path }) => pointer(path)));
    return changes.filter(({ path }) => paths.has(path)).map((change) => ({ address, change }));
  });
}
