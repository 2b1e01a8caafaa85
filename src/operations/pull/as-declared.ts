import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerState } from "../../model/ledger.ts";
import type { SkippedObject } from "../../model/pull-result.ts";
import type { Resource } from "../../model/resource.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { resolve, targetsOf } from "../../reconcile/compare/references.ts";
import { compare } from "../../reconcile/compare/threeway.ts";
import { desiredResources, withIgnored, type Desired } from "../../reconcile/observe/desired.ts";
import { declaredFields } from "../../schema/author/declared-fields.ts";
import { withoutSecrets } from "../../schema/author/without-secrets.ts";
import { idsIn } from "./baseline.ts";
import type { PullChoices } from "./choices.ts";
import { takenOver } from "./shared/taken-over.ts";
import type { Tied } from "./shared/ties.ts";

interface DeclaredInput {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly resources: readonly Resource[];
  readonly ledger: LedgerState | undefined;
  /** The fields that new manifests declare. */
  readonly fields: PullChoices["fields"];
}

/**
 * Objects of manifests that no other environment has are tied only if they are live as declared, with all that they refer
 * to: their manifests stay as they are. The others are not pulled. What they inherit from a shared manifest is what is live
 * of that: a pull patches it.
 */
export function tiedAsDeclared(
  all: readonly Tied[],
  { kinds, resources, ledger, fields }: DeclaredInput,
): { readonly tied: readonly Tied[]; readonly different: readonly SkippedObject[] } {
  const entries = ledger?.entries ?? {};
  const desired = desiredResources(patched(all, { resources, fields }), kinds);
  const ids = idsIn({ kinds, ties: all, entries });
  const same = new Set(all.filter((one) => isSame(one, desired.get(one.address), ids)));
  const isTied = (one: Tied) => one.isShared || same.has(one);
  const isKnown = (address: Address) =>
    entries[address] !== undefined || all.some((one) => one.address === address && isTied(one));
  const isLost = (one: Tied) => !targetsOf(one.kind, desired.get(one.address)?.spec ?? {}).every(isKnown);
  for (let lost = all; lost.length > 0;) {
    lost = [...same].filter((one) => !one.isShared && isLost(one));
    for (const one of lost) same.delete(one);
  }
  return { tied: all.filter(isTied), different: all.filter((one) => !isTied(one)).map(skipped) };
}

/** Shared manifests as they are after the pull. */
function patched(
  all: readonly Tied[],
  { resources, fields }: Pick<DeclaredInput, "resources" | "fields">,
): readonly Resource[] {
  const shared = new Map(all.filter(({ isShared }) => isShared).map((one) => [one.address, one]));
  return resources.map((resource) => {
    const one = shared.get(resource.address);
    if (one === undefined) return resource;
    const wanted = declaredFields(withoutSecrets(one.live.spec, one.kind).spec, one.kind, fields);
    return { ...resource, spec: takenOver(resource, wanted, one) };
  });
}

/** A plan without a baseline would write nothing. */
function isSame(
  { kind, live }: Tied,
  desired: Desired | undefined,
  ids: ReadonlyMap<Address, string>,
): boolean {
  if (desired === undefined) return false;
  const hints = hintsOf(kind);
  const resolved = resolve(kind, desired.spec, (address) => ids.get(address));
  const spec = withIgnored(resolved, live.spec, desired.resource.lifecycle.ignore, hints);
  return compare({ live: live.spec, desired: spec, baseline: undefined }, hints).changes.length === 0;
}

function skipped({ kind, live, name, address }: Tied): SkippedObject {
  return { kind: kind.kind, id: live.id, name, reason: "declared", address };
}
