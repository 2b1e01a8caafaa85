import type { Json } from "../../src/model/json.ts";
import type { Plan, Refusal } from "../../src/model/plan.ts";
import type { PlanChoices } from "../../src/model/plan-choices.ts";
import type { Workspace } from "../../src/operations/workspace.ts";
import {
  plannedAddresses,
  sealed,
  storable,
  unsealed,
  type PlanTerms,
  type SavedPlan,
} from "../../src/reconcile/saved-plan/planfile.ts";
import { digestOf } from "../../src/reconcile/compare/digest.ts";
import { staleness } from "../../src/reconcile/saved-plan/staleness.ts";
import { planJson } from "../../src/report/json/plan.ts";

/** A plan as it comes back from its file. */
export interface Saved {
  readonly plan: SavedPlan;
  readonly choices: PlanChoices;
}

export function savedPlan(plan: Plan, choices: PlanChoices, workspace: Workspace): Saved {
  const { prune, onConflict, allowMassChange, destroy = false, adopt = false } = choices;
  const terms: PlanTerms = {
    created: "2026-01-01T00:00:00.000Z",
    expires: "2999-01-01T00:00:00.000Z",
    manifests: manifestsIn(workspace),
    choices: { prune, onConflict, allowMassChange, destroy, adopt },
  };
  const file = sealed(jsonIn(workspace)(plan), terms, Buffer.from("key"));
  const read = unsealed(JSON.parse(JSON.stringify(file)) as Json);
  if (typeof read === "string") throw new Error(`the plan cannot be read again: ${read}`);
  return { plan: read, choices: { ...terms.choices, only: plannedAddresses(read) } };
}

export function whyStale({ plan: saved }: Saved, plan: Plan, workspace: Workspace): readonly Refusal[] {
  const { runtime } = workspace;
  const present = { now: runtime.now(), manifests: manifestsIn(workspace), plan, asJson: jsonIn(workspace) };
  return staleness(saved, present, false);
}

function jsonIn({ provider }: Workspace) {
  return (plan: Plan) => planJson(storable(plan, provider.kinds), { rollcallVersion: "0", withRequests: true });
}

function manifestsIn({ resources }: Workspace): Readonly<Record<string, string>> {
  return { all: digestOf(resources as unknown as Json) };
}
