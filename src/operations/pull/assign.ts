import { addressOf, type Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerState } from "../../model/ledger.ts";
import { isReference, type Resource } from "../../model/resource.ts";
import { desiredResources } from "../../reconcile/observe/desired.ts";
import { parentId, parentRule } from "../../model/object-ids.ts";
import { nameOf } from "../../reconcile/observe/natural-name.ts";
import { objectKey, slugsFor, type NamedObject } from "../../schema/author/slugs.ts";
import { type AccountObject, ownAddress } from "../account/inventory.ts";
import type { Named } from "./drafts.ts";
import { keyOf, type Gathered } from "./gather.ts";
import type { SkippedObject } from "../../model/pull-result.ts";
import { valueAt } from "../../reconcile/compare/difference.ts";
import { segments } from "../../model/pointer.ts";

/** The addresses of live objects. */
export interface Assigned {
  /** Those that get a manifest. */
  readonly objects: readonly Named[];
  readonly skipped: readonly SkippedObject[];
  /** All that were listed; without an address where the project has none for them. */
  readonly listed: readonly (AccountObject & { readonly address?: Address })[];
}

interface AssignInput {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly resources: readonly Resource[];
  /** Addresses of manifests that exist in other environments only. */
  readonly elsewhere: Iterable<Address>;
  readonly ledger: LedgerState | undefined;
  /** The addresses that objects are to get, by `keyOf`. */
  readonly addresses?: ReadonlyMap<string, Address> | undefined;
  /** Objects that are resources of other environments, too: they get no manifest. */
  readonly tied: readonly Named[];
  /** Resources that are no longer to exist in this environment. */
  readonly released: readonly Resource[];
}

/** Which objects get a manifest, and under which address. */
export function assign({ chosen, listed }: Gathered, input: AssignInput): Assigned {
  const declared = new Set<string>(input.resources.map(({ address }) => address));
  const byName = untiedByName(input);
  const tied = new Map(input.tied.map((object) => [keyOf(object), object.address]));
  const known = new Map<string, Address>(tied);
  for (const object of listed) {
    const own = ownAddress(object);
    if (own !== undefined && declared.has(own)) known.set(keyOf(object), own);
  }
  for (const object of listed) {
    const isFree =
      object.owner === undefined && !tied.has(keyOf(object)) && input.addresses?.has(keyOf(object)) !== true;
    const address = isFree ? byName(object, known) : undefined;
    if (address !== undefined) known.set(keyOf(object), address);
  }
  const skipped = chosen.flatMap((object) => (tied.has(keyOf(object)) ? [] : skippedObject(object, known)));
  const wanted = chosen.filter((object) => !known.has(keyOf(object)) && object.owner?.isElsewhere !== true);
  const taken = [...declared, ...input.elsewhere, ...Object.keys(input.ledger?.entries ?? {})];
  const objects = named(wanted, new Map([...known, ...(input.addresses ?? [])]), listed, taken);
  const addresses = new Map([...known, ...objects.map((object) => [keyOf(object), object.address] as const)]);
  return {
    objects,
    skipped,
    listed: listed.map((object) => {
      const address = addresses.get(keyOf(object));
      return address === undefined ? object : { ...object, address };
    }),
  };
}

/** New objects with the addresses that follow from their names; those of the ledger keep theirs. */
function named(
  wanted: readonly AccountObject[],
  known: ReadonlyMap<string, Address>,
  listed: readonly AccountObject[],
  taken: readonly string[],
): readonly Named[] {
  const kept = listed.filter((object) => known.has(keyOf(object)));
  const slugs = slugsFor(
    [...kept, ...wanted].map((object): NamedObject => {
      const { kind, live, name } = object;
      const address = known.get(keyOf(object)) ?? object.owner?.address;
      const base = { kind, id: live.id, name };
      return address === undefined ? base : Object.assign(base, { owner: address });
    }),
    new Set(taken),
  );
  return wanted.map((object) => {
    const slug = slugs.get(keyOf(object)) ?? object.live.id;
    return { ...object, address: addressOf(object.kind.kind, slug) };
  });
}

function skippedObject(object: AccountObject, known: ReadonlyMap<string, Address>): readonly SkippedObject[] {
  const { kind, live, name, owner } = object;
  const base = { kind: kind.kind, id: live.id, name };
  if (owner?.isElsewhere === true)
    return [{ ...base, reason: "other-environment", address: owner.address, environment: owner.environment }];
  const address = known.get(keyOf(object));
  if (address === undefined) return [];
  return [{ ...base, reason: owner === undefined ? "declared" : "managed", address }];
}

/** Resources that no ledger entry ties to an object would be matched with the one of their name. */
function untiedByName({ kinds, resources, ledger, released, tied }: AssignInput) {
  const gone = new Set([...released, ...tied].map(({ address }) => address));
  const untied = [...desiredResources(resources, kinds).values()].filter(
    ({ resource }) =>
      ledger?.entries[resource.address] === undefined &&
      resource.lifecycle.import === undefined &&
      !gone.has(resource.address),
  );
  return ({ kind, live }: AccountObject, known: ReadonlyMap<string, Address>): Address | undefined =>
    untied.find(({ resource, spec }) => {
      if (resource.kind !== kind.kind) return false;
      const { parent, singleton } = kind.identity;
      if (parent !== undefined) {
        const above = known.get(objectKey(parentRule(kind)?.to ?? "", parentId(kind, live.id) ?? ""));
        const declared = valueAt(spec, segments(parent));
        if (above === undefined || !isReference(declared) || declared.ref !== above) return false;
        if (singleton === true) return true;
      }
      return nameOf(kind, spec) === nameOf(kind, live.spec);
    })?.resource.address;
}
