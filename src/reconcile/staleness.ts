import type { Address } from "../model/address.ts";
import { equal, property, type Json, type JsonObject } from "../model/json.ts";
import type { Plan, Refusal } from "../model/plan.ts";
import { differences } from "./difference.ts";
import { extensionOf, listOf, members, type PlanTerms, type SavedPlan } from "./planfile.ts";

export interface Present {
  readonly now: Date;
  readonly manifests: Readonly<Record<string, string>>;
  /** The plan of this moment for the same addresses, storable, as plain JSON. */
  readonly plan: Plan;
  readonly asJson: (plan: Plan) => JsonObject;
}

/** Every way in which the present differs from what a saved plan was made for. */
export function staleness(saved: SavedPlan, present: Present, allowEquivalent: boolean): readonly Refusal[] {
  const plan = present.asJson(present.plan);
  const extension = extensionOf(plan);
  const fixed = [
    ...(equal(saved.target, extension["target"]) ? [] : [stale(otherTarget(saved, extension["target"]))]),
    ...(saved.environment === present.plan.environment
      ? []
      : [stale(`it is for the environment ${saved.environment}, not ${present.plan.environment}`)]),
    ...(Date.parse(saved.terms.expires) > present.now.getTime()
      ? []
      : [stale(`it expired at ${saved.terms.expires}`)]),
  ];
  if (fixed.length > 0) return fixed;
  const steps = listOf(extension["steps"]);
  if (allowEquivalent) return sameSteps(saved.steps.map(essence), steps.map(essence), saved, plan);
  return [
    ...changedFiles(saved.terms.manifests, present.manifests),
    ...movedLedger(saved.ledger, extension["ledger"]),
    ...sameSteps(saved.steps, steps, saved, plan),
  ];
}

function stale(message: string, address?: Address): Refusal {
  return {
    rule: "stale",
    message,
    hint: "plan again and have it reviewed, or accept identical changes with --allow-equivalent",
    ...(address === undefined ? {} : { address }),
  };
}

function otherTarget(saved: SavedPlan, target: Json | undefined): string {
  const [before, after] = [property(saved.target, "baseUrl"), property(target, "baseUrl")];
  if (!equal(before, after)) return `it is for ${String(before)}, not for ${String(after)}`;
  return "it is for another account: it was made with another API key";
}

function changedFiles(before: PlanTerms["manifests"], after: PlanTerms["manifests"]): readonly Refusal[] {
  const files = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = files.filter((file) => before[file] !== after[file]);
  if (changed.length === 0) return [];
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
  return [stale(`the manifests have changed since: ${changed.slice(0, 3).join(", ")}${more}`)];
}

function movedLedger(before: JsonObject, after: Json | undefined): readonly Refusal[] {
  if (equal(before, after)) return [];
  if (!equal(before["lineage"], property(after, "lineage"))) return [stale("the ledger is another one")];
  return [
    stale(
      `the ledger has moved on since: from ${String(before["serial"])} to ${String(property(after, "serial"))}`,
    ),
  ];
}

/** Step by step; what differs is told by the paths of the live object or of the declaration. */
function sameSteps(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  saved: SavedPlan,
  plan: JsonObject,
): readonly Refusal[] {
  const now = new Map(after.map((step) => [step["id"], step]));
  const then = new Set(before.map((step) => step["id"]));
  const gone = before.flatMap((step) => {
    const other = now.get(step["id"] ?? null);
    const address = step["address"] as Address;
    if (other === undefined) return [stale(`${address} no longer needs what the plan does to it`, address)];
    return equal(step, other) ? [] : [stale(difference(step, other, saved, plan), address)];
  });
  const added = after
    .filter((step) => !then.has(step["id"] ?? null))
    .map((step) =>
      stale(`${String(step["address"])} needs more than the plan does to it`, step["address"] as Address),
    );
  return [...gone, ...added];
}

function difference(step: JsonObject, other: JsonObject, saved: SavedPlan, plan: JsonObject): string {
  const address = String(step["address"]);
  if (!equal(step["fingerprint"], other["fingerprint"])) {
    const paths = changedPaths(address, saved, plan);
    return `${address} was changed live since the plan was made${paths === "" ? "" : `: ${paths}`}`;
  }
  const [before, after] = [members(step["references"]), members(other["references"])];
  const moved = Object.keys({ ...before, ...after }).filter((target) => !equal(before[target], after[target]));
  if (moved.length > 0)
    return `${moved.join(", ")}, which ${address} refers to, was changed live since the plan was made`;
  const paths = differences(members(step["desired"]), members(other["desired"])).map(({ path }) =>
    path.join("."),
  );
  return `${address} would be written otherwise than planned${paths.length === 0 ? "" : `: ${paths.slice(0, 5).join(", ")}`}`;
}

/** Where the values that were live at the plan differ from those that are live now. */
function changedPaths(address: string, saved: SavedPlan, plan: JsonObject): string {
  const labels = (changes: readonly JsonObject[]) =>
    new Map(
      changes
        .filter((change) => change["address"] === address)
        .flatMap((change) => listOf(change["changes"]).concat(listOf(change["unmanaged"])))
        .map((path) => [String(path["label"]), path["before"] ?? null] as const),
    );
  const [before, after] = [labels(saved.changes), labels(listOf(property(extensionOf(plan), "changes")))];
  const all = [...new Set([...before.keys(), ...after.keys()])].sort();
  return all.filter((label) => !equal(before.get(label), after.get(label))).join(", ");
}

/** What a step does, without what it was based on. */
function essence(step: JsonObject): JsonObject {
  const { fingerprint: _, references: __, applied: ___, ...rest } = step;
  return rest;
}
