import type { Json, JsonObject } from "../../model/json.ts";
import type { PathChange, Plan, ResourceDrift } from "../../model/plan.ts";
import { segments } from "../../model/pointer.ts";
import { driftViews, isDrift } from "../drift-view.ts";
import { envelope, type JsonOptions } from "./envelope.ts";
import { plain } from "./plain.ts";
import { withoutBaseline } from "../../model/plan-states.ts";

/** What was changed outside Git, in the words of Terraform's `resource_drift`. */
export function driftJson(plan: Plan, options: JsonOptions): JsonObject {
  const { project, environment, target, ledger, counts, foreign, drift, names } = plan;
  const uncompared = withoutBaseline(plan).map(({ change: { address, changes }, live }) => ({
    address,
    live,
    changes: changes.filter((one) => one.class === "no-baseline"),
  }));
  return {
    ...envelope(options),
    drifted: driftViews(plan).some(isDrift) || uncompared.length > 0,
    resource_drift: resourceDrift(plan),
    x_rollcall: plain({
      project,
      environment,
      target,
      ledger,
      counts,
      foreign,
      foreignObjects: plan.foreignObjects,
      uncounted: plan.uncounted,
      names,
      drift,
      ...(plan.unread === undefined ? {} : { quick: true, unread: plan.unread }),
      noBaseline: uncompared,
    }),
  };
}

/** `before` as last applied, `after` as live; only the paths that differ. */
export function resourceDrift({ drift }: Plan): readonly Json[] {
  return drift.map((one) => ({
    address: one.address,
    mode: "managed",
    type: one.kind,
    name: one.address.slice(one.address.indexOf("/") + 1),
    change: driftChange(one),
  }));
}

function driftChange({ what, id, changes, unmanaged, version }: ResourceDrift): JsonObject {
  if (what === "deleted") return { actions: ["delete"], before: { id }, after: null };
  if (what === "appeared") return { actions: ["create"], before: null, after: { id } };
  const all = [...changes, ...unmanaged];
  return {
    actions: changes.length === 0 && version === undefined ? ["no-op"] : ["update"],
    before: { ...tree(all, ({ baseline }) => baseline), ...(version && { version_id: version.before }) },
    after: { ...tree(all, ({ before }) => before), ...(version && { version_id: version.after }) },
    before_sensitive: tree(all, ({ sensitive }) => sensitive),
    after_sensitive: tree(all, ({ sensitive }) => sensitive),
  };
}

interface Branch {
  [key: string]: Branch | Json;
}

/** The values at their paths; elements of keyed lists stand under their key. */
function tree(changes: readonly PathChange[], of: (change: PathChange) => Json | undefined): JsonObject {
  const root = branch();
  for (const change of changes) {
    const value = of(change);
    if (value === undefined) continue;
    const path = segments(change.path);
    let at = root;
    for (const segment of path.slice(0, -1)) {
      const next = at[segment];
      at = at[segment] = isBranch(next) ? next : branch();
    }
    at[path.at(-1) ?? ""] = value;
  }
  return plain(root);
}

/** Without a prototype: a path may well have a segment `__proto__`. */
function branch(): Branch {
  return Object.create(null) as Branch;
}

function isBranch(value: Branch | Json | undefined): value is Branch {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
}
