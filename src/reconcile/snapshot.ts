import type { Address } from "../model/address.ts";
import type { JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import type { LedgerEntry, LedgerState } from "../model/ledger.ts";
import type { LiveObject, Provider } from "../model/provider.ts";
import { canonical } from "./canonical.ts";
import type { Desired } from "./desired.ts";
import { digestOf } from "./digest.ts";
import { hintsOf } from "./hints.ts";
import type { Bystander } from "./policy.ts";
import { targetsOf } from "./references.ts";
import { declaredParentId, idsOf, matchKind, parentId, parentRule, parentsFirst, type Match } from "./match.ts";

/** What was read from the API for one plan. */
export interface Snapshot {
  readonly objects: ReadonlyMap<string, readonly LiveObject[]>;
  /** Ids that were read one by one: their content is complete and fresh. */
  readonly read: ReadonlySet<string>;
}

/**
 * Reads the live objects of every kind that is declared or in the ledger: one listing a kind, one read for what a
 * listing cannot be trusted for. "Not in the list" is verified by a read.
 */
export async function takeSnapshot(
  provider: Provider,
  desired: ReadonlyMap<Address, Desired>,
  ledger: LedgerState | undefined,
): Promise<Snapshot> {
  const kinds = usedKinds(provider, desired, ledger);
  const objects = new Map<string, readonly LiveObject[]>();
  const read = new Set<string>();
  const [roots, nested] = [kinds.filter((kind) => !isNested(kind)), parentsFirst(kinds).filter(isNested)];
  const gather = async (kind: Kind, ids: ReadonlyMap<Address, string>) => {
    const listed = await listKind(provider, kind, desired, ledger, ids);
    const known = { desired, ledger, objects: new Map([[kind.kind, listed]]) };
    const found = await verified(provider, kind, listed, matchKind(kind, known, ids), read);
    objects.set(kind.kind, found);
    return matchKind(kind, { ...known, objects }, ids);
  };
  const matches = (await Promise.all(roots.map((kind) => gather(kind, new Map())))).flat();
  for (const kind of nested) matches.push(...(await gather(kind, idsOf(matches))));
  return { objects, read };
}

/** The same snapshot with some objects read again, one by one. An object that is gone by now is left out. */
export async function reread(
  provider: Provider,
  snapshot: Snapshot,
  which: readonly { readonly kind: string; readonly id: string }[],
): Promise<Snapshot> {
  const fresh = await Promise.all(
    which.map(async ({ kind, id }) => ({ kind, id, object: await provider.read(kind, id) })),
  );
  const objects = new Map(snapshot.objects);
  for (const { kind, id, object } of fresh) {
    const others = (objects.get(kind) ?? []).filter((other) => other.id !== id);
    objects.set(kind, object === undefined ? others : [...others, object]);
  }
  return { objects, read: new Set([...snapshot.read, ...which.map(({ id }) => id)]) };
}

function usedKinds(
  provider: Provider,
  desired: ReadonlyMap<Address, Desired>,
  ledger: LedgerState | undefined,
): readonly Kind[] {
  const used = new Set([
    ...[...desired.values()].map(({ resource }) => resource.kind),
    ...Object.values<LedgerEntry>(ledger?.entries ?? {}).map(({ kind }) => kind),
  ]);
  for (const kind of provider.kinds.values()) {
    if (used.has(kind.kind) && isNested(kind)) used.add(parentRule(kind)?.to ?? kind.kind);
  }
  return [...provider.kinds.values()].filter(({ kind }) => used.has(kind));
}

function isNested(kind: Kind): boolean {
  return kind.identity.parent !== undefined;
}

async function listKind(
  provider: Provider,
  kind: Kind,
  desired: ReadonlyMap<Address, Desired>,
  ledger: LedgerState | undefined,
  ids: ReadonlyMap<Address, string>,
): Promise<readonly LiveObject[]> {
  if (!isNested(kind)) return provider.list(kind.kind);
  const declared = [...desired.values()]
    .filter(({ resource }) => resource.kind === kind.kind)
    .map((one) => declaredParentId(kind, one, ids));
  const recorded = Object.values<LedgerEntry>(ledger?.entries ?? {})
    .filter((entry) => entry.kind === kind.kind)
    .map((entry) => parentId(kind, entry.id));
  const parents = [...new Set([...declared, ...recorded])].filter(
    (id): id is string => id !== undefined && id !== "",
  );
  const lists = await Promise.all(
    parents.map(async (parent): Promise<readonly LiveObject[]> => {
      if (kind.identity.singleton !== true) return provider.list(kind.kind, parent);
      const object = await provider.read(kind.kind, parent);
      return object === undefined ? [] : [object];
    }),
  );
  return lists.flat();
}

/**
 * Reads what the ledger knows and the list lacks, and checks on one object that list and read agree; where they do
 * not, every matched object is read.
 */
async function verified(
  provider: Provider,
  kind: Kind,
  listed: readonly LiveObject[],
  matches: readonly Match[],
  read: Set<string>,
): Promise<readonly LiveObject[]> {
  const one = async (id: string) => {
    read.add(id);
    return provider.read(kind.kind, id);
  };
  const missing = matches.flatMap(({ entry, live, gone }) =>
    entry !== undefined && live === undefined ? [entry.id] : gone === undefined ? [] : [gone.id],
  );
  const found = await Promise.all(missing.map(one));
  const present = [...listed, ...found.filter((object) => object !== undefined)];
  if (kind.identity.singleton === true) return present;
  const matched = matches.flatMap(({ live }) => (live === undefined ? [] : [live]));
  const [sample] = matched;
  if (sample === undefined) return present;
  const again = await one(sample.id);
  const suspects = again !== undefined && agrees(kind, sample, again) ? [sample] : matched;
  const fresh = await Promise.all(
    suspects.map(({ id }) => (id === sample.id ? Promise.resolve(again) : one(id))),
  );
  const gone = new Set(suspects.map(({ id }) => id));
  return [...present.filter(({ id }) => !gone.has(id)), ...fresh.filter((object) => object !== undefined)];
}

function agrees(kind: Kind, listed: LiveObject, read: LiveObject): boolean {
  return fingerprint(kind, listed) === fingerprint(kind, read);
}

/**
 * Objects that nobody declares, those that left the manifests included, and that a write to one of `parents` may
 * silently remove, such as a canary. One read for each parent and kind of such objects.
 */
export async function findBystanders(
  provider: Provider,
  desired: ReadonlyMap<Address, Desired>,
  ledger: LedgerState | undefined,
  parents: readonly { readonly address: Address; readonly kind: string; readonly id: string }[],
): Promise<readonly Bystander[]> {
  const known = new Set(
    Object.values<LedgerEntry>(ledger?.entries ?? {}).map(({ kind, id }) => `${kind} ${id}`),
  );
  const wanted = [...provider.kinds.values()].flatMap((kind) => {
    const rule = kind.references.find(({ resetByTarget }) => resetByTarget === true);
    if (rule === undefined || kind.identity.singleton !== true) return [];
    const declared = new Set(
      [...desired.values()]
        .filter(({ resource }) => resource.kind === kind.kind)
        .flatMap(({ spec }) => targetsOf(kind, spec)),
    );
    return parents
      .filter((parent) => parent.kind === rule.to && !declared.has(parent.address))
      .map((parent) => ({ parent, kind }));
  });
  const found = await Promise.all(
    wanted.map(async ({ parent, kind }) => ({
      parent,
      kind,
      object: await provider.read(kind.kind, parent.id),
    })),
  );
  return found.flatMap(({ parent, kind, object }) => {
    if (object === undefined) return [];
    const isOwn = known.has(`${kind.kind} ${object.id}`) ? { isOwn: true as const } : {};
    return [{ parent: parent.address, kind: kind.kind, object, ...isOwn }];
  });
}

/** By canonical form; it never changes. */
const digests = new WeakMap<JsonObject, string>();

/** Digest of everything that is live in an object, in canonical form. */
export function fingerprint(kind: Kind, object: LiveObject): string {
  const form = canonical(object.spec, hintsOf(kind));
  const known = digests.get(form) ?? digestOf(form);
  digests.set(form, known);
  return known;
}
