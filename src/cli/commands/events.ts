import { stringify, type JsonObject } from "../../model/json.ts";
import type {
  EventChannel,
  EventStatus,
  NewEvent,
  ScheduledEvent,
  SipRegion,
} from "../../model/scheduled-event.ts";
import { isTimeZone, ownTimeZone, readBound, readTime, TimeError } from "../../model/zoned-time.ts";
import { calledBy, type FoundObject } from "../../operations/account/find.ts";
import { deleteEvent, eventFault, listEvents, scheduleEvent } from "../../operations/events.ts";
import { withoutCredentials } from "../../operations/without-credentials.ts";
import { eventPhrase, eventsTable, eventText, shownTime } from "../../report/events.ts";
import { visible } from "../../model/visible.ts";
import { withAssistant, type AccountOptions, type OpenAccount } from "../account.ts";
import { approved, checkApproval } from "../approval.ts";
import type { ExitCode } from "../exit-code.ts";
import { UnknownOutcome, UsageError } from "../failure.ts";
import { nextCommand } from "../next-command.ts";
import { type Io, note, print, tableStyle } from "../io.ts";
import { saying } from "../reports.ts";
import { resultJson } from "../result-json.ts";
import { namesJson } from "../../report/json/names.ts";

export interface EventOptions extends AccountOptions {
  readonly timeZone?: string;
  readonly format: "text" | "json";
}

export interface EventListOptions extends EventOptions {
  readonly channel?: EventChannel;
  readonly status?: EventStatus;
  readonly fromDate?: string;
  readonly toDate?: string;
}

export interface EventCreateOptions extends EventOptions {
  readonly channel: EventChannel;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly text?: string;
  readonly variable: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly sipRegion?: SipRegion;
  readonly retries?: number;
  /** Milliseconds. */
  readonly retryInterval?: number;
  readonly yes?: boolean;
}

export interface EventDeleteOptions extends EventOptions {
  readonly yes?: boolean;
}

/** Which event of which assistant. */
export interface EventName {
  readonly assistant: string;
  readonly id: string;
}

export async function eventsList(io: Io, assistant: string, options: EventListOptions): Promise<ExitCode> {
  const zone = zoneOf(io, options);
  const from = boundIn(options, zone, "from");
  const to = boundIn(options, zone, "to");
  if (from !== undefined && to !== undefined && from > to)
    throw new UsageError("--from-date is later than --to-date");
  const { channel, status, format } = options;
  const filter = {
    ...(channel !== undefined && { channel }),
    ...(status !== undefined && { status }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  return withAssistant<ExitCode>(io, assistant, options, async (found, { provider }) => {
    const events = await listEvents(provider.events, found.id, filter);
    if (format === "json") await print(io, jsonOf(found, { events: events.map((event) => safe(event).all) }));
    else if (events.length === 0) await note(io, "No scheduled events found.");
    else {
      const style = tableStyle(io, options.color);
      await note(io, `Times are in ${shownIn(zone)}.`);
      await print(io, eventsTable(events, shownIn(zone), style));
    }
    return 0;
  });
}

export async function eventsGet(io: Io, name: EventName, options: EventOptions): Promise<ExitCode> {
  const zone = shownIn(zoneOf(io, options));
  return withAssistant<ExitCode>(io, name.assistant, options, async (found, workspace) => {
    const event = await eventNamed(workspace, found, name.id, options);
    await print(
      io,
      shown(found, event, options.format, () => eventText(safe(event), zone)),
    );
    return 0;
  });
}

/** Schedules a phone call or an SMS to a real person, after asking. */
export async function eventsCreate(io: Io, assistant: string, options: EventCreateOptions): Promise<ExitCode> {
  const own = zoneOf(io, options);
  const event = newEvent(options, own);
  const zone = shownIn(own);
  const check = () => {
    const fault = eventFault(event, io.runtime.now());
    if (fault !== undefined) throw new UsageError(fault);
  };
  check();
  checkApproval(io, "events create", options);
  return withAssistant<ExitCode>(io, assistant, options, async (found, { provider }, interruption) => {
    const signal = interruption();
    const when = `${shownTime(event.at, zone)} (${zone}; ${event.at})`;
    const what = `${eventPhrase(event)} at ${when}${detailsOf(event)}`;
    const question = `${calledBy(found)} will make ${what}. It reaches a real person.`;
    if (options.yes === true) await note(io, visible(question));
    if (!(await approved(io, visible(question), { yes: options.yes, signal }, "Nothing was scheduled.")))
      return 1;
    // The time can pass while the question is asked.
    check();
    const outcome = await scheduleEvent({ events: provider.events, runtime: io.runtime }, found.id, event);
    if (outcome.status === "unknown")
      throw new UnknownOutcome(
        `the event may have been scheduled: ${outcome.why}`,
        `before you schedule it again, run: ${look(found, options)}`,
        outcome.failure,
      );
    const words = () =>
      visible(`Scheduled ${eventPhrase(event)} at ${when}: event ${outcome.event.id} of ${calledBy(found)}.`);
    const text = shown(found, outcome.event, options.format, words);
    return saying(io, 0, () => print(io, text));
  });
}

/** What else is asked for: how often a call is repeated, and what the assistant is told. */
function detailsOf({ retries = 0, retryIntervalSeconds, variables }: NewEvent): string {
  const pause = retryIntervalSeconds === undefined ? "" : ` after ${retryIntervalSeconds} s each`;
  const told = variables === undefined ? "" : `, with ${stringify(withoutCredentials(variables))}`;
  return `${retries === 0 ? "" : `, and again up to ${retries} times${pause} if it is not answered`}${told}`;
}

/** Cancels a pending event, or removes the record of another, after asking. */
export async function eventsDelete(io: Io, name: EventName, options: EventDeleteOptions): Promise<ExitCode> {
  const zone = shownIn(zoneOf(io, options));
  checkApproval(io, "events delete", options);
  return withAssistant<ExitCode>(io, name.assistant, options, async (found, workspace, interruption) => {
    const signal = interruption();
    const event = await eventNamed(workspace, found, name.id, options);
    const [before, done] =
      event.status === "pending"
        ? ["The pending event will be cancelled", "Cancelled"]
        : [
            `The record of the event (${event.status ?? "status unknown"}) will be removed`,
            "Removed the record of",
          ];
    const what = `${eventPhrase(event)} at ${shownTime(event.at, zone)} (${zone})`;
    const question = visible(`${before}: ${what}.`);
    if (!(await approved(io, question, { yes: options.yes, signal }, "Nothing was deleted."))) return 1;
    const outcome = await deleteEvent(workspace.provider.events, found.id, event);
    if (outcome.status === "unknown")
      throw new UnknownOutcome(
        `the event may have been deleted: ${outcome.why}`,
        `to see whether it is still there, run: ${look(found, options)}`,
        outcome.failure,
      );
    if (outcome.status === "changed")
      throw new UsageError(
        `nothing was deleted: the event was ${event.status ?? "without a status"} and is ${outcome.now?.status ?? "gone"} now`,
      );
    const text = shown(found, event, options.format, () => visible(`${done} event ${event.id}: ${what}.`));
    return saying(io, 0, () => print(io, text));
  });
}

async function eventNamed(
  { provider }: OpenAccount,
  found: FoundObject,
  id: string,
  options: EventOptions,
): Promise<ScheduledEvent> {
  const event = await provider.events.read(found.id, id);
  if (event !== undefined) return event;
  throw new UsageError(
    `${calledBy(found)} has no scheduled event ${id}`,
    `to see its events, run: ${look(found, options)}; an event is found only under its own assistant`,
  );
}

function look(found: FoundObject, options: EventOptions): string {
  return nextCommand(["events", "list", found.address ?? found.id], options);
}

/** `undefined` where none is passed and that of the machine is not known. */
function zoneOf(io: Io, { timeZone }: EventOptions): string | undefined {
  if (timeZone === undefined) return ownTimeZone(io.env["TZ"]);
  if (isTimeZone(timeZone)) return timeZone;
  throw new UsageError(`--time-zone is not a time zone such as Europe/Berlin or UTC: ${timeZone}`);
}

/** Times are shown in UTC where the zone is not known. */
function shownIn(zone: string | undefined): string {
  return zone ?? "UTC";
}

function newEvent(options: EventCreateOptions, zone: string | undefined): NewEvent {
  const { channel, from, to, text, variable, metadata, sipRegion, retries, retryInterval } = options;
  return {
    channel,
    from,
    to,
    at: inUtc("--at", zone, () => readTime(options.at, zone)),
    ...(text !== undefined && { text }),
    ...(Object.keys(variable).length > 0 && { variables: variable }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(sipRegion !== undefined && { sipRegion }),
    ...(retries !== undefined && { retries }),
    ...(retryInterval !== undefined && { retryIntervalSeconds: Math.round(retryInterval / 1000) }),
  };
}

function boundIn(
  { fromDate, toDate }: EventListOptions,
  zone: string | undefined,
  bound: "from" | "to",
): string | undefined {
  const text = bound === "from" ? fromDate : toDate;
  if (text === undefined) return undefined;
  return inUtc(`--${bound}-date`, zone, () => readBound(text, zone, bound));
}

function inUtc(option: string, zone: string | undefined, read: () => number): string {
  try {
    return new Date(read()).toISOString();
  } catch (error) {
    const hint = zone === undefined ? "pass --time-zone" : undefined;
    if (error instanceof TimeError) throw new UsageError(`${option}: ${error.message}`, hint);
    throw error;
  }
}

function shown(
  found: FoundObject,
  event: ScheduledEvent,
  format: EventOptions["format"],
  text: () => string,
): string {
  return format === "json" ? jsonOf(found, { event: safe(event).all }) : text();
}

/** Variables and metadata of an event can hold a credential. */
function safe(event: ScheduledEvent): ScheduledEvent {
  return { ...event, all: withoutCredentials(event.all) as JsonObject };
}

function jsonOf(found: FoundObject, content: JsonObject): string {
  return resultJson({ assistant: namesJson(found), ...content });
}
