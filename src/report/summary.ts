import type { Plan } from "../model/plan.ts";
import { hasNoLedger } from "../model/no-baseline.ts";
import { withOtherMain } from "../model/main-version.ts";
import { vanishedIn } from "../model/vanished.ts";
import type { ApplyView } from "./apply-view.ts";
import type { DriftView, UncomparedView } from "./drift-view.ts";
import { capital, counted, listed } from "./phrases.ts";
import { visible } from "./safe.ts";
import { isEmpty, tally } from "./tally.ts";
import { verbOf } from "./plan-verb.ts";
import type { PlanView } from "./view.ts";

/** The outcome in one line, and what a reader should know next. */
export type Summary = readonly [outcome: string, ...next: string[]];

/** The line that people and tools look for. */
export function outcomeText(plan: Plan, { resources }: PlanView): string {
  const { add, change, destroy } = tally(plan.changes);
  if (!isEmpty(plan)) return `Plan: ${add} to add, ${change} to change, ${destroy} to destroy.`;
  if (withOtherMain(plan).length > 0)
    return `No changes. ${capital(verbOf(plan))} writes nothing, and takes note of which version is main.`;
  if (resources.length > 0) return `No changes. ${capital(verbOf(plan))} writes nothing.`;
  if (plan.destroy === true) return "No changes. Nothing is left to destroy.";
  return `No changes. ${plan.counts.manifests === 0 ? "Nothing is declared here." : "What runs is what is declared."}`;
}

export function adoptionText({ adoptions = [] }: Plan): string | undefined {
  if (adoptions.length === 0) return undefined;
  const files = [...new Set(adoptions.map(({ target }) => visible(target)))].sort();
  return `In the manifests: ${counted(adoptions.length, "live value")} to adopt, in ${listed(files)}.`;
}

/** The same when it has been done. */
function adoptedText({ adoptions = [] }: Plan): string | undefined {
  if (adoptions.length === 0) return undefined;
  const files = [...new Set(adoptions.map(({ target }) => visible(target)))].sort();
  return `${counted(adoptions.length, "live value")} adopted into the manifests: commit ${listed(files)}.`;
}

export function ledgerText({ changes }: Plan): string | undefined {
  const { adopt, move, forget } = tally(changes);
  const parts = [
    ...(adopt === 0 ? [] : [`${adopt} to adopt`]),
    ...(move === 0 ? [] : [`${move} to move`]),
    ...(forget === 0 ? [] : [`${forget} to forget`]),
  ];
  return parts.length === 0 ? undefined : `In the ledger: ${listed(parts)}.`;
}

export function unmanagedText({ unmanaged }: PlanView): string | undefined {
  if (unmanaged === 0) return undefined;
  const pronoun = unmanaged === 1 ? "it" : "them";
  return `${counted(unmanaged, "field")} that nobody declared changed outside Git; "rollcall drift" shows ${pronoun}.`;
}

/** Live objects that nobody declares. */
export function foreignText({ foreign, destroy }: Plan): string | undefined {
  const kinds = Object.entries(foreign).filter(([, count]) => count > 0);
  if (kinds.length === 0) return undefined;
  const text = listed(kinds.map(([kind, count]) => `${count} ${visible(kind)}`));
  const why = destroy === true ? "the ledger does not know them" : "nobody declares them";
  return `Left alone, because ${why}: ${text}.`;
}

/** `28 fields that nobody declared stay as they are`. */
export function untouchedText(count: number): string {
  return count === 1
    ? "1 field that nobody declared stays as it is"
    : `${count} fields that nobody declared stay as they are`;
}

export function hostOf({ target }: Plan): string {
  return URL.canParse(target.baseUrl) ? new URL(target.baseUrl).host : target.baseUrl;
}

/** How much drift there is, and what to do about it. */
export function driftSummary(
  plan: Plan,
  drift: readonly DriftView[],
  uncompared: readonly UncomparedView[],
): Summary {
  const count = (what: DriftView["what"]) => drift.filter((view) => view.what === what).length;
  const parts = [
    [count("changed"), "changed"],
    [count("deleted"), "deleted"],
    [count("appeared"), "with something new"],
    [uncompared.length, "without a baseline"],
  ] as const;
  const found = parts.filter(([number]) => number > 0);
  if (found.length === 0) {
    const outcome =
      plan.unread === undefined
        ? "No drift. Nothing that is declared was changed outside Git."
        : "No drift in what the lists show.";
    return [outcome, ...trustText(plan), ...waitingText(plan)];
  }
  const texts = found.map(
    ([number, what], index) => `${index === 0 ? counted(number, "resource") : number} ${what}`,
  );
  const vanished = vanishedIn(plan);
  return [
    `Drift: ${listed(texts)}.`,
    ...(vanished === undefined
      ? []
      : [
          `Not one of the ${vanished} objects that the ledger knows is live: is this the API key of another account?`,
        ]),
    hasNoLedger(plan)
      ? "There is no ledger, so nobody can tell what was changed: keep it where every run can read it."
      : "Apply puts back what is declared; to keep a live value, take it into the manifest.",
    ...trustText(plan),
    ...waitingText(plan),
  ];
}

/** What a drift says that has trusted lists. */
function trustText({ unread }: Plan): readonly string[] {
  if (unread === undefined) return [];
  return [
    `Lists were trusted (--quick): ${counted(unread, "object")} ${unread === 1 ? "was" : "were"} not read by id, so what a list leaves out was not seen.`,
  ];
}

/** What differs by the manifest alone is no drift, and is not live either. */
function waitingText(plan: Plan): readonly string[] {
  if (hasNoLedger(plan)) return [];
  const { changes, drift } = plan;
  const isDeleted = (address: string) => drift.some((one) => one.address === address && one.what === "deleted");
  const waiting = changes.filter(
    ({ address, action, changes: paths }) =>
      paths.some((path) => path.class === "pending" || path.class === "unset") ||
      (action === "create" && !isDeleted(address)),
  ).length;
  if (waiting === 0) return [];
  return [
    `${counted(waiting, "resource")} ${waiting === 1 ? "waits" : "wait"} for an apply; "rollcall plan" shows what it would do.`,
  ];
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
      : [stopped === "interrupted" ? "It was interrupted." : `It stopped early: ${stopped}`]),
    ...also,
    view.untouched
      ? `Nothing was written${adopted === undefined ? "" : " live"}.`
      : `What is done stays done: the next ${verb} goes on from here.`,
  ];
}

function openCounts({ failed, blocked, notStarted }: ApplyView): string {
  const counts = [
    ...(failed.length === 0 ? [] : [`${failed.length} failed`]),
    ...(blocked.length === 0 ? [] : [`${blocked.length} blocked`]),
    ...(notStarted.length === 0 ? [] : [`${notStarted.length} not started`]),
  ];
  return counts.length === 0 ? "it was refused or stopped" : counts.join(", ");
}
