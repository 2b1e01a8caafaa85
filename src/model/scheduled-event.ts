import type { JsonObject } from "./json.ts";

export const EVENT_CHANNELS = ["phone_call", "sms_chat"] as const;
export type EventChannel = (typeof EVENT_CHANNELS)[number];

export const EVENT_STATUSES = ["pending", "in_progress", "completed", "failed"] as const;
export type EventStatus = (typeof EVENT_STATUSES)[number];

export const SIP_REGIONS = ["US", "Europe", "Canada", "Australia", "Middle East"] as const;
export type SipRegion = (typeof SIP_REGIONS)[number];

/** A phone call or text message (SMS) to a person at a fixed time. */
export interface NewEvent {
  readonly channel: EventChannel;
  /** RFC 3339, in UTC. */
  readonly at: string;
  /** Phone numbers in E.164; for a call also SIP addresses. */
  readonly from: string;
  readonly to: string;
  /** Of an SMS. */
  readonly text?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Of calls: where they start, and how often one is repeated that is not answered. */
  readonly sipRegion?: SipRegion;
  readonly retries?: number;
  readonly retryIntervalSeconds?: number;
}

/** An event as the API shows it; what it does not say is absent. */
export interface ScheduledEvent {
  readonly id: string;
  readonly channel?: string;
  readonly status?: string;
  /** RFC 3339. */
  readonly at?: string;
  readonly from?: string;
  readonly to?: string;
  readonly text?: string;
  /** Everything, with the names of the API. */
  readonly all: JsonObject;
}

/** What the API can filter by; both times are inclusive, RFC 3339 in UTC. */
export interface EventFilter {
  readonly channel?: EventChannel;
  readonly from?: string;
  readonly to?: string;
}

/** The port to scheduled events. Throws `ProviderError`. */
export interface ScheduledEvents {
  /** All of an assistant, to the last page. */
  list(assistantId: string, filter: EventFilter): Promise<readonly ScheduledEvent[]>;
  /** `undefined` when there is no such event. */
  read(assistantId: string, id: string): Promise<ScheduledEvent | undefined>;
  create(assistantId: string, event: NewEvent, idempotencyKey: string): Promise<ScheduledEvent>;
  /** Cancels a pending event, and removes the record of another. Succeeds when it is gone already. */
  delete(assistantId: string, id: string): Promise<void>;
}
