import type { Address } from "../../model/address.ts";
import { choiceAt, ruleText, type OnConflict } from "../../model/conflict.ts";
import type { Kind } from "../../model/kind.ts";
import type { PathChange, Plan } from "../../model/plan.ts";
import type { LeftOut } from "../../model/proposal.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { leftPath, SECRET, secretObstacle, type Reason, type Sorted } from "./leftovers.ts";
import { listsOf, type ListOf } from "./lists.ts";
import type { Wanted } from "./rewrites.ts";
import { unitsOf } from "./units.ts";

/** The conflicts whose live value is to be kept, and why some cannot be adopted. */
export interface Chosen extends Sorted {
  readonly all: Wanted;
}

/**
 * What is adopted together: a path, or the whole element or block around it if the live object or the manifest has none
 * of it. A part of an element would match neither.
 */
export function conflictsToAdopt(plan: Plan, kinds: ReadonlyMap<string, Kind>, on: OnConflict): Chosen {
  const [wanted, all] = [new Map<Address, readonly PathChange[]>(), new Map<Address, readonly PathChange[]>()];
  const left: LeftOut[] = [];
  const listOf = listsOf(plan, kinds);
  for (const change of plan.changes) {
    const kind = kinds.get(change.kind);
    const { address } = change;
    if (kind === undefined || !change.changes.some(({ class: of }) => of === "conflict")) continue;
    const units = unitsOf(change, hintsOf(kind), plan);
    const chosen = chosenOf(units, address, { on, listOf });
    if (chosen.length === 0) continue;
    all.set(address, chosen);
    const obstacles = chosen.map((one) => [one, obstacleOf(one, address, on)] as const);
    left.push(
      ...obstacles.flatMap(([one, reason]) => (reason === undefined ? [] : leftPath(address, one, reason))),
    );
    const others = units.filter((one) => isLiveChange(one) && !chosen.includes(one));
    left.push(...others.map((one) => leftPath(address, one, NOT_CHOSEN)));
    const free = obstacles.flatMap(([one, reason]) => (reason === undefined ? [one] : []));
    if (free.length > 0) wanted.set(address, free);
  }
  return { wanted, left, all };
}

interface Rules {
  readonly on: OnConflict;
  readonly listOf: ListOf;
}

/** The conflicts, and with an element that came or went in a list the others that did. */
function chosenOf(
  units: readonly PathChange[],
  address: Address,
  { on, listOf }: Rules,
): readonly PathChange[] {
  const isChosen = (one: PathChange) => one.class === "conflict" && choiceWithin(one, address, on) === "adopt";
  const lists = new Set(units.filter(isChosen).map(({ path }) => listOf(address, path)));
  lists.delete(undefined);
  const isBeside = (one: PathChange) =>
    one.class === "drift" &&
    lists.has(listOf(address, one.path)) &&
    choiceAt(on, address, one.path) === "adopt";
  return units.filter((one) => isChosen(one) || isBeside(one));
}

/** A rule for a part of a unit speaks of the unit, if only to be refused. */
function choiceWithin(unit: PathChange, address: Address, on: OnConflict) {
  const choice = choiceAt(on, address, unit.path);
  if (choice === "adopt" || typeof on === "string") return choice;
  const isInside = on.some(
    (rule) =>
      rule.what === "adopt" && rule.address === address && rule.path?.startsWith(`${unit.path}/`) === true,
  );
  return isInside ? "adopt" : choice;
}

function obstacleOf(unit: PathChange, address: Address, on: OnConflict): Reason | undefined {
  const overwrite = ruleText({ what: "overwrite", address, path: unit.path });
  if (secretObstacle(unit) !== undefined)
    return { ...SECRET, hint: `overwrite it with --on-conflict=${overwrite}, or change it live` };
  if (choiceAt(on, address, unit.path) === "adopt") return undefined;
  return {
    reason: "it can only be adopted as a whole",
    hint: `--on-conflict=${ruleText({ what: "adopt", address, path: unit.path })}`,
  };
}

function isLiveChange({ class: of }: PathChange): boolean {
  return of === "conflict" || of === "drift";
}

const NOT_CHOSEN: Reason = {
  reason: "other elements of the list were added or removed live and are not adopted",
  hint: "adopt the whole list, or change the manifest by hand",
};
