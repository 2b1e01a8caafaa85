import { hasNoLedger, withoutBaseline, type Uncompared } from "../model/no-baseline.ts";
import { isOrphan } from "../model/orphan.ts";
import type { Action, Plan, ResourceChange, ResourceDrift } from "../model/plan.ts";
import type { Row } from "./row.ts";
import { conflictRow, driftRow, twoWayRow } from "./rows.ts";
import { visible } from "./safe.ts";

/** What was changed outside Git at one resource; every text is safe to print. */
export interface DriftView {
  readonly address: string;
  readonly what: ResourceDrift["what"];
  /** `Assistant/billing has drifted (apply restores it)`. */
  readonly title: string;
  readonly rows: readonly Row[];
  /** Fields that nobody declared: told, not undone. */
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
        ...drift.changes.map((one) =>
          one.class === "conflict" ? conflictRow(one, plan.names) : driftRow(one, plan.names),
        ),
        ...(version === undefined ? [] : unmanaged.map(leftAlone)),
      ],
      unmanaged: version === undefined ? unmanaged : [],
    };
  });
}

function versionRow({ before, after }: NonNullable<ResourceDrift["version"]>): Row {
  const sides = [
    { name: "last seen", text: visible(before) },
    { name: "live", text: visible(after) },
  ];
  return { sign: "~", label: "main version", body: { type: "sides", sides } };
}

/** A field that nobody declared, and that another main version has changed. */
function leftAlone(row: Row): Row {
  return Object.assign({}, row, { note: "declared by nobody, stays as it is live" });
}

/** True for what the next apply undoes, refuses or does not see. */
export function isDrift({ what, rows }: DriftView): boolean {
  return what !== "changed" || rows.length > 0;
}

function titleOf(drift: ResourceDrift, change: ResourceChange | undefined, plan: Plan): string {
  const { what, kind, changes, version } = drift;
  if (what === "appeared") return `has a live ${kind} that nobody declared`;
  if (what === "deleted") {
    return `was deleted outside Git${AFTER_DELETION[change?.action ?? "no-op"] ?? ""}`;
  }
  if (isOrphan(drift, plan))
    return change?.action === "delete"
      ? `has drifted (and ${plan.destroy === true ? "destroy deletes" : "apply destroys"} it)`
      : "has drifted (it left the manifests, and apply leaves it as it is)";
  if (changes.some((one) => one.class === "conflict")) return "has drifted (and the manifest changed too)";
  if (changes.length > 0) return "has drifted (apply restores it)";
  if (version !== undefined) return "has another main version (apply takes note of it)";
  return "changed where nobody declared anything";
}

const AFTER_DELETION: Readonly<Partial<Record<Action, string>>> = {
  create: " (apply creates it again)",
  adopt: " (apply adopts another one of the same name)",
};

/** What nobody can tell the history of, because there is no baseline. */
export interface UncomparedView {
  readonly address: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

export function uncomparedViews(plan: Plan): readonly UncomparedView[] {
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
  same: "is live as its manifest says",
  none: "is not live",
  several: "is one of several live objects of its name",
};

/** What stands above the resources without a baseline. */
export function uncomparedHeading(plan: Plan): string {
  return hasNoLedger(plan)
    ? "Without a ledger nobody can tell what was last applied"
    : "Different, and without a baseline nobody can tell who changed it";
}
