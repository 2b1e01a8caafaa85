import type { Address } from "../../model/address.ts";
import { isObject, property, type JsonObject } from "../../model/json.ts";
import type { Inherited } from "../../model/plan.ts";
import { segments } from "../../model/pointer.ts";
import { isReference } from "../../model/resource.ts";
import { pathChange, type Wording } from "./change.ts";
import type { Decision } from "../decide/decide.ts";
import { hintsOf } from "../compare/hints.ts";
import type { Match } from "../observe/match.ts";
import { compare } from "../compare/threeway.ts";

/** What every resource will be after the plan: its live object where the plan does not look at it. */
export function specsAfter(
  matches: readonly Match[],
  decisions: readonly Decision[],
): ReadonlyMap<Address, JsonObject> {
  const live = matches.flatMap(({ address, live: object }) =>
    object === undefined ? [] : [[address, object.spec] as const],
  );
  const decided = decisions.flatMap(({ match, comparison, spec }) => {
    const after = comparison?.target ?? spec;
    return after === undefined ? [] : [[match.address, after] as const];
  });
  return new Map([...live, ...decided]);
}

/** What a new resource changes in the one that it inherits from, compared as an update of that one would be. */
export function inheritedBy(
  { match, action, spec }: Decision,
  after: ReadonlyMap<Address, JsonObject>,
  wording: Wording,
): Inherited | undefined {
  const { inherits } = match.kind;
  if (action !== "create" || inherits === undefined || spec === undefined) return undefined;
  const [key] = segments(inherits.into);
  const reference = property(spec, segments(inherits.from)[0] ?? "");
  const from = isReference(reference) ? reference.ref : wording.names[String(reference)];
  const base = from === undefined ? undefined : after.get(from);
  if (key === undefined || from === undefined || base === undefined || !isObject(spec[key])) return undefined;
  const { changes } = compare(
    { live: { ...spec, [key]: base }, desired: spec, baseline: undefined },
    hintsOf(match.kind),
  );
  const own = changes.map((one) => pathChange({ ...one, class: "pending" }, wording));
  return { from, into: inherits.into, changes: own };
}
