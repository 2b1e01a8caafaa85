/** A text that is no time, or no single one. */
export class TimeError extends Error {
  override readonly name = "TimeError";
}

const DATE = String.raw`(\d{4}-\d\d-\d\d)`;
const CLOCK = String.raw`(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)`;
const WITH_OFFSET = new RegExp(`^${DATE}[T ]${CLOCK}(Z|[+-]\\d\\d:\\d\\d)$`, "i");
const LOCAL = new RegExp(`^${DATE}[T ]${CLOCK}$`, "i");
const DAY = new RegExp(`^${DATE}$`);

const DAY_LENGTH = 86_400_000;

/** Whether the zone is one that this machine knows, such as `Europe/Berlin`. */
export function isTimeZone(zone: string | undefined): zone is string {
  if (zone === undefined) return false;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/**
 * The zone of the machine, as far as it is known: it is not where `variable`, the value of `TZ`, is no name of a zone, such as
 * `CET-1CEST`. Times would be read as those of UTC there.
 */
export function ownTimeZone(variable: string | undefined): string | undefined {
  const { timeZone } = new Intl.DateTimeFormat("en-US").resolvedOptions();
  if (!isTimeZone(timeZone)) return undefined;
  const isFallback = timeZone === "UTC" && variable !== undefined && !isTimeZone(variable.replace(/^:/, ""));
  return isFallback ? undefined : timeZone;
}

/**
 * The moment, in milliseconds since 1970, of a text in RFC 3339, or of a time without an offset on the clocks of the zone.
 * Throws `TimeError`, also where the zone is needed and not known.
 */
export function readTime(text: string, zone: string | undefined): number {
  const [, date, clock, offset] = WITH_OFFSET.exec(text) ?? [];
  if (date !== undefined && clock !== undefined && offset !== undefined) {
    return inUtc(date, clock, text) - minutesIn(offset, text) * 60_000;
  }
  const [, localDate, localClock] = LOCAL.exec(text) ?? [];
  if (localDate === undefined || localClock === undefined)
    throw new TimeError(
      `${JSON.stringify(text)} is not a time such as 2026-12-01T09:30 or 2026-12-01T08:30:00Z`,
    );
  const local = inUtc(localDate, localClock, text);
  return instantIn(known(zone, text), local, text);
}

/** The same for the bound of a range: a day alone begins it, or ends it, also where clocks are changed at midnight. */
export function readBound(text: string, zone: string | undefined, bound: "from" | "to"): number {
  if (!DAY.test(text)) return readTime(text, zone);
  const local = inUtc(text, bound === "from" ? "00:00" : "23:59:59.999", text);
  const place = known(zone, text);
  const found = instantsIn(place, local);
  const instant =
    bound === "from" ? (found.at(0) ?? changeAt(place, local)) : (found.at(-1) ?? changeAt(place, local) - 1);
  if (shownParts(instant, place).clock.startsWith(text)) return instant;
  throw new TimeError(`${text} does not exist in ${place}`);
}

function known(zone: string | undefined, text: string): string {
  if (zone !== undefined) return zone;
  throw new TimeError(`${JSON.stringify(text)} has no offset, and the time zone of this machine is not known`);
}

/** Milliseconds since 1970 where the date and the time of day are those of UTC. */
function inUtc(date: string, clock: string, text: string): number {
  const time = Date.parse(`${date}T${clock.length === 5 ? `${clock}:00` : clock}Z`);
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(`${date}T${clock.slice(0, 5)}`))
    throw new TimeError(`${JSON.stringify(text)} is not a date and time that exist`);
  return time;
}

function minutesIn(offset: string, text: string): number {
  if (/^z$/i.test(offset)) return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(4))];
  if (hours > 23 || minutes > 59)
    throw new TimeError(`${JSON.stringify(text)} has an offset that does not exist`);
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

/** The one moment at which clocks of the zone show the time. */
function instantIn(zone: string, local: number, text: string): number {
  const [only, other] = instantsIn(zone, local);
  if (only === undefined)
    throw new TimeError(`${text} does not exist in ${zone}: clocks are put forward at that time`);
  if (other === undefined) return only;
  const both = [only, other].map((instant) => rfc3339(instant, zone)).join(" or ");
  throw new TimeError(
    `${text} exists twice in ${zone}, because clocks are put back at that time: write ${both}`,
  );
}

/** The moments at which clocks of the zone show the time, in their order. */
function instantsIn(zone: string, local: number): readonly number[] {
  return [...new Set(offsetsAround(zone, local))]
    .map((offset) => local - offset)
    .filter((instant) => instant + offsetAt(instant, zone) === local)
    .toSorted((a, b) => a - b);
}

function offsetsAround(zone: string, local: number): readonly number[] {
  return [-DAY_LENGTH, 0, DAY_LENGTH].map((shift) => offsetAt(local + shift, zone));
}

/** The moment at which clocks are put forward past a time that no clock shows. */
function changeAt(zone: string, local: number): number {
  const offsets = offsetsAround(zone, local);
  const before = offsetAt(local - Math.max(...offsets), zone);
  let [early, late] = [local - Math.max(...offsets), local - Math.min(...offsets)];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (offsetAt(middle, zone) === before) early = middle;
    else late = middle;
  }
  return late;
}

/** Milliseconds by which clocks of the zone are ahead of UTC. */
function offsetAt(instant: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const whole = Math.floor(instant / 1000) * 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

/** `2026-12-01T09:30:00+01:00` */
function rfc3339(instant: number, zone: string): string {
  const { clock, offset } = shownParts(instant, zone);
  return `${clock}${offset}`;
}

/** `2026-12-01 09:30 +01:00`; seconds only where there are some. */
export function localTime(instant: number, zone: string): string {
  const { clock, offset } = shownParts(instant, zone);
  return `${clock.replace("T", " ").replace(/:00$/, "")} ${offset}`;
}

function shownParts(instant: number, zone: string) {
  const offset = offsetAt(instant, zone);
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const two = (number: number) => String(number).padStart(2, "0");
  return {
    clock: new Date(instant + offset).toISOString().slice(0, 19),
    offset: `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`,
  };
}
