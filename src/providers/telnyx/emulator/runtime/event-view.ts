import type { JsonObject } from "../../../../model/json.ts";
import type { EventRecord } from "../records.ts";

interface Attempt {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly outcome: string;
}

/** The started attempts. A call that was not completed is retried up to the requested number of times. */
export function attemptsOf(event: EventRecord, now: number): readonly Attempt[] {
  if (event.lost !== undefined) return [];
  const { outcomes, seconds, body } = event;
  const repeats = isCall(event) ? Number(body["max_retries_client_errors"]) : 0;
  const pause = Number(body["retry_interval_secs"] ?? 60) * 1000;
  const attempts: Attempt[] = [];
  for (let start = event.due; start <= now && attempts.length <= repeats;) {
    const outcome = outcomes[Math.min(attempts.length, outcomes.length - 1)] ?? "completed";
    const end = start + seconds * 1000;
    attempts.push({ start, end, outcome });
    if (outcome === "completed") break;
    start = end + pause;
  }
  return attempts;
}

export const isCall = ({ body }: EventRecord): boolean => body["telnyx_conversation_channel"] === "phone_call";

/** The event as the API shows it at this time. */
export function eventView(event: EventRecord, now: number): JsonObject {
  const {
    text,
    call_settings: _settings,
    max_retries_client_errors: _most,
    retry_interval_secs: _pause,
    ...common
  } = event.body;
  const attempts = attemptsOf(event, now);
  const view: JsonObject = {
    ...common,
    scheduled_event_id: event.id,
    assistant_id: event.assistant_id,
    created_at: event.created_at,
    status: statusOf(event, attempts, now),
    retry_count: Math.max(0, attempts.length - 1),
    errors: errorsOf(event, attempts, now),
    ...(event.conversation_id !== undefined && { conversation_id: event.conversation_id }),
  };
  return isCall(event) ? { ...view, ...callView(event, attempts, now) } : { ...view, text: text ?? null };
}

/** The last attempt, if it is over and no other follows. */
function lastOf(event: EventRecord, attempts: readonly Attempt[], now: number): Attempt | undefined {
  const last = attempts.at(-1);
  if (last === undefined || last.end > now) return undefined;
  const isRepeated = isCall(event) && attempts.length <= Number(event.body["max_retries_client_errors"]);
  return last.outcome !== "completed" && isRepeated ? undefined : last;
}

function statusOf(event: EventRecord, attempts: readonly Attempt[], now: number): string {
  if (event.lost !== undefined) return "failed";
  if (attempts.length === 0) return "pending";
  const last = lastOf(event, attempts, now);
  if (last === undefined) return "in_progress";
  return last.outcome === "completed" ? "completed" : "failed";
}

function errorsOf(event: EventRecord, attempts: readonly Attempt[], now: number): readonly string[] {
  if (event.lost !== undefined) return [event.lost];
  const last = lastOf(event, attempts, now);
  if (last === undefined || last.outcome === "completed") return [];
  return [isCall(event) ? `The call ended with ${last.outcome}` : "The message was not delivered"];
}

function callView({ body, seconds }: EventRecord, attempts: readonly Attempt[], now: number): JsonObject {
  const { call_settings: settings, max_retries_client_errors: most, retry_interval_secs: pause } = body;
  const [last] = attempts.slice(-1);
  const over = attempts.filter(({ end }) => end <= now);
  const duration = (outcome: string) => (outcome === "completed" ? seconds : 0);
  return {
    max_retries_client_errors: most ?? 0,
    ...(settings !== undefined && { call_settings: settings }),
    ...(pause !== undefined && { retry_interval_secs: pause }),
    call_attempts: over.map(({ start, outcome }, index) => ({
      attempt_number: index + 1,
      attempted_at: new Date(start).toISOString(),
      call_status: outcome,
      call_duration: duration(outcome),
    })),
    ...(last !== undefined && {
      dispatched_at: new Date(last.start).toISOString(),
      call_status: last.end <= now ? last.outcome : "in-progress",
      ...(last.end <= now && { call_duration: duration(last.outcome) }),
    }),
  };
}
