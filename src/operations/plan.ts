import type { LedgerState } from "../model/ledger.ts";
import type { Plan } from "../model/plan.ts";
import type { PlanChoices } from "../model/plan-choices.ts";
import type { Provider } from "../model/provider.ts";
import type { Resource } from "../model/resource.ts";
import { wasRead, type Snapshot } from "../reconcile/observe/snapshot.ts";
import { makePlan, type PlanInput } from "../reconcile/plan/plan.ts";
import { recover, recoveredState } from "../reconcile/recover/recover.ts";
import { observe, optionsOf, type Scope, type Subject } from "./observe.ts";
import type { Workspace } from "./workspace.ts";

/** Reads what is live and compares, and asks the ledgers of the other environments. Writes nothing. */
export function planProject(
  workspace: Workspace,
  choices: PlanChoices,
  ledger: LedgerState | undefined,
): Promise<Plan> {
  return planIn({ workspace, choices, ledger }, scopeOf(workspace, choices));
}

/** Observes, and makes a plan of what was observed. Writes nothing. */
export async function planIn(subject: Subject, scope: Scope): Promise<Plan> {
  const { workspace, choices, ledger } = subject;
  const { project, environment, provider, resources, commit, includedFile, memory } = workspace;
  const { kinds, target } = provider;
  const { decided, ...observed } = await observe(subject, scope);
  const input: PlanInput = {
    project,
    environment,
    target,
    kinds,
    resources,
    ledger,
    includedFile,
    ...observed,
    ...(commit === undefined ? {} : { commit }),
    options: optionsOf(workspace, choices),
  };
  const plan = (memory?.plan ?? makePlan)(input, decided);
  return scope.reading.mode === "lists"
    ? { ...plan, unread: listedOnly(plan, observed.snapshot, kinds) }
    : plan;
}

/** Many more than there are objects. */
const TURNS = 1e9;

/** A saved plan is compared with a plan of the same sample. Another sample may find changes that were not reviewed. */
function scopeOf({ runtime }: Workspace, { turn }: PlanChoices): Scope {
  return {
    childScope: "written",
    reading: { mode: "sample", turn: turn ?? Math.floor(runtime.random() * TURNS) },
    otherEnvironments: true,
    pending: true,
  };
}

/** Objects of which nothing is known but what a list says. */
function listedOnly({ changes }: Plan, snapshot: Snapshot, kinds: Provider["kinds"]): number {
  return changes.filter(
    ({ kind, id }) =>
      id !== undefined && !wasRead(snapshot, { kind, id }) && kinds.get(kind)?.identity.singleton !== true,
  ).length;
}

/** The resources of the plan; none if everything is to be destroyed. */
export function plannedResources(
  { resources }: Workspace,
  { destroy }: Pick<PlanChoices, "destroy">,
): readonly Resource[] {
  return destroy === true ? [] : resources;
}

/** The ledger as the next apply will find it, including what an interrupted run had done. Writes nothing. */
export async function currentLedger(
  workspace: Workspace,
  choices: Pick<PlanChoices, "destroy"> = {},
): Promise<LedgerState | undefined> {
  return recoveredLedger(workspace, await workspace.ledger.read(), choices);
}

/** The same of a state that was read already. */
export async function recoveredLedger(
  workspace: Workspace,
  state: LedgerState | undefined,
  choices: Pick<PlanChoices, "destroy"> = {},
): Promise<LedgerState | undefined> {
  if (state === undefined) return undefined;
  return recoveredState(state, await recover(workspace.provider, state, plannedResources(workspace, choices)));
}
