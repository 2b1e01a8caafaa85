import { stringify, type Json } from "../model/json.ts";
import type { NewEvent, ScheduledEvent } from "../model/scheduled-event.ts";
import { localTime } from "../model/zoned-time.ts";
import { capital } from "./phrases.ts";
import { pad, widest } from "./layout.ts";
import { visible } from "../model/visible.ts";
import { tableLines, type TableStyle } from "./table.ts";

/** A table; times are those of the zone. */
export function eventsTable(events: readonly ScheduledEvent[], zone: string, style: TableStyle): string {
  const column = (title: string, of: (event: ScheduledEvent) => string | undefined) => ({
    title,
    cells: events.map((event) => visible(of(event) ?? "") || "–"),
  });
  return tableLines(
    [
      { ...column("ID", ({ id }) => id), isWhole: true },
      { ...column("TIME", (event) => shownTime(event.at, zone)), isWhole: true },
      column("CHANNEL", ({ channel }) => channel),
      column("STATUS", ({ status }) => status),
      column("FROM", ({ from }) => from),
      column("TO", ({ to }) => to),
      column("TEXT", ({ text }) => text),
    ],
    style,
  ).join("\n");
}

/** Everything that the API says of one event. */
export function eventText(event: ScheduledEvent, zone: string): string {
  const rows = [
    ["Event", event.id],
    ["Time", event.at === undefined ? undefined : `${shownTime(event.at, zone)} (${zone})`],
    ["Channel", event.channel],
    ["Status", event.status],
    ["From", event.from],
    ["To", event.to],
    ["Text", event.text],
    ...Object.entries(event.all)
      .filter(([key, value]) => !KNOWN.has(key) && !isEmpty(value))
      .map(([key, value]) => [capital(key.replaceAll("_", " ")), plainText(value)] as const),
  ] as const;
  const shown = rows.flatMap(([title, text]) =>
    text === undefined ? [] : [[visible(title), visible(text)] as const],
  );
  const width = widest(shown.map(([title]) => title));
  return shown.map(([title, text]) => `${pad(title, width)}  ${text}`).join("\n");
}

const KNOWN = new Set([
  "scheduled_event_id",
  "assistant_id",
  "scheduled_at_fixed_datetime",
  "telnyx_conversation_channel",
  "status",
  "telnyx_agent_target",
  "telnyx_end_user_target",
  "text",
]);

function isEmpty(value: Json): boolean {
  return value === null || stringify(value) === "[]" || stringify(value) === "{}";
}

function plainText(value: Json): string {
  return typeof value === "string" ? value : stringify(value);
}

/** `a phone call from +1… to +1…`, or `an SMS …` with its text. */
export function eventPhrase({ channel, from, to, text }: Partial<NewEvent> | ScheduledEvent): string {
  const what = channel === "phone_call" ? "a phone call" : channel === "sms_chat" ? "an SMS" : "an event";
  const said = text === undefined ? "" : `: ${stringify(text)}`;
  return visible(`${what} from ${from ?? "an unknown number"} to ${to ?? "an unknown number"}${said}`);
}

/** A time that cannot be read is shown as it is. */
export function shownTime(at: string | undefined, zone: string): string | undefined {
  const instant = Date.parse(at ?? "");
  return Number.isNaN(instant) ? at : localTime(instant, zone);
}
