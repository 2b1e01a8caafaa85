import type { Address } from "../../model/address.ts";
import { isList, property, type Json } from "../../model/json.ts";
import type { Step } from "../../model/plan.ts";
import type { LiveObject } from "../../model/provider.ts";
import { isReference } from "../../model/resource.ts";
import { appliedIn, writes, type Decision } from "../decide/decide.ts";
import { withIgnored } from "../observe/desired.ts";
import { fingerprint } from "../observe/fingerprint.ts";
import { grouped } from "../../model/grouped.ts";
import { orderOf, type Node } from "./graph.ts";
import { hintsOf } from "../compare/hints.ts";
import { idsOf, type Match } from "../observe/match.ts";
import { parentRule, referenceId } from "../../model/object-ids.ts";
import { linksOf, resolve, targetsOf } from "../compare/references.ts";
import { afterPromotions } from "./promotion.ts";
import { removalsOf } from "./removal.ts";
import { declaredParent, stepOf, unique } from "./step.ts";

export interface Steps {
  readonly steps: readonly Step[];
  /** Addresses that need each other before either exists. */
  readonly stuck: readonly Address[];
}

interface Draft {
  readonly step: Step;
  readonly wants: readonly string[];
}

/**
 * The steps of all decisions, in an order in which every step finds what it needs. `matches` are all resources, those
 * included about which nothing is to be decided.
 */
export function stepsOf(decisions: readonly Decision[], matches: readonly Match[]): Steps {
  const context = contextOf(decisions, matches);
  const drafts = decisions.flatMap((decision) => draftsOf(decision, context));
  const { broken, stuck } = orderOf(drafts.map(nodeOf));
  const givenUp = grouped(broken, ({ from }) => from);
  const written = drafts.flatMap((draft) => {
    const targets = new Set((givenUp.get(draft.step.id) ?? []).map(({ to }) => to));
    return splitForCycle(finished(draft, targets), targets, context.byAddress);
  });
  const completed = new Set(
    written.filter(({ action }) => action === "complete").map(({ address }) => address),
  );
  const all = [...written.map((step) => afterCompletion(step, completed)), ...removalsOf(decisions, written)];
  const steps = afterPromotions(all, context.byAddress);
  const byId = new Map(steps.map((step) => [step.id, step]));
  const final = orderOf(steps.map(({ id, needs }): Node => ({ id, needs, wants: [] })));
  return {
    steps: final.order.flatMap((id) => byId.get(id) ?? []),
    stuck: unique([...stuck, ...final.stuck].map((id) => id.split("#")[0] ?? id)) as readonly Address[],
  };
}

interface Context {
  readonly byAddress: ReadonlyMap<Address, Decision>;
  readonly matches: ReadonlyMap<string, Match>;
  readonly ids: ReadonlyMap<Address, string>;
  /** Addresses whose object this plan creates. */
  readonly created: ReadonlySet<Address>;
  /** Addresses with a step that writes what is declared. */
  readonly written: ReadonlySet<Address>;
  /** What others hold to refer to the live objects that such a step writes to. */
  readonly writtenIds: ReadonlySet<Json | undefined>;
}

function contextOf(decisions: readonly Decision[], matches: readonly Match[]): Context {
  const of = (test: (decision: Decision) => boolean) =>
    new Set(decisions.filter(test).map(({ match }) => match.address));
  return {
    byAddress: new Map(decisions.map((decision) => [decision.match.address, decision])),
    matches: new Map(matches.map((match) => [match.address, match])),
    ids: idsOf(matches),
    created: of(({ action }) => action === "create" || action === "replace"),
    written: of(writes),
    writtenIds: new Set(
      decisions
        .filter(writes)
        .flatMap(({ match: { kind, live } }) => live && (referenceId(kind, live.id) ?? [])),
    ),
  };
}

function draftsOf(decision: Decision, context: Context): readonly Draft[] {
  const { action, refreshesState } = decision;
  const plain = (kind: Step["action"], needs: readonly string[]): readonly Draft[] => {
    const step = stepOf(decision, kind, needs);
    return [{ step: { ...step, ...referenced(decision, context) }, wants: [] }];
  };
  if (action === "create" || action === "replace") return [creation(decision, context)];
  if (action === "delete") return [];
  if (action === "forget")
    return plain("forget", decision.becomesMainOf === undefined ? [] : [decision.becomesMainOf]);
  if (action === "observe") return refreshesState ? plain("refresh-state", []) : [];
  if (mayBeRemoved(decision, context)) return plain("restore", neededBy(decision, context));
  if (writes(decision)) return plain("update", neededBy(decision, context));
  return refreshesState ? plain("refresh-state", []) : [];
}

function nodeOf({ step, wants }: Draft): Node {
  return { id: step.id, needs: step.needs, wants };
}

/** A creation needs its parent and what stands in blocks that cannot be left out; the rest it wants. */
function creation(decision: Decision, context: Context): Draft {
  const { match, spec = {} } = decision;
  const replaces = match.live === undefined ? {} : { replaces: match.live.id };
  const { fingerprint: _, objectId: __, applied: ___, ...step } = stepOf(decision, "create", []);
  const required = property(match.kind.schema, "required");
  const parent = parentRule(match.kind);
  const links = linksOf(match.kind, spec).flatMap(({ rule, path, value }) => {
    if (!isReference(value) || !context.created.has(value.ref) || rule.local === true) return [];
    const fixed = rule === parent || (isList(required) && required.includes(path[0] ?? ""));
    return [{ to: value.ref, fixed }];
  });
  const fixed = links.filter((link) => link.fixed).map(({ to }) => to);
  return {
    step: {
      ...step,
      ...referenced(decision, context),
      ...replaces,
      needs: unique([...fixed, ...parentStep(decision, context), ...freedName(decision, context)]),
    },
    wants: links.filter((link) => !link.fixed).map(({ to }) => to),
  };
}

/** An update needs every object it newly refers to, and the write to its parent. */
function neededBy(decision: Decision, context: Context): readonly string[] {
  const { match, spec = {} } = decision;
  return [
    ...targetsOf(match.kind, spec).filter((address) => context.created.has(address)),
    ...parentStep(decision, context),
  ];
}

/** The objects that a resource refers to, as they are now. */
function referenced({ match }: Decision, context: Context): Pick<Step, "references"> {
  const targets = match.desired === undefined ? [] : targetsOf(match.kind, match.desired.spec);
  const known = unique(targets).flatMap((address) => {
    const target = context.matches.get(address);
    return target?.live === undefined ? [] : [[address, managedIn(target, target.live, context)] as const];
  });
  return known.length === 0 ? {} : { references: Object.fromEntries(known) };
}

/** Digest of what is declared of a live object. */
function managedIn(match: Match, live: LiveObject, { ids }: Context): string {
  const { kind, desired } = match;
  const spec = desired === undefined ? {} : resolve(kind, desired.spec, (address) => ids.get(address));
  const ignored = desired?.resource.lifecycle.ignore ?? [];
  const declared = withIgnored(spec, undefined, ignored, hintsOf(kind));
  return fingerprint(kind, live, { desired: declared, applied: appliedIn(match), ignored });
}

/** True for a dependent child whose parent is written. */
function mayBeRemoved(decision: Decision, context: Context): boolean {
  const { match, spec } = decision;
  if (spec === undefined || match.live === undefined) return false;
  return linksOf(match.kind, spec).some(({ rule, value }) => {
    return rule.dependent === true && context.writtenIds.has(value);
  });
}

function parentStep(decision: Decision, context: Context): readonly string[] {
  const parent = declaredParent(decision);
  return parent !== undefined && context.written.has(parent) ? [parent] : [];
}

/**
 * The step that renames the object whose name a creation takes: it comes first, so that a failure does not leave two
 * objects of one name. A step that refers to the created object cannot come first.
 */
function freedName({ match: { address, holder } }: Decision, context: Context): readonly string[] {
  if (holder === undefined || !context.written.has(holder)) return [];
  const reached = new Set([holder]);
  for (const one of reached) {
    const { match } = context.byAddress.get(one) ?? {};
    const targets = match?.desired === undefined ? [] : targetsOf(match.kind, match.desired.spec);
    for (const target of targets) if (context.written.has(target)) reached.add(target);
  }
  return reached.has(address) ? [] : [holder];
}

/** Soft dependencies that survive cycle-breaking become hard ones. */
function finished({ step, wants }: Draft, givenUp: ReadonlySet<string>): Step {
  const kept = wants.filter((to) => !givenUp.has(to));
  return { ...step, needs: unique([...step.needs, ...kept]) };
}

/** Leaves the blocks with back-references out of a creation in a cycle, and adds the step that completes it. */
function splitForCycle(
  step: Step,
  targets: ReadonlySet<string>,
  decisions: Context["byAddress"],
): readonly Step[] {
  const decision = decisions.get(step.address);
  if (targets.size === 0 || decision === undefined) return [step];
  const omit = linksOf(decision.match.kind, decision.spec ?? {})
    .filter(({ value }) => isReference(value) && targets.has(value.ref))
    .map(({ path }) => path[0] ?? "");
  const completion: Step = {
    ...step,
    id: `${step.id}#complete`,
    action: "complete",
    needs: unique([step.id, ...targets]),
  };
  return [{ ...step, omit: unique(omit) }, completion];
}

/** A child waits for the completion of its parent: the second write may remove it. */
function afterCompletion(step: Step, completed: ReadonlySet<Address>): Step {
  if (step.parent === undefined || !completed.has(step.parent)) return step;
  return { ...step, needs: unique([...step.needs, `${step.parent}#complete`]) };
}
