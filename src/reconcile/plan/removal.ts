import type { Json } from "../../model/json.ts";
import type { Step } from "../../model/plan.ts";
import type { Decision } from "../decide/decide.ts";
import { grouped } from "../../model/grouped.ts";
import { orderOf, type Edge } from "./graph.ts";
import { parentId, parentRule, referenceId } from "../../model/object-ids.ts";
import { linksOf } from "../compare/references.ts";
import { stepOf, unique } from "./step.ts";

/**
 * Deletion is the reverse of creation: what refers to an object is deleted, or written, before it. In a cycle of objects
 * that are all deleted, one of them is detached first.
 */
export function removalsOf(decisions: readonly Decision[], written: readonly Step[]): readonly Step[] {
  const removed = decisions.filter(({ action }) => action === "delete" || action === "replace");
  if (removed.length === 0) return [];
  const byOwnId = new Map<Json | undefined, Decision>(removed.map((decision) => [heldAs(decision), decision]));
  const refersTo = (decision: Decision) => [...heldIds(decision)].flatMap((id) => byOwnId.get(id) ?? []);
  const parents = grouped(removed, ownKey);
  const { broken } = orderOf(
    removed.map((decision) => ({
      id: stepId(decision),
      needs: (parents.get(parentKey(decision) ?? "") ?? []).filter((one) => one !== decision).map(stepId),
      wants: refersTo(decision)
        .filter((other) => other !== decision && !isUnder(decision, other))
        .map(stepId),
    })),
  );
  const context: Context = {
    ...usesIn(decisions),
    detached: new Map(
      [...grouped(broken, ({ from }) => from)].map(([from, edges]) => [from, targetsOf(edges)]),
    ),
    written: new Map(written.map((step) => [step.address, step])),
  };
  const byStep = new Map(removed.map((decision) => [stepId(decision), decision]));
  const detachments = removed.flatMap((decision) => detachment(decision, context.detached, byStep));
  return [...detachments, ...removed.map((decision) => deletion(decision, context))];
}

interface Context {
  /** Who holds an id, now or when it was last applied. */
  readonly holders: ReadonlyMap<Json | undefined, readonly Decision[]>;
  /** Who lives under an object. */
  readonly children: ReadonlyMap<string | undefined, readonly Decision[]>;
  /** By step, the steps whose objects its own object is detached from first. */
  readonly detached: ReadonlyMap<string, ReadonlySet<string>>;
  readonly written: ReadonlyMap<string, Step>;
}

function usesIn(decisions: readonly Decision[]): Pick<Context, "holders" | "children"> {
  const held = decisions.flatMap((decision) => [...heldIds(decision)].map((id) => ({ id, decision })));
  const holders = [...grouped(held, ({ id }) => id)].map(
    ([id, all]) => [id, all.map(({ decision }) => decision)] as const,
  );
  return { holders: new Map(holders), children: grouped(decisions, parentKey) };
}

function targetsOf(edges: readonly Edge[]): ReadonlySet<string> {
  return new Set(edges.map(({ to }) => to));
}

function deletion(decision: Decision, { holders, children, detached, written }: Context): Step {
  const own = heldAs(decision);
  const self = stepId(decision);
  const users = [
    ...(own === undefined ? [] : (holders.get(own) ?? [])),
    ...(children.get(ownKey(decision)) ?? []),
  ].filter((other) => other !== decision);
  const needs = users.flatMap((other) => {
    if (other.action !== "delete" && other.action !== "replace") {
      const step = written.get(other.match.address);
      return step === undefined || step.action === "refresh-state" ? [] : [step.id];
    }
    const isBroken = detached.get(stepId(other))?.has(self) === true;
    return [isBroken ? `${other.match.address}#detach` : stepId(other)];
  });
  const isDetached = detached.has(self);
  const { fingerprint, ...step } = stepOf(decision, "delete", [], suffixOf(decision));
  return {
    ...step,
    needs: unique([
      ...needs,
      ...(decision.action === "replace" ? [decision.match.address] : []),
      ...(isDetached ? [`${decision.match.address}#detach`] : []),
    ]),
    // A detachment changes the object, so that its fingerprint no longer fits.
    ...(isDetached || fingerprint === undefined ? {} : { fingerprint }),
  };
}

function detachment(
  decision: Decision,
  detached: Context["detached"],
  byStep: ReadonlyMap<string, Decision>,
): readonly Step[] {
  const targets = detached.get(stepId(decision));
  if (targets === undefined) return [];
  const step = stepOf(decision, "detach", [], "#detach");
  const ids = [...targets].flatMap((target) => {
    const other = byStep.get(target);
    return (other && heldAs(other)) ?? [];
  });
  return [{ ...step, detaches: unique(ids) }];
}

function stepId(decision: Decision): string {
  return `${decision.match.address}${suffixOf(decision)}`;
}

/** A replacement is two steps at one address: the new object comes first, so that others can change over to it. */
function suffixOf({ action }: Decision): string {
  return action === "replace" ? "#delete" : "";
}

function objectId({ match }: Decision): string {
  return match.live?.id ?? match.entry?.id ?? "";
}

/** What others hold to refer to the object of a decision. */
function heldAs(decision: Decision): string | undefined {
  return referenceId(decision.match.kind, objectId(decision));
}

function isUnder(decision: Decision, parent: Decision): boolean {
  return decision !== parent && parentKey(decision) === ownKey(parent);
}

function ownKey(decision: Decision): string {
  return `${decision.match.kind.kind} ${objectId(decision)}`;
}

/** The key of the object that an object lives under. */
function parentKey(decision: Decision): string | undefined {
  const { kind } = decision.match;
  const rule = parentRule(kind);
  return rule === undefined ? undefined : `${rule.to} ${parentId(kind, objectId(decision)) ?? ""}`;
}

/** Every id that an object holds now, or held when it was last applied. */
function heldIds({ match }: Decision): ReadonlySet<Json> {
  const specs = [match.live?.spec, match.entry?.applied].filter((spec) => spec !== undefined);
  return new Set(specs.flatMap((spec) => linksOf(match.kind, spec).map(({ value }) => value)));
}
