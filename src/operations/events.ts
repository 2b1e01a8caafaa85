import { E164 } from "../model/phone-number.ts";
import { ProviderError, type ProviderFailure } from "../model/provider.ts";
import type { Runtime } from "../model/runtime.ts";
import type {
  EventFilter,
  EventStatus,
  NewEvent,
  ScheduledEvent,
  ScheduledEvents,
} from "../model/scheduled-event.ts";
import { type UnknownEffect, unknownEffect } from "./unknown-effect.ts";

const SIP = /^sips?:[^\s@]+@[^\s@]+$/i;

/** Why an event cannot be scheduled; nothing was sent. `undefined` where it can. */
export function eventFault(event: NewEvent, now: Date): string | undefined {
  if (Date.parse(event.at) <= now.getTime()) return `--at is in the past: ${event.at}`;
  return numberFault(event) ?? (event.channel === "sms_chat" ? smsFault(event) : callFault(event));
}

function numberFault({ channel, from, to }: NewEvent): string | undefined {
  for (const [option, number] of [
    ["--from", from],
    ["--to", to],
  ] as const) {
    if (E164.test(number) || (channel === "phone_call" && SIP.test(number))) continue;
    const or = channel === "phone_call" ? ", nor a SIP address such as sip:desk@example.com" : "";
    return `${option} is not a phone number in E.164 form, such as +13125550199${or}: ${number}`;
  }
  return from === to ? "--from and --to are the same" : undefined;
}

function smsFault({ text, sipRegion, retries, retryIntervalSeconds }: NewEvent): string | undefined {
  if (text === undefined) return "an SMS needs --text";
  if (text.trim() === "") return "--text is empty";
  const ofCalls = { "--sip-region": sipRegion, "--retries": retries, "--retry-interval": retryIntervalSeconds };
  const given = Object.entries(ofCalls).find(([, value]) => value !== undefined);
  return given === undefined ? undefined : `${given[0]} is for phone calls`;
}

/** The ranges are those of the API. */
function callFault({ text, retries = 0, retryIntervalSeconds: pause = 60 }: NewEvent): string | undefined {
  if (text !== undefined) return "--text is for SMS: a call begins with the greeting of the assistant";
  if (retries > 10) return "--retries is at most 10";
  return pause < 60 || pause > 86_400 ? "--retry-interval is between 1 minute and 24 hours" : undefined;
}

/** What the API cannot filter by is filtered here. In the order of their times. */
export async function listEvents(
  events: ScheduledEvents,
  assistantId: string,
  { status, ...filter }: EventFilter & { readonly status?: EventStatus },
): Promise<readonly ScheduledEvent[]> {
  const found = await events.list(assistantId, filter);
  return found
    .filter((event) => status === undefined || event.status === status)
    .toSorted((a, b) => timeOf(a) - timeOf(b));
}

function timeOf({ at }: ScheduledEvent): number {
  const time = Date.parse(at ?? "");
  return Number.isNaN(time) ? Infinity : time;
}

export type ScheduleOutcome = { readonly status: "scheduled"; readonly event: ScheduledEvent } | UnknownEffect;

/** Schedules an event once. Throws `ProviderError` if it was certainly not scheduled. */
export async function scheduleEvent(
  { events, runtime }: { readonly events: ScheduledEvents; readonly runtime: Runtime },
  assistantId: string,
  event: NewEvent,
): Promise<ScheduleOutcome> {
  try {
    return { status: "scheduled", event: await events.create(assistantId, event, runtime.uuid()) };
  } catch (error) {
    return unknownEffect(error);
  }
}

export type DeleteOutcome =
  | { readonly status: "deleted" }
  /** Its status differs from the approved one, so it was not deleted. */
  | { readonly status: "changed"; readonly now: ScheduledEvent | undefined }
  | UnknownEffect;

const DELETIONS = 3;

/**
 * Deletes an event, unless its status has changed since `approved`. It is deleted when a read shows that it is gone: an
 * answer, such as 404, does not prove it. Throws `ProviderError` if it was certainly not deleted.
 */
export async function deleteEvent(
  events: ScheduledEvents,
  assistantId: string,
  approved: ScheduledEvent,
): Promise<DeleteOutcome> {
  let why = "";
  let failure: ProviderFailure | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt > DELETIONS;
    try {
      const now = await events.read(assistantId, approved.id);
      if (now === undefined) return attempt === 1 ? { status: "changed", now } : { status: "deleted" };
      if (isLast) return { status: "unknown", why, ...(failure !== undefined && { failure }) };
      if (now.status !== approved.status) return { status: "changed", now };
      await events.delete(assistantId, approved.id);
      why = "the API still shows it after its deletion";
      failure = undefined;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (attempt === 1 && error.failure.effect === "no") throw error;
      ({ message: why, failure } = error);
      if (isLast) return { status: "unknown", why, failure };
    }
  }
}
