import type { Address } from "../../model/address.ts";
import { equal, type JsonObject } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import { extensionOf, listOf, type SavedPlan } from "./planfile.ts";

/** Something that changed since a plan was saved. */
export interface StaleReason {
  readonly message: string;
  readonly address?: Address;
}

/**
 * Changes whose effect would differ from what the saved plan shows. The same step may overwrite another live value than
 * the reviewed one: a step holds what is declared, a change holds the values before and after.
 */
export function otherEffects(saved: SavedPlan, plan: JsonObject): readonly StaleReason[] {
  const before = new Map(saved.changes.map((change) => [change["address"], change]));
  return listOf(extensionOf(plan)["changes"]).flatMap((change) => {
    const address = change["address"] as Address;
    const reviewed = before.get(address);
    if (reviewed !== undefined && equal(effect(reviewed), effect(change))) return [];
    const paths = otherPaths(reviewed ?? {}, change)
      .slice(0, 5)
      .join(", ");
    const where = paths === "" ? "" : `: ${paths}`;
    return [{ address, message: `the change would differ from the saved plan${where}` }];
  });
}

/** What a reviewer sees of a change: the action, the values before and after, and the risks. */
function effect(change: JsonObject): JsonObject {
  const { action = null, movedFrom = null, risks = [] } = change;
  return { action, movedFrom, risks, paths: Object.fromEntries(valuesOf(change)) };
}

function valuesOf(change: JsonObject): ReadonlyMap<string, JsonObject> {
  return new Map(
    listOf(change["changes"]).map(({ path, class: what, before = null, after = null }) => [
      String(path),
      { before, after, released: what === "released" },
    ]),
  );
}

function otherPaths(reviewed: JsonObject, change: JsonObject): readonly string[] {
  const labels = new Map(
    [...listOf(reviewed["changes"]), ...listOf(change["changes"])].map(({ path, label }) => [
      String(path),
      String(label),
    ]),
  );
  const [then, now] = [valuesOf(reviewed), valuesOf(change)];
  return [...labels].filter(([path]) => !equal(then.get(path), now.get(path))).map(([, label]) => label);
}

/** Dependent children that the saved plan did not show, and that a write would remove. */
export function unseen(saved: SavedPlan, { drift, steps, refusals }: Plan): readonly StaleReason[] {
  const shown = new Set(
    saved.drift.map(({ address, kind, id }) => `${String(address)} ${String(kind)} ${String(id)}`),
  );
  const written = new Set(steps.filter(({ action }) => action === "update").map(({ address }) => address));
  const told = new Set(refusals.filter(({ rule }) => rule === "canary").map(({ address }) => address));
  return drift.flatMap(({ what, address, kind, id }) => {
    const isNew = what === "appeared" && !shown.has(`${address} ${kind} ${id}`);
    if (!isNew || !written.has(address) || told.has(address)) return [];
    const message = `${address} has a live ${kind} that the plan does not show, and a write would remove it`;
    return [{ address, message }];
  });
}
