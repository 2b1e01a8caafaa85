import type { Address } from "../../model/address.ts";
import { equal, type Json } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Intent, LedgerState } from "../../model/ledger.ts";
import { segments } from "../../model/pointer.ts";
import { grouped } from "../../model/grouped.ts";
import { valueAt } from "../compare/difference.ts";
import { resolve } from "../compare/references.ts";
import type { Desired } from "../observe/desired.ts";
import { ownId } from "../../model/object-ids.ts";
import { nameOf } from "../observe/natural-name.ts";

type Desireds = ReadonlyMap<Address, Desired>;

/**
 * Open intents whose address has changed since they were recorded. An open creation whose address is no longer in the
 * manifests moves to the address that declares its object: the one with the former address in `movedFrom`, or the only one
 * with the same name. Otherwise the object would be created a second time there, with another key. References move with
 * their targets; if the ledger knows the target, its id replaces the reference.
 */
export function readdressed(
  { intents = [], entries }: LedgerState,
  desired: Desireds,
  kinds: ReadonlyMap<string, Kind>,
): readonly Intent[] {
  const moves = movedCreations({ intents, entries }, desired, kinds);
  const valueOf = (address: Address): Json | undefined => {
    const [to, id] = [moves.get(address), entries[address]?.id];
    return to === undefined ? id && ownId(id) : { ref: to };
  };
  return intents.flatMap((intent) => {
    const { address, after, step } = intent;
    const to = moves.get(address) ?? address;
    const kind = kinds.get(intent.kind);
    const meant = after && kind && resolve(kind, after, valueOf);
    if (to === address && equal(meant, after)) return [];
    const moved = { ...intent, address: to, step: `${to}${step.slice(address.length)}` };
    return meant === undefined ? [moved] : [{ ...moved, after: meant }];
  });
}

/** From former to new address. */
function movedCreations(
  { intents = [], entries }: Pick<LedgerState, "intents" | "entries">,
  desired: Desireds,
  kinds: ReadonlyMap<string, Kind>,
): ReadonlyMap<Address, Address> {
  const left = intents.filter(
    ({ address, action }) =>
      (action === "create" || action === "complete") && !desired.has(address) && entries[address] === undefined,
  );
  const free = [...desired.values()].filter(({ resource }) => entries[resource.address] === undefined);
  return new Map(
    [...grouped(left, ({ address }) => address)].flatMap(([from, group]) => {
      const to = successor(from, group, free, kinds);
      return to === undefined ? [] : [[from, to] as const];
    }),
  );
}

function successor(
  from: Address,
  group: readonly Intent[],
  free: readonly Desired[],
  kinds: ReadonlyMap<string, Kind>,
): Address | undefined {
  const creation = group.findLast(({ action }) => action === "create");
  const kind = kinds.get(creation?.kind ?? "");
  if (creation === undefined || kind === undefined) return undefined;
  const same = free.filter(({ resource }) => resource.kind === kind.kind);
  const named = same.find(({ resource }) => resource.lifecycle.movedFrom.includes(from));
  if (named !== undefined) return named.resource.address;
  // The API answered this creation, so the ledger knows the object: its move must be declared.
  if (group.some(({ objectId }) => objectId !== undefined)) return undefined;
  const place = placeOf(kind, creation.after ?? {});
  const [only, ...others] = same.filter(
    ({ spec, resource }) => resource.lifecycle.import === undefined && equal(placeOf(kind, spec), place),
  );
  return others.length > 0 ? undefined : only?.resource.address;
}

/** The identity of an object: its name under its parent. */
function placeOf(kind: Kind, spec: NonNullable<Intent["after"]>): Json {
  const { parent } = kind.identity;
  return [nameOf(kind, spec) ?? null, parent === undefined ? null : (valueAt(spec, segments(parent)) ?? null)];
}
