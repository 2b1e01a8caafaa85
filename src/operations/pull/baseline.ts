import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import { entriesIn, type Fact, type LedgerEntry } from "../../model/ledger.ts";
import type { LiveObject } from "../../model/provider.ts";
import type { Resource } from "../../model/resource.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { redacted } from "../../reconcile/compare/redact.ts";
import { resolve } from "../../reconcile/compare/references.ts";
import { desiredResources, withIgnored } from "../../reconcile/observe/desired.ts";
import { entryOf } from "../../reconcile/observe/entry.ts";
import { referenceId } from "../../model/object-ids.ts";

/** A resource of the project and the live object that it is. */
export interface Tie {
  readonly address: Address;
  readonly kind: Kind;
  readonly live: LiveObject;
}

export interface BaselineInput {
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Of the project with the new manifests. */
  readonly resources: readonly Resource[];
  readonly ties: readonly Tie[];
  /** What the ledger knows already. */
  readonly entries: Readonly<Record<Address, LedgerEntry>>;
  readonly account: string;
  readonly protectAll: boolean;
}

/** What the ledger learns of a pull: of each object what its manifest declares, and what is live. */
export function baselineFacts(input: BaselineInput): readonly Fact[] {
  const { kinds, resources, ties, entries, account, protectAll } = input;
  const desired = desiredResources(resources, kinds);
  const ids = idsIn(input);
  const adopted = ties.flatMap(({ address, kind, live }): readonly Fact[] => {
    const one = desired.get(address);
    if (one === undefined) return [];
    const hints = hintsOf(kind);
    const { ignore, protect, observe } = one.resource.lifecycle;
    const spec = resolve(kind, one.spec, (target) => ids.get(target));
    const entry = entryOf(kind, live, {
      applied: redacted(withIgnored(spec, undefined, ignore, hints), hints),
      observed: redacted(live.spec, hints),
      isProtected: protectAll || (protect ?? entries[address]?.protect === true),
      isObserved: observe === true,
    });
    return [{ fact: entries[address] === undefined ? "adopted" : "observed", address, entry }];
  });
  return adopted.length === 0 ? [] : [{ fact: "keyed", account }, ...adopted];
}

/** What other objects hold to refer to each address. */
export function idsIn({
  kinds,
  ties,
  entries,
}: Pick<BaselineInput, "kinds" | "ties" | "entries">): ReadonlyMap<Address, string> {
  const known = entriesIn(entries).flatMap(([address, entry]) => {
    const kind = kinds.get(entry.kind);
    const id = kind === undefined ? undefined : referenceId(kind, entry.id);
    return id === undefined ? [] : [[address, id] as const];
  });
  const pulled = ties.flatMap(({ address, kind, live }) => {
    const id = referenceId(kind, live.id);
    return id === undefined ? [] : [[address, id] as const];
  });
  return new Map([...known, ...pulled]);
}
