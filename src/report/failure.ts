import { inEnvironment } from "./in-environment.ts";
import type { Mismatch, StepFailure, StepOutcome } from "../model/event.ts";
import type { ResourceChange, Step } from "../model/plan.ts";
import { segments } from "../model/pointer.ts";
import { answerOf, traceOf, type ProviderFailure } from "../model/provider.ts";
import { AFTER_REQUEST } from "./advice.ts";
import type { Row } from "./row.ts";
import { counted, listed } from "./phrases.ts";
import { visible } from "../model/visible.ts";
import type { Verb } from "./plan-verb.ts";
import { VERBS } from "./verbs.ts";
import { besideEachOther } from "./words.ts";
import { inline } from "./value.ts";

/** Why a step failed, and what to do; every text is safe to print. */
export interface FailureView {
  readonly address: string;
  readonly verb: string;
  /** One sentence a line, the cause first. */
  readonly lines: readonly string[];
  /** Values that were not stored. */
  readonly rows: readonly Row[];
  readonly next: string;
}

type Failed = Extract<StepOutcome, { readonly status: "failed" }>;

/** What a step that failed was part of. */
interface FailedIn {
  readonly verb: Verb;
  readonly change: ResourceChange | undefined;
  readonly environment: string;
}

export function failureView(step: Step, outcome: Failed, { verb, change, environment }: FailedIn): FailureView {
  const { failure } = outcome;
  const mismatches = failure.why === "unverified" ? failure.mismatches : [];
  return {
    address: visible(step.address),
    verb: VERBS[step.action],
    lines: [...causeOf(failure), ...effectOf(outcome)].map(visible),
    rows: mismatches.map((one) => mismatchRow(one, change)),
    next: visible(inEnvironment(nextOf(step, failure, verb), environment)),
  };
}

/** One line, for progress: the cause alone. */
export function failureLine(failure: StepFailure): string {
  return visible(causeOf(failure)[0] ?? "");
}

function causeOf(failure: StepFailure): readonly string[] {
  switch (failure.why) {
    case "request":
      return [answerOf(failure.failure), ...traceLine(failure.failure)];
    case "unverified":
      return [`the API accepted the write, but did not keep ${counted(failure.mismatches.length, "value")}`];
    case "undeleted":
      return [`the API still shows ${failure.objectId} after its deletion`];
    case "ledger":
      return [`the ledger could not be written: ${failure.message}`];
    case "stale":
      return [failure.message];
    case "unproven":
      return [
        `${failure.objectId} was matched by name after an interrupted run; it is not known whether this project created it`,
      ];
  }
}

function traceLine(failure: ProviderFailure): readonly string[] {
  const parts = traceOf(failure);
  return parts.length === 0 ? [] : [parts.join(", ")];
}

function effectOf({ failure, wrote, deletedIds = [] }: Failed): readonly string[] {
  if (deletedIds.length === 0) return effectAlone(failure, wrote);
  const isCertain = failure.why === "request" && failure.failure.effect === "no";
  const rest = isCertain || failure.why === "stale" ? [] : effectAlone(failure, wrote);
  return [...rest, `deleted before: ${listed(deletedIds)}, which an interrupted run created`];
}

function effectAlone(failure: StepFailure, wrote: boolean): readonly string[] {
  if (failure.why === "unverified" || failure.why === "undeleted") return [];
  if (failure.why === "ledger") return ["the object may have been written; the ledger has no record of it"];
  if (failure.why === "request" && wrote) return ["it is not known whether the write took effect"];
  return [wrote ? "the object was written" : "nothing was written to this object"];
}

function nextOf(step: Step, failure: StepFailure, verb: Verb): string {
  return hintOf(step, failure).replace("{again}", `${verb} again`);
}

/** What to do; `{again}` stands for the command. */
function hintOf({ address }: Step, failure: StepFailure): string {
  switch (failure.why) {
    case "request":
      return AFTER_REQUEST[failure.failure.reason];
    case "unverified":
      return "declare the value that the API keeps, or leave the field out; then {again}";
    case "undeleted":
      return "{again}; if it persists, delete the object in the portal";
    case "ledger":
      return "make the ledger reachable, then {again}: created objects are matched by name";
    case "stale":
      return "plan again and look at what changed";
    case "unproven":
      return `remove it from the ledger with "rollcall ledger forget ${address}"; if the object is yours, also delete it in the portal`;
  }
}

function mismatchRow({ path, sent, live }: Mismatch, change: ResourceChange | undefined): Row {
  const label = change?.changes.find((one) => one.path === path)?.label ?? segments(path).join(".");
  const [one = "", other = ""] = besideEachOther([inline(sent, {}), inline(live, {})]);
  const sides = [
    { name: "sent", text: one },
    { name: "live", text: other },
  ];
  return { sign: "~", label: visible(label), body: { type: "sides", sides } };
}
