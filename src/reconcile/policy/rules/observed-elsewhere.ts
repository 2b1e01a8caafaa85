import type { Address } from "../../../model/address.ts";
import { writes } from "../../decide/decide.ts";
import type { Match } from "../../observe/match.ts";
import { parentId, parentRule } from "../../../model/object-ids.ts";
import { isDeleted, type Finding, type PolicyInput, type Rule } from "../rule.ts";

/** What is observed is not written, also where the ledger has the object, or what lives under it, at another address. */
export const observedElsewhere: Rule = {
  id: "observed-elsewhere",
  code: "observed",
  title:
    "A write at another address would rename, replace or delete an observed object, or what lives under it.",
  check: (input) => [...namedByAnother(input), ...underAnother(input)],
};

/** The observed manifest has the name of a live object that the ledger has at another address. */
function namedByAnother({ decisions, declaredMatches, observed }: PolicyInput): readonly Finding[] {
  const written = new Set(
    decisions.filter((one) => writes(one) || isDeleted(one)).map(({ match }) => match.address),
  );
  return declaredMatches.flatMap(({ address, desired, live, holder, rival }) => {
    const isObserved = observed.has(address) || desired?.resource.lifecycle.observe === true;
    const other = [holder, rival].find((one) => one !== undefined && written.has(one));
    if (!isObserved || live !== undefined || other === undefined) return [];
    const message = `${address} is observed and has the name of the live object of ${other}, which would be renamed or deleted`;
    const hint = `run "rollcall ledger move ${other} ${address}" if it is that object, or correct the name of ${address}`;
    return [{ address: other, message, hint }];
  });
}

/** The manifest has another parent now, and the live object is still a part of an observed one. */
function underAnother({ decisions, matches, observed }: PolicyInput): readonly Finding[] {
  const owners = new Map(
    matches.flatMap(({ address, kind, live }): readonly (readonly [string, Address])[] =>
      observed.has(address) && live !== undefined ? [[`${kind.kind} ${live.id}`, address]] : [],
    ),
  );
  return decisions.filter(isDeleted).flatMap(({ match }) => {
    const owner = owners.get(parentKey(match) ?? "");
    if (owner === undefined || observed.has(match.address)) return [];
    const { address, live } = match;
    const message = `${address} would delete ${live?.id}, which lives under ${owner}, and ${owner} is observed`;
    const hint = `run "rollcall ledger forget ${address}" to keep it and create another one, or remove lifecycle.observe from ${owner}`;
    return [{ address, message, hint }];
  });
}

function parentKey({ kind, live }: Match): string | undefined {
  const rule = parentRule(kind);
  return rule === undefined || live === undefined ? undefined : `${rule.to} ${parentId(kind, live.id) ?? ""}`;
}
