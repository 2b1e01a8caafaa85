import type { Address } from "../../../model/address.ts";
import { isList, isObject, type Json } from "../../../model/json.ts";
import type { Action, Plan, ResourceChange } from "../../../model/plan.ts";
import { isReference } from "../../../model/resource.ts";

/** A resource, or `size` of them that stand together. */
export interface GraphNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** `undefined` for what the plan leaves alone. */
  readonly action?: Action;
  readonly size: number;
}

/** `from` refers to `to`. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What refers to what: everything that the plan touches, and what that refers to. Nothing stands alone. */
export function referencesOf(plan: Plan): Graph {
  const actions = new Map(plan.changes.map(({ address, action }) => [address, action]));
  const touched = plan.changes.filter(({ action }) => action !== "no-op" && action !== "observe");
  const all = distinct([...touched.flatMap((change) => fromSpec(change, plan)), ...fromSteps(plan)]);
  const edges = withoutInherited(all, plan);
  const joined = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const known = plan.changes.map(({ address }) => address).filter((address) => joined.has(address));
  const addresses = [...new Set<string>([...known, ...joined])];
  return { nodes: addresses.map((address) => nodeOf(address, actions.get(address as Address))), edges };
}

function nodeOf(address: string, action: Action | undefined): GraphNode {
  const slash = address.indexOf("/");
  return {
    id: address,
    kind: address.slice(0, Math.max(slash, 0)),
    name: address.slice(slash + 1),
    ...(action === undefined || action === "no-op" ? {} : { action }),
    size: 1,
  };
}

/** Ids of known objects and references in the spec, wherever they stand in it. */
function fromSpec({ address, after, before, id }: ResourceChange, { names }: Plan): readonly GraphEdge[] {
  const targets = new Set<string>();
  const visit = (value: Json): void => {
    if (isReference(value)) targets.add(value.ref);
    else if (isList(value)) value.forEach(visit);
    else if (isObject(value)) Object.values(value).forEach(visit);
    else if (typeof value === "string" && value !== id && Object.hasOwn(names, value))
      targets.add(names[value] ?? value);
  };
  visit(after ?? before ?? null);
  return [...targets].map((to) => ({ from: address, to }));
}

/** What a step names as its parent or as what it refers to; the order of steps has other reasons as well. */
function fromSteps({ steps }: Plan): readonly GraphEdge[] {
  return steps.flatMap(({ address, parent, references = {} }) => [
    ...(parent === undefined ? [] : [{ from: address, to: parent }]),
    ...Object.keys(references).map((to) => ({ from: address, to })),
  ]);
}

/** A reference that a resource shares with its parent is shown once, at the parent. */
function withoutInherited(edges: readonly GraphEdge[], { steps }: Plan): readonly GraphEdge[] {
  const parents = new Map(
    steps.map(({ address, parent }) => [address as string, parent as string | undefined]),
  );
  const known = new Set(edges.map(keyOf));
  return edges.filter(({ from, to }) => {
    const parent = parents.get(from);
    return parent === undefined || !known.has(keyOf({ from: parent, to }));
  });
}

function keyOf({ from, to }: GraphEdge): string {
  return JSON.stringify([from, to]);
}

function distinct(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const byKey = new Map(edges.filter(({ from, to }) => from !== to).map((edge) => [keyOf(edge), edge]));
  return [...byKey.values()];
}
