import type { Action, PathChange, Plan, ResourceChange, ResourceDrift } from "../model/plan.ts";
import { verbOf } from "./plan-verb.ts";
import type { Row, TitledRows } from "./row.ts";
import { conflictRow, driftRow, twoWayRow } from "./rows.ts";
import { visible } from "../model/visible.ts";
import { hasNoLedger, isOrphan, type Uncompared, withoutBaseline } from "../model/plan-states.ts";

/** What was changed outside Git at one resource; every text is safe to print. */
export interface DriftView {
  readonly address: string;
  readonly what: ResourceDrift["what"];
  /** `Assistant/billing has drifted (apply restores it)`. */
  readonly title: string;
  readonly rows: readonly Row[];
  /** Undeclared fields: reported and not restored. */
  readonly unmanaged: readonly Row[];
}

export function driftViews(plan: Plan): readonly DriftView[] {
  const byAddress = new Map(plan.changes.map((change) => [change.address, change]));
  return plan.drift.map((drift) => {
    const change = byAddress.get(drift.address);
    const unmanaged = drift.unmanaged.map((one) => driftRow(one, plan.names));
    const { version } = drift;
    return {
      address: visible(drift.address),
      what: drift.what,
      title: visible(`${drift.address} ${titleOf(drift, change, plan)}`),
      rows: [
        ...(version === undefined ? [] : [versionRow(version)]),
        ...drift.changes.map((one) => rowOf(one, change, plan)),
        ...(version === undefined ? [] : unmanaged.map(leftAlone)),
      ],
      unmanaged: version === undefined ? unmanaged : [],
    };
  });
}

function rowOf(one: PathChange, change: ResourceChange | undefined, { names }: Plan): Row {
  if (change?.action === "observe") return twoWayRow(one, names);
  return one.class === "conflict" ? conflictRow(one, names) : driftRow(one, names);
}

function versionRow({ before, after }: NonNullable<ResourceDrift["version"]>): Row {
  const sides = [
    { name: "last seen", text: visible(before) },
    { name: "live", text: visible(after) },
  ];
  return { sign: "~", label: "main version", body: { type: "sides", sides } };
}

/** An undeclared field that another main version has changed. */
function leftAlone(row: Row): Row {
  return Object.assign({}, row, { note: "not declared; kept live" });
}

/** True for what the next apply undoes, refuses or does not see. */
export function isDrift({ what, rows }: DriftView): boolean {
  return what !== "changed" || rows.length > 0;
}

function titleOf(drift: ResourceDrift, change: ResourceChange | undefined, plan: Plan): string {
  const { what, kind, changes, version } = drift;
  if (what === "appeared") return `has a live ${kind} that no manifest declares`;
  if (what === "deleted") {
    return `was deleted outside Git${AFTER_DELETION[change?.action ?? "no-op"] ?? ""}`;
  }
  if (change?.action === "observe" && changes.length > 0)
    return "differs from its manifest (it is observed; apply does not change it)";
  if (isOrphan(drift, plan))
    return change?.action === "delete"
      ? `has drifted (${verbOf(plan)} deletes it)`
      : "has drifted (no longer in the manifests; apply does not change it)";
  if (changes.some((one) => one.class === "conflict")) return "has drifted (the manifest changed too)";
  if (changes.length > 0) return "has drifted (apply restores it)";
  if (version !== undefined) return "has another main version (apply records it)";
  return "has changed in undeclared fields";
}

const AFTER_DELETION: Readonly<Partial<Record<Action, string>>> = {
  create: " (apply creates it again)",
  adopt: " (apply adopts another object with the same name)",
  observe: " (it is observed; apply does not create it)",
};

/** Resources without a baseline: it is not known who changed them. */
export function uncomparedViews(plan: Plan): readonly TitledRows[] {
  return withoutBaseline(plan).map(({ change, live }) => {
    const changes = change.changes.filter((one) => one.class === "no-baseline");
    return {
      address: visible(change.address),
      title: visible(`${change.address} ${LIVE_STATES[live]}`),
      rows: changes.map((one) => twoWayRow(one, plan.names)),
    };
  });
}

const LIVE_STATES: Readonly<Record<Uncompared["live"], string>> = {
  different: "differs from its manifest",
  same: "matches its manifest",
  none: "does not exist live",
  several: "shares its name with other live objects",
};

/** What stands above the resources without a baseline. */
export function uncomparedHeading(plan: Plan): string {
  return hasNoLedger(plan)
    ? "No ledger: what was last applied is not known"
    : "Different from the manifest, without a baseline: it is not known who changed it";
}
