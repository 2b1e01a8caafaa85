import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import { isOrphan, withoutBaseline } from "../../model/plan-states.ts";
import type { PathChange, Plan, ResourceDrift } from "../../model/plan.ts";
import type { LeftOut } from "../../model/proposal.ts";
import { holdsDigest } from "../../model/secret-digest.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import type { Wanted } from "./rewrites.ts";
import { unitsOf } from "./units.ts";

/** Paths of a plan that may be adopted, and those that may not. */
export interface Sorted {
  readonly wanted: Wanted;
  readonly left: readonly LeftOut[];
}

/** The drift of a plan. An element that is gone live, and that the manifest changed in a part, is one conflict. */
export function sorted(plan: Plan, kinds: ReadonlyMap<string, Kind>): Sorted {
  const wanted = new Map<Address, readonly PathChange[]>();
  const left: LeftOut[] = plan.drift.flatMap((drift) => wholeObject(drift, plan));
  for (const drift of plan.drift) {
    const { address, what } = drift;
    if (what !== "changed") continue;
    const changes = unitsIn(drift, plan, kinds);
    if (drift.version !== undefined && changes.length === 0)
      left.push({ address, finding: "changed", ...OTHER_MAIN });
    const whole = isOrphan(drift, plan) ? ORPHAN : undefined;
    const isObserved = plan.changes.some((one) => one.address === address && one.action === "observe");
    const obstacles = changes.map(
      (change) => [change, whole ?? (isObserved ? observedObstacle(change) : obstacle(change))] as const,
    );
    const free = obstacles.flatMap(([change, reason]) => (reason === undefined ? [change] : []));
    left.push(
      ...obstacles.flatMap(([change, reason]) =>
        reason === undefined ? [] : leftPath(address, change, reason),
      ),
    );
    if (free.length > 0) wanted.set(address, free);
  }
  for (const { change, live } of withoutBaseline(plan)) {
    const { address } = change;
    const unknown = change.changes.filter((one) => one.class === "no-baseline");
    left.push(...unknown.map((one) => leftPath(address, one, NO_BASELINE, "no-baseline")));
    if (live !== "different") left.push({ address, finding: "no-baseline", ...NO_LEDGER });
  }
  return { wanted, left };
}

function unitsIn(
  { address, kind: name, changes }: ResourceDrift,
  plan: Plan,
  kinds: ReadonlyMap<string, Kind>,
): readonly PathChange[] {
  const kind = kinds.get(name);
  const own = plan.changes.find((change) => change.address === address);
  if (kind === undefined || own === undefined) return changes;
  return unitsOf({ ...own, changes }, hintsOf(kind), plan);
}

export type Reason = Pick<LeftOut, "reason" | "hint">;

export function leftPath(
  address: Address,
  { path, label }: PathChange,
  { reason, hint }: Reason,
  finding: LeftOut["finding"] = "changed",
): LeftOut {
  return { address, path, label, finding, reason, ...(hint === undefined ? {} : { hint }) };
}

export const SECRET: Reason = {
  reason: "it contains a secret, and manifests contain no secrets",
  hint: "apply restores it",
};

const NO_BASELINE: Reason = {
  reason: "without a baseline it is not known who changed it",
  hint: "apply writes what the manifest says",
};

const ORPHAN: Reason = {
  reason: "it is no longer in the manifests",
  hint: "write one for it, or delete it with apply --prune",
};

const OTHER_MAIN: Reason = {
  reason: "another version is main, which no manifest declares",
  hint: "apply records it; to keep its changes, declare them",
};

const NO_LEDGER: Reason = {
  reason: "there is no ledger entry for what was last applied",
  hint: "keep the ledger where every run can read it",
};

function obstacle(change: PathChange): Reason | undefined {
  if (change.class === "conflict") {
    return {
      reason: "the manifest changed too",
      hint: "resolve it in the manifest, or apply with --on-conflict=adopt or overwrite",
    };
  }
  return secretObstacle(change);
}

/** Apply restores nothing of an observed object, and asks nothing about it. */
function observedObstacle(change: PathChange): Reason | undefined {
  if (change.class === "conflict") return { reason: "the manifest changed too", hint: "edit the manifest" };
  if (change.class !== "drift")
    return { reason: "only the manifest changed", hint: "edit the manifest, or change it live" };
  return secretObstacle(change) && { reason: SECRET.reason, hint: "restore it live" };
}

export function secretObstacle(change: PathChange): Reason | undefined {
  if (change.sensitive !== true && !holdsDigest(change.before)) return undefined;
  return SECRET;
}

function wholeObject({ address, kind, what }: ResourceDrift, { changes }: Plan): readonly LeftOut[] {
  const namesake = changes.find((change) => change.address === address)?.id;
  switch (what) {
    case "deleted":
      if (namesake !== undefined)
        return [
          {
            address,
            finding: "deleted",
            reason: `it was deleted live, and ${namesake} has its name`,
            hint: "apply adopts that object; if it is not yours, give the manifest another name",
          },
        ];
      return [
        {
          address,
          finding: "deleted",
          reason: "it was deleted live",
          hint: "apply creates it again; to keep it deleted, remove its manifest",
        },
      ];
    case "appeared":
      return [
        {
          address,
          finding: "appeared",
          reason: `it has a live ${kind} that no manifest declares`,
          hint: "write a manifest for it, or delete it live",
        },
      ];
    case "changed":
      return [];
  }
}
