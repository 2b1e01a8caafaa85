import { inEnvironment } from "./in-environment.ts";
import type { Adoption, Plan } from "../model/plan.ts";
import type { ApplyView } from "./apply-view.ts";
import type { DriftView } from "./drift-view.ts";
import { capital, counted, listed } from "./phrases.ts";
import type { TitledRows } from "./row.ts";
import { verbOf } from "./plan-verb.ts";
import { visible } from "../model/visible.ts";
import { isEmpty, tally } from "./tally.ts";
import type { PlanView } from "./view.ts";
import { hasNoLedger, observedDifferences, withOtherMain } from "../model/plan-states.ts";

/** The outcome in one line, and what a reader should know next. */
export type Summary = readonly [outcome: string, ...next: string[]];

/** The line that people and tools look for. */
export function outcomeText(plan: Plan, { resources }: PlanView): string {
  const { add, change, destroy } = tally(plan.changes);
  const isObservedOnly = isEmpty(withoutObserved(plan));
  if (!isObservedOnly) return `Plan: ${add} to add, ${change} to change, ${destroy} to destroy.`;
  const different = new Set(observedDifferences(plan).map(({ address }) => address));
  if (withOtherMain(plan).some(({ address }) => !different.has(address)))
    return `No changes. ${capital(verbOf(plan))} only records which version is main.`;
  if (resources.length > 0) return `No changes. ${capital(verbOf(plan))} writes nothing.`;
  if (different.size > 0)
    return `No changes. ${capital(verbOf(plan))} writes nothing: what differs is observed.`;
  if (plan.destroy === true) return "No changes. There is nothing to destroy.";
  return `No changes. ${plan.counts.manifests === 0 ? "There are no manifests." : "Live objects match the manifests."}`;
}

function withoutObserved(plan: Plan): Plan {
  return { ...plan, changes: plan.changes.filter(({ action }) => action !== "observe") };
}

/** How many resources are compared and not written. */
function observedText(plan: Plan): string | undefined {
  const all = plan.changes.filter(({ action }) => action === "observe").length;
  if (all === 0) return undefined;
  const missing = observedDifferences(plan).filter(({ id }) => id === undefined).length;
  const different = observedDifferences(plan).length - missing;
  const parts = [
    ...(different === 0 ? [] : [`${different} ${different === 1 ? "differs" : "differ"} from the manifest`]),
    ...(missing === 0 ? [] : [`${missing} ${missing === 1 ? "does" : "do"} not exist live`]),
  ];
  const state = parts.length === 0 ? "as declared" : listed(parts);
  return `Observed, and not written: ${counted(all, "resource")}, ${state}.`;
}

function adoptionText({ adoptions = [] }: Plan): string | undefined {
  if (adoptions.length === 0) return undefined;
  return `In the manifests: ${counted(adoptions.length, "live value")} to adopt, in ${targetsOf(adoptions)}.`;
}

/** The same when it has been done. */
function adoptedText({ adoptions = [] }: Plan): string | undefined {
  if (adoptions.length === 0) return undefined;
  return `${counted(adoptions.length, "live value")} adopted into the manifests. Commit ${targetsOf(adoptions)}.`;
}

function targetsOf(adoptions: readonly Adoption[]): string {
  return listed([...new Set(adoptions.map(({ target }) => visible(target)))].sort());
}

function ledgerText({ changes }: Plan): string | undefined {
  const { adopt, move, forget } = tally(changes);
  const parts = [
    ...(adopt === 0 ? [] : [`${adopt} to adopt`]),
    ...(move === 0 ? [] : [`${move} to move`]),
    ...(forget === 0 ? [] : [`${forget} to forget`]),
  ];
  return parts.length === 0 ? undefined : `In the ledger: ${listed(parts)}.`;
}

function unmanagedText({ unmanaged }: PlanView, { environment }: Plan): string | undefined {
  if (unmanaged === 0) return undefined;
  const pronoun = unmanaged === 1 ? "it" : "them";
  const text = `${counted(unmanaged, "undeclared field")} changed outside Git. Run "rollcall drift" to see ${pronoun}.`;
  return inEnvironment(text, environment);
}

/** Below the outcome of a plan: what else an apply does, and what it compares. */
export function planRemarks(plan: Plan): readonly string[] {
  return [adoptionText(plan), ledgerText(plan), observedText(plan)].filter((text) => text !== undefined);
}

/** What a plan does not change. */
export function otherRemarks(plan: Plan, view: PlanView): readonly string[] {
  return [unmanagedText(view, plan), foreignText(plan)].filter((text) => text !== undefined);
}

/** Live objects that are not managed by this project. */
export function foreignText({ foreign, uncounted = [], nouns = {}, destroy }: Plan): string | undefined {
  const kinds = Object.entries(foreign).filter(([, count]) => count > 0);
  const text = listed(kinds.map(([kind, count]) => countedKind(count, nouns[kind] ?? nounsFrom(kind))));
  const unknown = listed(
    uncounted.map(({ kind, why }) => visible(`${(nouns[kind] ?? nounsFrom(kind)).many} (${why})`)),
  );
  const sentences = [
    ...(text === ""
      ? []
      : [`${destroy === true ? "Not in the ledger" : "Not managed by this project"}: ${text}.`]),
    ...(unknown === "" ? [] : [`Not counted: ${unknown}.`]),
  ];
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

type Nouns = NonNullable<Plan["nouns"]>[string];

function countedKind(count: number, { one, many }: Nouns): string {
  return visible(`${count} ${count === 1 ? one : many}`);
}

/** `assistant version` for `AssistantVersion`, in a plan that does not say it. */
function nounsFrom(kind: string): Nouns {
  const one = kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return { one, many: `${one}s` };
}

/** `28 undeclared fields are not changed`. */
export function untouchedText(count: number): string {
  return `${counted(count, "undeclared field")} ${count === 1 ? "is" : "are"} not changed`;
}

export function hostOf({ target }: Plan): string {
  return URL.canParse(target.baseUrl) ? new URL(target.baseUrl).host : target.baseUrl;
}

/** How much drift there is, and what to do about it. */
export function driftSummary(
  plan: Plan,
  drift: readonly DriftView[],
  uncompared: readonly TitledRows[],
): Summary {
  const count = (what: DriftView["what"]) => drift.filter((view) => view.what === what).length;
  const parts = [
    [count("changed"), "changed"],
    [count("deleted"), "deleted"],
    [count("appeared"), "with undeclared child objects"],
    [uncompared.length, "without a baseline"],
  ] as const;
  const found = parts.filter(([number]) => number > 0);
  if (found.length === 0) {
    const outcome =
      plan.unread === undefined
        ? "No drift. No declared field was changed outside Git."
        : "No drift in the lists.";
    return [outcome, ...trustText(plan), ...waitingText(plan)];
  }
  const texts = found.map(
    ([number, what], index) => `${index === 0 ? counted(number, "resource") : number} ${what}`,
  );
  const missing = countFromOtherAccount(plan);
  return [
    `Drift: ${listed(texts)}.`,
    ...(missing === undefined
      ? []
      : [`None of the ${missing} objects in the ledger exists live. Is this the API key of another account?`]),
    ...adviceOn(plan, drift),
    ...trustText(plan),
    ...waitingText(plan),
  ];
}

/** What becomes of drift. */
function adviceOn(plan: Plan, drift: readonly DriftView[]): readonly string[] {
  if (hasNoLedger(plan))
    return [
      "There is no ledger, so changes outside Git cannot be detected. Keep the ledger where every run can read it.",
    ];
  const observed = new Set<string>(observedDifferences(plan).map(({ address }) => visible(address)));
  const keep = "To keep a live value, copy it into the manifest.";
  const isRestored = drift.some(({ address }) => !observed.has(address)) || observed.size === 0;
  const leaves = observed.size === 0 ? [] : ["Apply does not write to observed resources."];
  return isRestored ? [`Apply restores the declared values. ${keep}`, ...leaves] : [...leaves, keep];
}

/** What a drift says that has trusted lists. */
function trustText({ unread }: Plan): readonly string[] {
  if (unread === undefined) return [];
  return [
    `--quick: ${counted(unread, "object")} ${unread === 1 ? "was" : "were"} compared by list only; fields that the list leaves out were not checked.`,
  ];
}

/** What differs by the manifest alone is no drift, and is not live either. */
function waitingText(plan: Plan): readonly string[] {
  if (hasNoLedger(plan)) return [];
  const { changes, drift, environment } = plan;
  const isDeleted = (address: string) => drift.some((one) => one.address === address && one.what === "deleted");
  const waiting = changes.filter(
    ({ address, action, changes: paths }) =>
      (action !== "observe" && paths.some((path) => path.class === "pending" || path.class === "unset")) ||
      (action === "create" && !isDeleted(address)),
  ).length;
  if (waiting === 0) return [];
  const text = `${counted(waiting, "resource")} ${waiting === 1 ? "has" : "have"} pending changes. Run "rollcall plan" to see them.`;
  return [inEnvironment(text, environment)];
}

/** Tools look for the first line; it never says complete when anything is open. */
export function applySummary(view: ApplyView, plan: Plan): Summary {
  const adopted = adoptedText(plan);
  const also = adopted === undefined ? [] : [adopted];
  const { verb, added, changed, destroyed, stopped } = view;
  const resources = `Resources: ${added} added, ${changed} changed, ${destroyed} destroyed.`;
  if (view.complete) return [`${capital(verb)} complete! ${resources}`, ...also];
  return [
    `${capital(verb)} incomplete: ${openCounts(view)}. ${resources}`,
    ...(stopped === undefined
      ? []
      : [stopped === "interrupted" ? "The run was interrupted." : `The run stopped early: ${stopped}`]),
    ...also,
    view.untouched
      ? `Nothing was written${adopted === undefined ? "" : " live"}.`
      : `Completed steps are kept. Run ${verb} again to continue.`,
  ];
}

function openCounts({ failed, blocked, notStarted }: ApplyView): string {
  const counts = [
    ...(failed.length === 0 ? [] : [`${failed.length} failed`]),
    ...(blocked.length === 0 ? [] : [`${blocked.length} blocked`]),
    ...(notStarted.length === 0 ? [] : [`${notStarted.length} not started`]),
  ];
  return counts.length === 0 ? "refused or stopped" : counts.join(", ");
}

/**
 * How many objects the ledger knows, where not one of them is live: which looks like the key of another account. What
 * lived under another object is gone with it and does not count.
 */
function countFromOtherAccount({ changes, drift }: Plan): number | undefined {
  const gone = new Map(drift.filter(({ what }) => what === "deleted").map(({ address, id }) => [address, id]));
  const roots = new Set([...gone.values()].filter((id) => !id.includes("/")));
  const isLeft = changes.some(
    ({ address, id, action }) => id !== undefined && action !== "adopt" && !gone.has(address),
  );
  return roots.size < 2 || isLeft ? undefined : roots.size;
}
