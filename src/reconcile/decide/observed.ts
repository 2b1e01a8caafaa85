import type { Address } from "../../model/address.ts";
import { property } from "../../model/json.ts";
import { segments } from "../../model/pointer.ts";
import { isReference } from "../../model/resource.ts";
import { originalAddress } from "../../model/ledger.ts";
import type { Match } from "../observe/match.ts";
import { parentId, parentRule } from "../../model/object-ids.ts";

export interface ObservationOptions {
  readonly destroy?: boolean | undefined;
  /** Everything in this environment is observed. */
  readonly observeAll?: boolean | undefined;
  /** What manifests say, by current and former address; also where everything is to go. */
  readonly declaredObservation?: ReadonlySet<Address> | undefined;
}

/**
 * The resources that are observed. The manifest decides; without one, the ledger. What lives under an observed object is
 * a part of it: to write the one is to write the other. `matches` have parents first.
 */
export function observedIn(matches: readonly Match[], options: ObservationOptions): ReadonlySet<Address> {
  const addresses = new Set<Address>();
  const objects = new Set<string>();
  for (const match of matches) {
    if (!isObserved(match, options) && !isUnder(match, addresses, objects)) continue;
    addresses.add(match.address);
    const id = objectId(match);
    if (id !== undefined) objects.add(`${match.kind.kind} ${id}`);
  }
  return addresses;
}

function isObserved({ address, desired, entry, gone }: Match, options: ObservationOptions): boolean {
  const { observeAll, declaredObservation } = options;
  if (desired !== undefined) return observeAll === true || desired.resource.lifecycle.observe === true;
  const known = entry ?? gone;
  return (
    observeAll === true ||
    known?.observe === true ||
    declaredObservation?.has(known?.replaced === true ? originalAddress(address) : address) === true
  );
}

function isUnder(match: Match, addresses: ReadonlySet<Address>, objects: ReadonlySet<string>): boolean {
  const { kind, desired } = match;
  const { parent } = kind.identity;
  if (parent === undefined) return false;
  const declared = desired === undefined ? undefined : property(desired.spec, segments(parent)[0] ?? "");
  if (isReference(declared)) return addresses.has(declared.ref);
  const id = objectId(match);
  const owner = typeof declared === "string" ? declared : id === undefined ? undefined : parentId(kind, id);
  return owner !== undefined && objects.has(`${parentRule(kind)?.to ?? ""} ${owner}`);
}

function objectId({ live, entry, gone }: Match): string | undefined {
  return live?.id ?? (entry ?? gone)?.id;
}
