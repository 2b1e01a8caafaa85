import { COMPARING } from "../model/plan-choices.ts";
import type { Address } from "../model/address.ts";
import type { Kind } from "../model/kind.ts";
import { pointer } from "../model/pointer.ts";
import type { GraphEdge, ReferenceGraph } from "../model/reference-graph.ts";
import { isReference, type Resource } from "../model/resource.ts";
import { makePlan } from "../reconcile/plan/plan.ts";
import { linksOf } from "../reconcile/compare/references.ts";
import { compareTexts } from "../model/compare-texts.ts";

export interface GraphSource {
  readonly project: string;
  readonly environment: string;
  readonly resources: readonly Resource[];
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Only these, and what they refer to. */
  readonly only?: readonly Address[] | undefined;
}

/** What refers to what, and where creation has to break a circle. */
export function referenceGraph(source: GraphSource): ReferenceGraph {
  const { project, kinds } = source;
  const rank = new Map([...kinds.keys()].map((kind, index) => [kind, index]));
  const resources = [...source.resources].sort(
    (a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0) || compareTexts(a.name, b.name),
  );
  const chosen = new Set(source.only ?? resources.map(({ address }) => address));
  const broken = brokenEdges(source);
  const edges = resources
    .filter(({ address }) => chosen.has(address))
    .flatMap((resource) => edgesFrom(resource, kinds, broken));
  const shown = new Set([...chosen, ...edges.map(({ to }) => to)]);
  const nodes = resources
    .filter(({ address }) => shown.has(address))
    .map(({ address, kind, name }) => ({ address, kind, name }));
  return { project, nodes, edges };
}

function edgesFrom(
  { address, kind: kindName, spec }: Resource,
  kinds: GraphSource["kinds"],
  broken: ReadonlySet<string>,
): readonly GraphEdge[] {
  const kind = kinds.get(kindName);
  const links = kind === undefined ? [] : linksOf(kind, spec);
  const targets = links.flatMap(({ value }) => (isReference(value) ? [value.ref] : []));
  return [...new Set(targets)].sort(compareTexts).map((to): GraphEdge => {
    const own = links.filter(({ value }) => isReference(value) && value.ref === to);
    const isLocal = own.every(({ rule }) => rule.local === true);
    const link = isLocal ? "local" : broken.has(edgeKey(address, to)) ? "broken" : "plain";
    return { from: address, to, at: own.map(({ path }) => pointer(path)), link };
  });
}

/** What a plan from nothing leaves out of a creation and adds in a second step: the plan itself is asked. */
function brokenEdges({ project, environment, resources, kinds }: GraphSource): ReadonlySet<string> {
  const { steps } = makePlan({
    project,
    environment,
    target: { baseUrl: "", account: "" },
    kinds,
    resources,
    ledger: undefined,
    snapshot: { objects: new Map(), read: new Set() },
    options: { ...COMPARING, protectAll: false },
  });
  const created = new Map(steps.map((step) => [step.id, step.address]));
  return new Set(
    steps
      .filter(({ action }) => action === "complete")
      .flatMap(({ address, needs }) => needs.map((id) => edgeKey(address, created.get(id) ?? address))),
  );
}

function edgeKey(from: Address, to: Address): string {
  return `${from} ${to}`;
}
