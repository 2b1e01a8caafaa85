import type { Address } from "../../model/address.ts";
import type { LedgerState } from "../../model/ledger.ts";
import type { Refusal } from "../../model/plan.ts";
import type { Decision } from "./decide.ts";
import { hintsOf } from "../compare/hints.ts";
import { byAddress, standingIntents } from "../recover/intents.ts";
import { declaredParentId, nameOf, type Match } from "../observe/match.ts";
import { isAsMeant, resolvedIntent } from "../recover/own-writes.ts";
import { withLiveDigests } from "../compare/outdated-digests.ts";

/** What decides whose the objects are that were found by their names. */
export interface Adoption {
  /** All resources, those included about which nothing is decided. */
  readonly matches: readonly Match[];
  readonly ids: ReadonlyMap<Address, string>;
  readonly ledger: LedgerState | undefined;
}

/**
 * An object that was found by its name is adopted without a question where nothing is written to it. Anything else needs
 * `--adopt`, its id in the manifest, or the creation of an earlier run that it is the outcome of.
 */
export function unaskedAdoptions(decisions: readonly Decision[], adoption: Adoption): readonly Refusal[] {
  const strangers = strangersIn(adoption);
  return decisions.flatMap((decision) => [
    ...changedStranger(decision, strangers),
    ...underStranger(decision, adoption.ids, strangers),
  ]);
}

/** Live objects that carry the name of a resource, and nothing else says that they are ours. */
function strangersIn({ matches, ids, ledger }: Adoption): ReadonlyMap<Address, Match> {
  const open = byAddress(ledger === undefined ? [] : standingIntents(ledger));
  const strangers = matches.filter((match) => {
    const { address, entry, live, desired, isImported } = match;
    if (entry !== undefined || live === undefined || desired === undefined || isImported === true) return false;
    const creations = (open.get(address) ?? []).filter(({ action, kind, objectId }) => {
      return action === "create" && kind === match.kind.kind && (objectId ?? live.id) === live.id;
    });
    return !creations.some((intent) => {
      const hints = hintsOf(match.kind);
      const known = resolvedIntent(intent, match.kind, (target) => ids.get(target));
      const { after } = withLiveDigests(known, live.spec, hints, true);
      const isNamed = match.kind.identity.name === undefined || nameOf(match.kind, after ?? {}) !== undefined;
      return after !== undefined && isNamed && isAsMeant(live.spec, after, hints);
    });
  });
  return new Map(strangers.map((match) => [match.address, match]));
}

function changedStranger(
  { match, action, comparison }: Decision,
  strangers: ReadonlyMap<Address, Match>,
): readonly Refusal[] {
  const { address, live } = match;
  const count = comparison?.changes.length ?? 0;
  if (action !== "adopt" || count === 0 || live === undefined || !strangers.has(address)) return [];
  const paths = count === 1 ? "one path" : `${count} paths`;
  return [
    {
      address,
      rule: "adoption",
      message: `${address} was found by its name (${live.id}), and adopting it would change ${paths} of it`,
      hint: "if the object is yours and the changes are right, pass --adopt; otherwise take the live values into the manifest, or give the manifest another name",
    },
  ];
}

/** A version or a canary that is made changes the object that it is made under. */
function underStranger(
  { match: { address, kind, desired }, action }: Decision,
  ids: ReadonlyMap<Address, string>,
  strangers: ReadonlyMap<Address, Match>,
): readonly Refusal[] {
  if (action !== "create" || desired === undefined) return [];
  const id = declaredParentId(kind, desired, ids);
  const parent = [...strangers.values()].find(({ live }) => live !== undefined && live.id === id);
  if (parent?.live === undefined) return [];
  return [
    {
      address,
      rule: "adoption",
      message: `${address} would be created under ${parent.address}, which was found by its name (${parent.live.id})`,
      hint: "if the object is yours, pass --adopt",
    },
  ];
}
