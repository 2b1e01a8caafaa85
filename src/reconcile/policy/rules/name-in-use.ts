import { stringify } from "../../../model/json.ts";
import type { Kind } from "../../../model/kind.ts";
import { writes, type Decision } from "../../decide/decide.ts";
import { declaredParentId, type Desired } from "../../observe/desired.ts";
import { knownIn } from "../../observe/match.ts";
import { parentId } from "../../../model/object-ids.ts";
import { nameOf } from "../../observe/natural-name.ts";
import type { Finding, PolicyInput, Rule } from "../rule.ts";

/** A name is free when the object that has it is renamed in the same run. */
export const nameInUse: Rule = {
  id: "name-in-use",
  code: "ambiguous",
  title: "An object would get a name that another live object still has.",
  check: (input) => [...notRenamed(input), ...takenByOthers(input), ...namedTwice(input)],
};

/** Without its ledger, the two could not be distinguished. */
function takenByOthers({ decisions }: PolicyInput): readonly Finding[] {
  return decisions.filter(writes).flatMap(({ match: { address, nameTakenBy } }) => {
    if (nameTakenBy === undefined) return [];
    const message = `${address} would get the name of another live object, ${nameTakenBy}, which is not in the ledger: two objects would have the same name`;
    return [{ address, message, hint: `rename or delete that object, or give ${address} another name` }];
  });
}

function notRenamed({ decisions }: PolicyInput): readonly Finding[] {
  const written = new Set(decisions.filter(writes).map(({ match }) => match.address));
  return decisions.filter(writes).flatMap(({ match: { address, holder } }) => {
    if (holder === undefined || written.has(holder)) return [];
    const message = `${address} would get the name that the live object of ${holder} still has: two objects would have the same name`;
    return [{ address, message, hint: `apply ${holder}, which renames it, in the same run` }];
  });
}

/**
 * Manifests that name one parent in two ways, by its id and by a reference, declare one object twice. Where both are in
 * the ledger, each has an object of its own.
 */
function namedTwice({ decisions, matches, ids }: PolicyInput): readonly Finding[] {
  const created = decisions.filter(isNewChild);
  if (created.length === 0) return [];
  const owners = new Map(
    matches.flatMap(({ address, kind, desired, live }) => {
      const parent = live === undefined ? undefined : parentId(kind, live.id);
      return desired === undefined || parent === undefined
        ? []
        : [[placeOf(kind, parent, desired), address] as const];
    }),
  );
  return created.flatMap(({ match: { address, kind, desired } }) => {
    const parent = desired === undefined ? undefined : declaredParentId(kind, desired, ids);
    if (desired === undefined || parent === undefined) return [];
    const owner = owners.get(placeOf(kind, parent, desired));
    if (owner === undefined) return [];
    const message = `${address} would be created in addition to the live object of ${owner}, which has the same parent and name`;
    return [{ address, message, hint: `remove ${address} or ${owner}, or rename one of them` }];
  });
}

function isNewChild({ action, match }: Decision): boolean {
  return action === "create" && match.kind.identity.parent !== undefined && knownIn(match) === undefined;
}

/** What there can be one object of: a name under a parent. */
function placeOf(kind: Kind, parent: string, { spec }: Desired): string {
  return stringify([kind.kind, parent, nameOf(kind, spec) ?? null]);
}
