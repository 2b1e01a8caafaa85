import { declaredParentId } from "../../observe/desired.ts";
import { targetsOf } from "../../compare/references.ts";
import { writes, type Decision } from "../../decide/decide.ts";
import type { Match } from "../../observe/match.ts";
import { parentId, parentRule } from "../../../model/object-ids.ts";
import type { PolicyInput, Rule } from "../rule.ts";

/** What is observed does not move to the object that its manifest names, and what lives there cannot refer to it. */
export const observedSibling: Rule = {
  id: "observed-sibling",
  code: "observed",
  title:
    "A resource would be written that refers to an observed one under another object, such as a canary that serves a version of another assistant.",
  check: (input) => {
    const { decisions, matches, observed } = input;
    const byAddress = new Map(
      matches.filter(({ address }) => observed.has(address)).map((match) => [match.address, match] as const),
    );
    return decisions.filter(writes).flatMap((decision) =>
      siblingsOf(decision, byAddress, input).map(({ address: target, live }) => ({
        address: decision.match.address,
        message: `${decision.match.address} refers to ${target}, which is observed and lives under another object: ${live?.id}`,
        hint: `correct the parent of ${target}, or remove lifecycle.observe from it`,
      })),
    );
  },
};

/** Observed resources that it refers to, that live under an object of the same kind as itself, and not under the same. */
function siblingsOf(
  { match: { kind, desired } }: Decision,
  observed: ReadonlyMap<string, Match>,
  { ids }: PolicyInput,
): readonly Match[] {
  const parent = parentRule(kind)?.to;
  if (desired === undefined || parent === undefined) return [];
  const own = declaredParentId(kind, desired, ids);
  return targetsOf(kind, desired.spec).flatMap((address) => {
    const target = observed.get(address);
    if (target?.live === undefined || parentRule(target.kind)?.to !== parent) return [];
    return parentId(target.kind, target.live.id) === own ? [] : [target];
  });
}
