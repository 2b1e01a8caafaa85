import type { Address } from "../model/address.ts";
import { mayAdopt } from "../model/conflict.ts";
import type { LedgerState } from "../model/ledger.ts";
import type { Adoption, PathChange, Plan, Refusal } from "../model/plan.ts";
import type { AdoptedPath, DriftedPath, LeftOut } from "../model/proposal.ts";
import type { LoadedProject } from "../schema/load.ts";
import type { ProjectFiles } from "./own-environment.ts";
import { planProject } from "./plan.ts";
import { conflictsToAdopt } from "./propose/conflicts.ts";
import type { PlanChoices } from "../model/plan-choices.ts";
import type { Workspace } from "./workspace.ts";

/** The files that a workspace was loaded from. */
export interface Manifests extends ProjectFiles {
  /** The project as it is, or as it would be with these texts in its files. */
  readonly reload: (texts?: ReadonlyMap<string, string>) => Promise<LoadedProject>;
  /** Writes the files: all of them or none. Throws when it cannot. */
  readonly write: (texts: ReadonlyMap<string, string>) => Promise<void>;
}

/** A plan, and the texts that its adoptions write. */
export interface AdoptingPlan {
  readonly plan: Plan;
  readonly texts: ReadonlyMap<string, string>;
}

type Obstacle =
  | Pick<LeftOut, "address" | "label" | "reason" | "hint">
  | (DriftedPath & { reason?: never; hint?: never });

/**
 * Plans as if the live values of the conflicts that are to be adopted stood in the manifests already. When one of them
 * cannot be declared, none is adopted and the plan is refused. Writes nothing.
 */
export async function planAdopting(
  workspace: Workspace,
  choices: PlanChoices,
  ledger: LedgerState | undefined,
  manifests: Manifests | undefined,
): Promise<AdoptingPlan> {
  const plan = await planProject(workspace, choices, ledger);
  const as = { plan, texts: new Map<string, string>() };
  if (manifests === undefined || !mayAdopt(choices.onConflict)) return as;
  const { kinds } = workspace.provider;
  const chosen = conflictsToAdopt(plan, kinds, choices.onConflict);
  if (chosen.all.size === 0) return as;
  // What changes manifests is loaded where one is to be changed.
  const { adoptPaths, settled } = await import("./propose.ts");
  const draft = await adoptPaths({ kinds, plan, ...manifests }, chosen);
  const obstacles = draft.left.filter(({ address, path }) => isAt(chosen.all.get(address), path));
  if (obstacles.length > 0) return { ...as, plan: refused(plan, obstacles) };
  const { resources, includedFile } = await manifests.reload(draft.texts);
  const { commit: _, ...rest } = workspace;
  const next = await planProject({ ...rest, resources, includedFile }, choices, ledger);
  const unsettled = settled(draft, plan, next).unsettled;
  if (unsettled.length > 0) return { ...as, plan: refused(plan, unsettled) };
  return {
    plan: { ...next, adoptions: draft.adopted.flatMap((one) => adoptionOf(one, chosen.all)) },
    texts: draft.texts,
  };
}

function isAt(changes: readonly PathChange[] | undefined, path: string | undefined): boolean {
  return changes?.some((change) => change.path === path) === true;
}

function refused(plan: Plan, obstacles: readonly Obstacle[]): Plan {
  const reasons = obstacles.map(
    ({ address, label, reason = "a manifest cannot express this", hint = "edit the manifest" }): Refusal => ({
      address,
      rule: "conflict",
      message: `${label ?? "it"} cannot be adopted: ${reason}`,
      hint,
    }),
  );
  return { ...plan, refusals: [...plan.refusals, ...reasons] };
}

function adoptionOf(
  { address, path, file, line, patchOf, dropped }: AdoptedPath,
  chosen: ReadonlyMap<Address, readonly PathChange[]>,
): readonly Adoption[] {
  const change = chosen.get(address)?.find((one) => one.path === path);
  if (change === undefined) return [];
  const where = { address, target: file, ...(line === undefined ? {} : { line }) };
  const details = { ...(patchOf !== undefined && { patchOf }), ...(dropped !== undefined && { dropped }) };
  return [{ ...change, ...where, ...details }];
}
