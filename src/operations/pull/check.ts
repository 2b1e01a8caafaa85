import { COMPARING } from "../../model/plan-choices.ts";
import type { Address } from "../../model/address.ts";
import { type Diagnostic, errorsIn, rangeStart } from "../../model/diagnostic.ts";
import type { LedgerState } from "../../model/ledger.ts";
import type { PathChange, Plan } from "../../model/plan.ts";
import type { LoadedProject } from "../../schema/load.ts";
import { PROJECT_FILE } from "../../schema/read/discover.ts";
import { planProject } from "../plan.ts";
import { tagsIn } from "../tags.ts";
import type { Workspace } from "../workspace.ts";
import { segments } from "../../model/pointer.ts";
import type { Obstacle } from "../../model/pull-result.ts";
import { listed } from "../../model/suggest.ts";
import type { Tie } from "./baseline.ts";
import { isWriting, leavesChanges } from "../../model/plan-states.ts";

/**
 * What makes the new manifests invalid. Errors of the project that were there before count, too, but not an entry of
 * `spec.manifests` that nothing fits yet.
 */
export function invalid(after: LoadedProject, before: LoadedProject): readonly Obstacle[] {
  const old = new Set(errorsIn(before.diagnostics).map(placeOf));
  return errorsIn(after.diagnostics)
    .filter((one) => !isUnmatched(one))
    .map((one) => Object.assign(obstacleOf(one), old.has(placeOf(one)) && { isOld: true }));
}

function placeOf({ code, range }: Diagnostic): string {
  return `${code} ${range === undefined ? "" : `${range.file} ${rangeStart(range)}`}`;
}

/** Entries of `spec.manifests` that match no file. A pull keeps them, and validation still reports them. */
export function unmatchedEntries({ diagnostics }: LoadedProject): readonly Obstacle[] {
  return diagnostics.filter(isUnmatched).map(obstacleOf);
}

function isUnmatched({ code, range }: Diagnostic): boolean {
  return code === "RC1001" && range?.file === PROJECT_FILE;
}

export function obstacleOf({ code, message, range, address, hint }: Diagnostic): Obstacle {
  const where = range && rangeStart(range);
  return obstacle(`${message} [${code}]`, { address, where, hint });
}

export function obstacle(
  message: string,
  about: { readonly [Key in "address" | "where" | "hint"]?: Obstacle[Key] | undefined },
): Obstacle {
  const { address, where, hint } = about;
  return {
    message,
    ...(address !== undefined && { address }),
    ...(where !== undefined && { where }),
    ...(hint !== undefined && { hint }),
  };
}

/** The plan, if manifests and ledger were written. Reads the API again. */
export function planAfter(workspace: Workspace, project: LoadedProject, ledger: LedgerState): Promise<Plan> {
  const { commit: _, ...rest } = workspace;
  const { resources, includedFile } = project;
  return planProject({ ...rest, resources, includedFile }, COMPARING, ledger);
}

/** As the command plan tells it: nothing to do, and nothing to look at. */
export function isPlanEmpty(plan: Plan): boolean {
  return !isWriting(plan) && !leavesChanges(plan) && plan.refusals.length === 0;
}

function isSettled(action: Plan["changes"][number]["action"], changes: readonly unknown[]): boolean {
  return action === "no-op" || (action === "observe" && changes.length === 0);
}

/** A place at which the plan would change what is live, although the manifest was just written. */
function unsayable(address: Address, label: string): Obstacle {
  const message = "the manifest cannot express the live value: the plan would change it";
  return { address, where: label, message };
}

/** What the plan would still change at a path of a pulled object. */
export function openChange(address: Address, { label, class: kind }: PathChange): Obstacle {
  const isMoved = kind === "drift" || kind === "conflict";
  return isMoved ? moved(address, "changed", label) : unsayable(address, label);
}

/** The object is no longer as it was read for the manifest. */
function moved(address: Address, what: "changed" | "deleted", where?: string): Obstacle {
  const message = `it was ${what} live while the pull was running`;
  return {
    address,
    ...(where !== undefined && { where }),
    message,
    hint: "run the command again",
    isTransient: true,
  };
}

/** What the plan would still do about the pulled objects. `common` are the tags that the project gives them. */
export function unsettled(plan: Plan, ties: readonly Tie[], common: readonly string[]): readonly Obstacle[] {
  const pulled = new Map(ties.map((tie) => [tie.address, tie]));
  const refused = plan.refusals
    .filter(({ address }) => address === undefined || pulled.has(address))
    .map(({ address, message, hint }) => obstacle(message, { address, hint }));
  const changed = plan.changes.flatMap(({ address, action, changes }): readonly Obstacle[] => {
    const tie = pulled.get(address);
    if (tie === undefined || isSettled(action, changes)) return [];
    const isDeleted = plan.drift.some((drift) => drift.address === address && drift.what === "deleted");
    if (isDeleted) return [moved(address, "deleted")];
    if (changes.length === 0) return [{ address, message: `the plan would ${action} it` }];
    const lacking = common.filter((tag) => !tagsIn(tie.kind, tie.live.spec).includes(tag));
    const isTag = ({ path }: PathChange) => lacking.length > 0 && path.startsWith(tie.kind.tags ?? "no tags");
    const others = changes.filter((change) => !isTag(change)).map((change) => openChange(address, change));
    return changes.some(isTag) ? [withoutCommonTags(tie, lacking), ...others] : others;
  });
  // What else there is can be a consequence, and is found by the next run.
  const passing = changed.filter(({ isTransient }) => isTransient === true);
  return passing.length > 0 ? passing : [...refused, ...changed];
}

/** Tags that the project gives all objects, and that this one lacks. */
function withoutCommonTags({ address, kind, live }: Tie, lacking: readonly string[]): Obstacle {
  const names = listed(lacking.map((tag) => `"${tag}"`));
  const tags = `the tag${lacking.length === 1 ? "" : "s"} ${names}`;
  return {
    address,
    where: segments(kind.tags ?? "").join("."),
    message: `the live object lacks ${tags}, which spec.tags.common of ${PROJECT_FILE} gives to all`,
    hint: `run "rollcall tags add ${live.id} ${lacking.join(" ")} --live", or change spec.tags.common`,
  };
}
