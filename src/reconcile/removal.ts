import type { Json } from "../model/json.ts";
import type { Step } from "../model/plan.ts";
import type { Decision } from "./decide.ts";
import { orderOf, type Edge } from "./graph.ts";
import { parentId, parentRule, referenceId } from "./match.ts";
import { linksOf } from "./references.ts";
import { stepOf, unique } from "./steps.ts";

/**
 * Deletion is creation backwards: what refers to an object is deleted, or written, before it. Where objects that are
 * all to be deleted refer to each other in a circle, one of them is detached first.
 */
export function removalsOf(decisions: readonly Decision[], written: readonly Step[]): readonly Step[] {
  const removed = decisions.filter(({ action }) => action === "delete" || action === "replace");
  if (removed.length === 0) return [];
  const byOwnId = new Map<Json | undefined, Decision>(removed.map((decision) => [heldAs(decision), decision]));
  const refersTo = (decision: Decision) => [...heldIds(decision)].flatMap((id) => byOwnId.get(id) ?? []);
  const { broken } = orderOf(
    removed.map((decision) => ({
      id: stepId(decision),
      needs: removed.filter((other) => isUnder(decision, other)).map(stepId),
      wants: refersTo(decision)
        .filter((other) => other !== decision && !isUnder(decision, other))
        .map(stepId),
    })),
  );
  const detached = new Map<string, readonly string[]>();
  for (const { from, to } of broken) detached.set(from, [...(detached.get(from) ?? []), to]);
  const steps = new Map(written.map((step) => [step.address, step]));
  const detachments = removed.flatMap((decision) => detachment(decision, detached, removed));
  return [...detachments, ...removed.map((decision) => deletion(decision, decisions, broken, steps))];
}

function deletion(
  decision: Decision,
  all: readonly Decision[],
  broken: readonly Edge[],
  written: ReadonlyMap<string, Step>,
): Step {
  const own = heldAs(decision);
  const refers = (other: Decision) => own !== undefined && heldIds(other).has(own);
  const self = stepId(decision);
  const needs = all.flatMap((other) => {
    if (other === decision || (!refers(other) && !isUnder(other, decision))) return [];
    if (other.action !== "delete" && other.action !== "replace") {
      const step = written.get(other.match.address);
      return step === undefined || step.action === "record" ? [] : [step.id];
    }
    const isBroken = broken.some(({ from, to }) => from === stepId(other) && to === self);
    return [isBroken ? `${other.match.address}#detach` : stepId(other)];
  });
  const isDetached = broken.some(({ from }) => from === self);
  const { desired: _, fingerprint, ...step } = stepOf(decision, "delete", [], suffixOf(decision));
  return {
    ...step,
    needs: unique([
      ...needs,
      ...(decision.action === "replace" ? [decision.match.address] : []),
      ...(isDetached ? [`${decision.match.address}#detach`] : []),
    ]),
    ...(isDetached || fingerprint === undefined ? {} : { fingerprint }),
  };
}

function detachment(
  decision: Decision,
  detached: ReadonlyMap<string, readonly string[]>,
  removed: readonly Decision[],
): readonly Step[] {
  const targets = detached.get(stepId(decision));
  if (targets === undefined) return [];
  const { desired: _, ...step } = stepOf(decision, "detach", [], "#detach");
  const ids = removed
    .filter((other) => targets.includes(stepId(other)))
    .flatMap((other) => heldAs(other) ?? []);
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
  const { kind } = decision.match;
  if (decision === parent || parentRule(kind)?.to !== parent.match.kind.kind) return false;
  return parentId(kind, objectId(decision)) === objectId(parent);
}

/** Every id that an object holds now, or held when it was last applied. */
function heldIds({ match }: Decision): ReadonlySet<Json> {
  const specs = [match.live?.spec, match.entry?.applied].filter((spec) => spec !== undefined);
  return new Set(specs.flatMap((spec) => linksOf(match.kind, spec).map(({ value }) => value)));
}
