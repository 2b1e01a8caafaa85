import { inEnvironment } from "./in-environment.ts";
import type { Address } from "../model/address.ts";
import { grouped } from "../model/grouped.ts";
import type { Adoption, Plan, Refusal, ResourceChange } from "../model/plan.ts";
import { driftViews, isDrift, type DriftView } from "./drift-view.ts";
import { isShown, resourceView, type ResourceView } from "./resource-view.ts";
import type { Row, TitledRows } from "./row.ts";
import { conflictRow } from "./rows.ts";
import { visible } from "../model/visible.ts";

export interface RefusalView {
  readonly title: string;
  readonly message: string;
  readonly rows: readonly Row[];
  readonly hint?: string | undefined;
}

export const OBSERVED = "Observed: compared and not written";

export const WRITTEN_FIRST = "What apply writes to the manifests first";

export interface PlanView {
  readonly drift: readonly DriftView[];
  /** How many undeclared fields changed outside Git, which a plan only counts. */
  readonly unmanaged: number;
  /** Live values that go into the manifests, by resource. */
  readonly adoptions: readonly TitledRows[];
  readonly refusals: readonly RefusalView[];
  readonly resources: readonly ResourceView[];
  /** Compared and not written: those with something to say. */
  readonly observed: readonly ResourceView[];
}

export function viewOf(plan: Plan, options: { readonly showUnmanaged?: boolean }): PlanView {
  const shown = plan.changes.filter(
    (change) => isShown(change, plan) || (options.showUnmanaged === true && change.unmanaged.length > 0),
  );
  const views = (changes: readonly ResourceChange[]) =>
    changes.map((change) => resourceView(change, plan, options.showUnmanaged === true));
  const isObserved = ({ action }: ResourceChange) => action === "observe";
  const observed = new Set<string>(plan.changes.filter(isObserved).map(({ address }) => visible(address)));
  return {
    // What differs in an observed object stands with that object.
    drift: driftViews(plan)
      .filter((view) => isDrift(view) && !(observed.has(view.address) && view.what !== "appeared"))
      .map(withoutConflicts),
    unmanaged: plan.drift
      .filter(({ version }) => version === undefined)
      .reduce((sum, { unmanaged }) => sum + unmanaged.length, 0),
    adoptions: adoptionViews(plan),
    refusals: refusalViews(plan),
    resources: views(shown.filter((change) => !isObserved(change))),
    observed: views(shown.filter(isObserved)),
  };
}

/** The values of conflicts are shown further down the page, and not twice. */
function withoutConflicts(view: DriftView): DriftView {
  const rows = view.rows.map((row): Row => {
    if (row.conflict !== true) return row;
    return Object.assign({}, row, { body: { type: "none" }, note: "conflict, see below", file: undefined });
  });
  return { ...view, rows };
}

/** All three values: what is given up is what the manifest said. */
function adoptionViews({ adoptions = [], names }: Plan): readonly TitledRows[] {
  return [...grouped(adoptions, ({ address }) => address)].map(([address, all]) => ({
    address: visible(address),
    title: `${visible(address)} keeps its live value`,
    rows: all.map((one): Row => ({ ...conflictRow(one, names), note: visible(writtenTo(one)) })),
  }));
}

function writtenTo({ target, line, patchOf, dropped = [] }: Adoption): string {
  const place = line === undefined ? target : `${target}:${line}`;
  const patch = patchOf === undefined ? "" : `, in the patches of ${patchOf}`;
  const rest = dropped.length === 0 ? "" : `, without ${dropped.join(" and ")}`;
  return `written to ${place}${patch}${rest}`;
}

/** The values of a conflict stand once, with the first refusal of its resource. */
function refusalViews(plan: Plan): readonly RefusalView[] {
  const told = new Set<Address>();
  return plan.refusals.map((refusal) => {
    const isFirst = refusal.address !== undefined && refusal.rule === "conflict" && !told.has(refusal.address);
    if (isFirst && refusal.address !== undefined) told.add(refusal.address);
    const rows = isFirst ? conflictRows(refusal.address, plan) : [];
    return refusalView(refusal, rows, plan);
  });
}

function conflictRows(address: Address | undefined, plan: Plan): readonly Row[] {
  const change = plan.changes.find((one) => one.address === address);
  if (change === undefined) return [];
  return change.changes
    .filter((one) => one.class === "conflict" && one.overwrites !== true)
    .map((one) => conflictRow(one, plan.names));
}

const RULES: Readonly<Record<Refusal["rule"], string>> = {
  conflict: "conflict",
  protected: "protected",
  ambiguous: "ambiguous",
  "undeclared-child": "undeclared child object",
  "mass-change": "mass change",
  pending: "something is still pending",
  empty: "nothing declared",
  cycle: "cycle",
  referenced: "still referred to",
  "main-version": "main version",
  foreign: "not ours",
  adoption: "adopted with changes",
  import: "cannot be imported",
  observed: "observed",
  "other-environment": "owned by another environment",
  stale: "plan is stale",
};

function refusalView(
  { address, rule, message, hint }: Refusal,
  rows: readonly Row[],
  { environment }: Plan,
): RefusalView {
  return {
    title: address === undefined ? RULES[rule] : `${visible(address)}: ${RULES[rule]}`,
    message: visible(message.startsWith(`${address} `) ? `it${message.slice(address?.length)}` : message),
    rows,
    hint: hint === undefined ? undefined : visible(inEnvironment(hint, environment)),
  };
}
