import type { Address } from "../model/address.ts";
import { isList, property } from "../model/json.ts";
import type { Step } from "../model/plan.ts";
import { segments } from "../model/pointer.ts";
import { isReference } from "../model/resource.ts";
import type { Decision } from "./decide.ts";
import { orderOf, type Node } from "./graph.ts";
import { ownId, parentId, parentRule } from "./match.ts";
import { linksOf, targetsOf } from "./references.ts";
import { fingerprint } from "./snapshot.ts";

export interface Steps {
  readonly steps: readonly Step[];
  /** Addresses that need each other before either exists. */
  readonly stuck: readonly Address[];
}

interface Draft {
  readonly step: Step;
  readonly wants: readonly string[];
}

/** The steps of all decisions, in an order in which every step finds what it needs. */
export function stepsOf(decisions: readonly Decision[]): Steps {
  const context = contextOf(decisions);
  const drafts = decisions.flatMap((decision) => draftsOf(decision, context));
  const { broken, stuck } = orderOf(
    drafts.map(({ step, wants }): Node => ({ id: step.id, needs: step.needs, wants })),
  );
  const wanted = drafts.map((draft) => finished(draft, broken));
  const steps = wanted.flatMap((step) => halves(step, broken, context.byAddress));
  const completed = new Set(steps.filter(({ action }) => action === "complete").map(({ address }) => address));
  const whole = steps.map((step) => afterCompletion(step, completed));
  const byId = new Map(whole.map((step) => [step.id, step]));
  const { order } = orderOf(whole.map(({ id, needs }): Node => ({ id, needs, wants: [] })));
  return {
    steps: order.flatMap((id) => byId.get(id) ?? []),
    stuck: stuck.map((id) => id.split("#")[0] as Address),
  };
}

interface Context {
  readonly byAddress: ReadonlyMap<Address, Decision>;
  /** Addresses whose object comes into being in this plan. */
  readonly created: ReadonlySet<Address>;
  /** Addresses with a step that writes to an existing object. */
  readonly written: ReadonlySet<Address>;
}

function contextOf(decisions: readonly Decision[]): Context {
  const of = (test: (decision: Decision) => boolean) =>
    new Set(decisions.filter(test).map(({ match }) => match.address));
  return {
    byAddress: new Map(decisions.map((decision) => [decision.match.address, decision])),
    created: of(({ action }) => action === "create" || action === "replace"),
    written: of((decision) => writes(decision)),
  };
}

function writes({ action, comparison }: Decision): boolean {
  const changed = (comparison?.changes.length ?? 0) > 0;
  return ["create", "replace", "update"].includes(action) || (action === "adopt" && changed);
}

function draftsOf(decision: Decision, context: Context): readonly Draft[] {
  const { action, record } = decision;
  if (action === "create") return [creation(decision, context, [])];
  if (action === "replace") {
    const removal = deletion(decision, context, "#delete");
    return [removal, creation(decision, context, [removal.step.id])];
  }
  if (action === "delete") return [deletion(decision, context, "")];
  if (action === "forget") return [plain(decision, "forget", [])];
  if (isReset(decision, context)) return [plain(decision, "ensure", neededBy(decision, context))];
  if (writes(decision)) return [plain(decision, "update", neededBy(decision, context))];
  return record ? [plain(decision, "record", [])] : [];
}

function plain(decision: Decision, action: Step["action"], needs: readonly string[], suffix = ""): Draft {
  const { match, spec, protect } = decision;
  const { address, kind, entry, live, movedFrom } = match;
  const objectId = live?.id ?? entry?.id;
  const parent = declaredParent(decision);
  const step: Step = {
    id: `${address}${suffix}`,
    address,
    action,
    needs: [...new Set(needs)].sort(),
    kind: kind.kind,
    ...(objectId === undefined ? {} : { objectId }),
    ...(parent === undefined ? {} : { parent }),
    ...(live === undefined ? {} : { fingerprint: fingerprint(kind, live) }),
    ...(spec === undefined ? {} : { desired: spec }),
    ...(entry === undefined ? {} : { applied: entry.applied }),
    ...(protect ? { protect: true as const } : {}),
    ...(movedFrom === undefined ? {} : { movedFrom }),
  };
  return { step, wants: [] };
}

/** A creation needs its parent and what stands in blocks that cannot be left out; the rest it wants. */
function creation(decision: Decision, context: Context, also: readonly string[]): Draft {
  const { match, spec = {} } = decision;
  const { fingerprint: _, objectId: __, applied: ___, ...step } = plain(decision, "create", []).step;
  const required = property(match.kind.schema, "required");
  const parent = parentRule(match.kind);
  const links = linksOf(match.kind, spec).flatMap(({ rule, path, value }) => {
    if (!isReference(value) || !context.created.has(value.ref) || rule.local === true) return [];
    const fixed = rule === parent || (isList(required) && required.includes(path[0] ?? ""));
    return [{ to: value.ref, fixed }];
  });
  const needs = [
    ...also,
    ...links.filter(({ fixed }) => fixed).map(({ to }) => to),
    ...parentStep(decision, context),
  ];
  return {
    step: { ...step, needs: [...new Set(needs)].sort() },
    wants: links.filter(({ fixed }) => !fixed).map(({ to }) => to),
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

/** A deletion waits for every step of a resource that refers to the object now, and for what lives under it. */
function deletion(decision: Decision, context: Context, suffix: string): Draft {
  const draft = plain(decision, "delete", [], suffix);
  const id = ownId(draft.step.objectId ?? "");
  const needs = [...context.byAddress.values()].flatMap((other) => {
    if (other === decision) return [];
    const { kind, live, entry, address } = other.match;
    const specs = [live?.spec, entry?.applied].filter((spec) => spec !== undefined);
    const refers = specs.some((spec) => linksOf(kind, spec).some(({ value }) => value === id));
    const under = parentId(kind, live?.id ?? entry?.id ?? "") === draft.step.objectId;
    if (!refers && !under) return [];
    return other.action === "replace" ? [`${address}#delete`] : hasStep(other, context) ? [address] : [];
  });
  return { ...draft, step: { ...draft.step, needs: [...new Set(needs)].sort() } };
}

function hasStep(decision: Decision, context: Context): boolean {
  return decision.action === "delete" || writes(decision) || isReset(decision, context);
}

/** True for an object that a write to its parent may silently remove. */
function isReset(decision: Decision, context: Context): boolean {
  const { match, spec } = decision;
  if (spec === undefined || decision.action === "create") return false;
  return linksOf(match.kind, spec).some(({ rule, value }) => {
    if (rule.resetByTarget !== true) return false;
    return [...context.written].some((address) => isAt(context.byAddress.get(address), value));
  });
}

function isAt(decision: Decision | undefined, link: unknown): boolean {
  const id = decision?.match.live?.id;
  return id !== undefined && ownId(id) === link;
}

function parentStep(decision: Decision, context: Context): readonly string[] {
  const parent = declaredParent(decision);
  return parent !== undefined && context.written.has(parent) ? [parent] : [];
}

/** The address of the declared parent, although its id is known by now. */
function declaredParent({ match }: Decision): Address | undefined {
  const { parent } = match.kind.identity;
  if (parent === undefined || match.desired === undefined) return undefined;
  const value = property(match.desired.spec, segments(parent)[0] ?? "");
  return isReference(value) ? value.ref : undefined;
}

type Broken = readonly { readonly from: string; readonly to: string }[];

/** Wants that were not broken are needs by now. */
function finished({ step, wants }: Draft, broken: Broken): Step {
  const kept = wants.filter((to) => !broken.some((edge) => edge.from === step.id && edge.to === to));
  return { ...step, needs: [...new Set([...step.needs, ...kept])].sort() };
}

/** Leaves the blocks with back-references out of a creation in a cycle, and adds the step that completes it. */
function halves(step: Step, broken: Broken, decisions: Context["byAddress"]): readonly Step[] {
  const targets = broken.filter(({ from }) => from === step.id).map(({ to }) => to);
  const decision = decisions.get(step.address);
  if (targets.length === 0 || decision === undefined) return [step];
  const omit = linksOf(decision.match.kind, decision.spec ?? {})
    .filter(({ value }) => isReference(value) && targets.includes(value.ref))
    .map(({ path }) => path[0] ?? "");
  const completion: Step = {
    ...step,
    id: `${step.id}#complete`,
    action: "complete",
    needs: [...new Set([step.id, ...targets])].sort(),
  };
  return [{ ...step, omit: [...new Set(omit)].sort() }, completion];
}

/** What lives under an object waits until the object is whole: the second write may reset it. */
function afterCompletion(step: Step, completed: ReadonlySet<Address>): Step {
  if (step.parent === undefined || !completed.has(step.parent)) return step;
  return { ...step, needs: [...step.needs, `${step.parent}#complete`].sort() };
}
