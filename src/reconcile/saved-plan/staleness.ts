import type { Address } from "../../model/address.ts";
import { equal, membersOf, objectsIn, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Plan, Refusal } from "../../model/plan.ts";
import { differences } from "../compare/difference.ts";
import { adoptedValue, adoptionAt, otherAdoptions } from "./other-adoptions.ts";
import { extensionOf, type PlanTerms, type SavedPlan } from "./planfile.ts";

export interface Present {
  readonly now: Date;
  readonly manifests: Readonly<Record<string, string>>;
  /** The manifests as apply would write them, if it adopts live values. */
  readonly written?: Readonly<Record<string, string>>;
  /** The plan of this moment for the same addresses, storable, as plain JSON. */
  readonly plan: Plan;
  readonly asJson: (plan: Plan) => JsonObject;
}

const AGAIN = "make a new plan and have it reviewed";

/** Every reason why a saved plan is stale. */
export function staleness(saved: SavedPlan, present: Present, allowEquivalent: boolean): readonly Refusal[] {
  const plan = present.asJson(present.plan);
  const fixed = incompatible(saved, present, plan);
  if (fixed.length > 0) return fixed;
  const other = changedEffects(saved, present.plan, plan);
  if (allowEquivalent) return other.map((moved) => stale(moved, AGAIN));
  const extension = extensionOf(plan);
  const moved = [
    ...changedFiles(
      saved.terms.manifests,
      present.manifests,
      "the manifests have changed since the plan was made",
    ),
    ...movedLedger(saved.ledger, extension["ledger"]),
    ...sameSteps(saved.steps, objectsIn(extension["steps"]), saved, plan),
    ...otherAdoptions(saved.adoptions, objectsIn(extension["adoptions"]), adoptionAt),
    ...changedFiles(
      saved.terms.written ?? {},
      present.written ?? {},
      "the manifests would be written differently than planned",
    ),
    ...unseen(saved, present.plan),
  ];
  const hint = other.length > 0 ? AGAIN : `${AGAIN}, or accept identical changes with --allow-equivalent`;
  return moved.map((one) => stale(one, hint));
}

function stale(reason: StaleReason, hint: string): Refusal {
  return { rule: "stale", hint, ...reason };
}

/** Differences that only a new plan can resolve. */
function incompatible(
  { target, environment, terms }: SavedPlan,
  present: Present,
  plan: JsonObject,
): readonly Refusal[] {
  const now = extensionOf(plan)["target"];
  const [then, here] = [property(target, "baseUrl"), property(now, "baseUrl")];
  const { environment: chosen } = present.plan;
  return [
    ...(equal(then, here) ? [] : [unusable(`it is for ${String(then)}, not for ${String(here)}`)]),
    ...(environment === chosen
      ? []
      : [unusable(`it is for the environment ${environment}, not ${chosen}`, "make a plan for this one")]),
    ...(Date.parse(terms.expires) > present.now.getTime() ? [] : [unusable(`it expired at ${terms.expires}`)]),
  ];
}

function unusable(message: string, hint = "make a new plan"): Refusal {
  return { rule: "stale", message, hint };
}

/** Where the effects would differ from what the saved plan shows, whatever else has changed. */
function changedEffects(saved: SavedPlan, present: Plan, plan: JsonObject): readonly StaleReason[] {
  const steps = objectsIn(extensionOf(plan)["steps"]);
  const other = sameSteps(saved.steps.map(essence), steps.map(essence), saved, plan);
  const told = new Set(other.map(({ address }) => address));
  const effects = otherEffects(saved, plan).filter(({ address }) => !told.has(address));
  const written = objectsIn(extensionOf(plan)["adoptions"]);
  const adoptions = otherAdoptions(saved.adoptions, written, adoptedValue);
  return [...other, ...effects, ...adoptions, ...unseen(saved, present)];
}

function changedFiles(
  before: PlanTerms["manifests"],
  after: PlanTerms["manifests"],
  what: string,
): readonly StaleReason[] {
  const files = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = files.filter((file) => before[file] !== after[file]);
  if (changed.length === 0) return [];
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
  return [{ message: `${what}: ${changed.slice(0, 3).join(", ")}${more}` }];
}

function movedLedger(before: JsonObject, after: Json | undefined): readonly StaleReason[] {
  if (equal(before, after)) return [];
  if (!equal(before["lineage"], property(after, "lineage")))
    return [{ message: "this plan belongs to another project or ledger" }];
  const [then, now] = [String(before["serial"]), String(property(after, "serial"))];
  return [{ message: `the ledger changed after this plan was made (serial ${then} → ${now})` }];
}

/** Compares step by step; a difference names the paths of the live object or of the manifest. */
function sameSteps(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  saved: SavedPlan,
  plan: JsonObject,
): readonly StaleReason[] {
  const now = new Map(after.map((step) => [step["id"], step]));
  const then = new Set(before.map((step) => step["id"]));
  const [wasNoted, isNoted] = [notedIn(saved.changes), notedIn(objectsIn(extensionOf(plan)["changes"]))];
  const gone = before
    .filter((step) => !wasNoted(step))
    .flatMap((step) => {
      const other = now.get(step["id"] ?? null);
      const address = step["address"] as Address;
      if (other === undefined) return [{ address, message: "this change is no longer needed" }];
      return equal(step, other) ? [] : [{ address, message: difference(step, other, saved, plan) }];
    });
  const added = after
    .filter((step) => !isNoted(step) && (!then.has(step["id"] ?? null) || wasNoted(step)))
    .map((step) => ({
      address: step["address"] as Address,
      message: "more changes are needed than the plan contains",
    }));
  return [...gone, ...added];
}

/** Whether a step only updates the ledger entry of a known object. */
function notedIn(changes: readonly JsonObject[]): (step: JsonObject) => boolean {
  const actions = new Map(changes.map(({ address, action }) => [address, action]));
  return ({ action, address }) => action === "refresh-state" && actions.get(address) === "no-op";
}

function difference(step: JsonObject, other: JsonObject, saved: SavedPlan, plan: JsonObject): string {
  const address = String(step["address"]);
  if (!equal(step["fingerprint"], other["fingerprint"])) {
    const paths = changedPaths(address, saved, plan);
    return `${address} was changed live since the plan was made${paths === "" ? "" : `: ${paths}`}`;
  }
  if (!equal(step["losesPending"] ?? null, other["losesPending"] ?? null))
    return `the pending work of ${address} changed since the plan was made`;
  const [before, after] = [membersOf(step["references"]), membersOf(other["references"])];
  const moved = Object.keys({ ...before, ...after }).filter((target) => !equal(before[target], after[target]));
  if (moved.length > 0)
    return `${moved.join(", ")}, which ${address} refers to, was changed live since the plan was made`;
  const paths = differences(membersOf(step["desired"]), membersOf(other["desired"])).map(({ path }) =>
    path.join("."),
  );
  return `the change would differ from the saved plan${paths.length === 0 ? "" : `: ${paths.slice(0, 5).join(", ")}`}`;
}

/** Where the values that were live at the plan differ from those that are live now. */
function changedPaths(address: string, saved: SavedPlan, plan: JsonObject): string {
  const labels = (changes: readonly JsonObject[]) =>
    new Map(
      changes
        .filter((change) => change["address"] === address)
        .flatMap((change) => objectsIn(change["changes"]).concat(objectsIn(change["unmanaged"])))
        .map((path) => [String(path["label"]), path["before"] ?? null] as const),
    );
  const [before, after] = [labels(saved.changes), labels(objectsIn(property(extensionOf(plan), "changes")))];
  const all = [...new Set([...before.keys(), ...after.keys()])].sort();
  return all.filter((label) => !equal(before.get(label), after.get(label))).join(", ");
}

/** What a step does, without the state that it was based on. A deletion keeps it: the object must be the one that was reviewed. */
function essence(step: JsonObject): JsonObject {
  const { fingerprint, references: _, applied: __, ...rest } = step;
  return step["action"] === "delete" && fingerprint !== undefined ? { ...rest, fingerprint } : rest;
}

/** Something that changed since a plan was saved. */
interface StaleReason {
  readonly message: string;
  readonly address?: Address;
}

/**
 * Changes whose effect would differ from what the saved plan shows. The same step may overwrite another live value than
 * the reviewed one: a step holds what is declared, a change holds the values before and after.
 */
function otherEffects(saved: SavedPlan, plan: JsonObject): readonly StaleReason[] {
  const before = new Map(saved.changes.map((change) => [change["address"], change]));
  return objectsIn(extensionOf(plan)["changes"]).flatMap((change) => {
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
    objectsIn(change["changes"]).map(({ path, class: what, before = null, after = null }) => [
      String(path),
      { before, after, released: what === "released" },
    ]),
  );
}

function otherPaths(reviewed: JsonObject, change: JsonObject): readonly string[] {
  const labels = new Map(
    [...objectsIn(reviewed["changes"]), ...objectsIn(change["changes"])].map(({ path, label }) => [
      String(path),
      String(label),
    ]),
  );
  const [then, now] = [valuesOf(reviewed), valuesOf(change)];
  return [...labels].filter(([path]) => !equal(then.get(path), now.get(path))).map(([, label]) => label);
}

/** Dependent children that the saved plan did not show, and that a write would remove. */
function unseen(saved: SavedPlan, { drift, steps, refusals }: Plan): readonly StaleReason[] {
  const shown = new Set(
    saved.drift.map(({ address, kind, id }) => `${String(address)} ${String(kind)} ${String(id)}`),
  );
  const written = new Set(steps.filter(({ action }) => action === "update").map(({ address }) => address));
  const told = new Set(
    refusals.filter(({ rule }) => rule === "undeclared-child").map(({ address }) => address),
  );
  return drift.flatMap(({ what, address, kind, id }) => {
    const isNew = what === "appeared" && !shown.has(`${address} ${kind} ${id}`);
    if (!isNew || !written.has(address) || told.has(address)) return [];
    const message = `${address} has a live ${kind} that the plan does not show, and a write would remove it`;
    return [{ address, message }];
  });
}
