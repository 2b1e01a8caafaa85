import type { Json, JsonObject } from "../../../model/json.ts";

export interface VersionRecord {
  readonly version_id: string;
  readonly version_created_at: string;
  readonly version_name: string;
  /** As accepted: `tools` are the inline tools, `tool_ids` the shared ones. */
  readonly config: JsonObject;
}

export interface CanaryRecord {
  readonly rules: readonly Json[];
  readonly created_at: string;
  readonly updated_at: string;
}

export interface AssistantRecord {
  readonly id: string;
  readonly created_at: string;
  /** Id of the version that callers reach. */
  readonly main: string;
  /** Oldest first. */
  readonly versions: readonly VersionRecord[];
  readonly texml_app_id: string;
  readonly messaging_profile_id: string;
  readonly canary?: CanaryRecord;
  readonly deleted_at?: string;
  readonly import_metadata?: { readonly import_provider: string; readonly import_id: string };
}

export interface RunRecord {
  readonly run_id: string;
  readonly test_id: string;
  readonly test_suite?: string;
  readonly test_suite_run_id?: string;
  readonly destination_version_id?: string;
  readonly created_at: string;
  readonly created_ms: number;
  readonly updated_at: string;
  readonly completed_at?: string;
  readonly status: string;
  readonly polls: number;
  readonly verdict: Verdict;
}

/** How a run ends, decided when it starts. */
export interface Verdict {
  readonly outcome: "passed" | "failed" | "error";
  readonly criteria: readonly { readonly name: string; readonly status: string }[];
  readonly after: Steps;
  readonly logs?: string;
  readonly messages?: readonly Spoken[];
}

interface Spoken {
  readonly role: string;
  readonly text: string | null;
  readonly tool_calls?: readonly Json[];
}

/** When a run reaches each state, counted from its start; null means never. */
export interface Steps {
  readonly unit: "polls" | "milliseconds";
  readonly starting: number;
  readonly running: number;
  readonly finished: number | null;
}

export interface Message {
  readonly role: string;
  /** Null if the message only calls tools. */
  readonly text: string | null;
  readonly created_at: string;
  readonly sent_at?: string;
  readonly tool_calls?: readonly Json[];
  readonly metadata?: JsonObject;
}

export interface ConversationRecord {
  readonly id: string;
  readonly name?: string;
  readonly created_at: string;
  readonly last_message_at: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly messages: readonly Message[];
}

/** A call or a message that was sent to a person. */
export interface Sent {
  readonly id: string;
  readonly channel: string;
  readonly assistant_id: string;
  readonly from: string;
  readonly to: string;
  readonly text?: string;
  readonly at: string;
  readonly conversation_id?: string;
  readonly scheduled_event_id?: string;
}

export interface EventRecord {
  readonly id: string;
  readonly assistant_id: string;
  /** As accepted. */
  readonly body: JsonObject;
  readonly created_at: string;
  /** Milliseconds since 1970. */
  readonly due: number;
  /** The result of each attempt; the last one is repeated. */
  readonly outcomes: readonly string[];
  /** How long an attempt takes. */
  readonly seconds: number;
  /** How many attempts have been made. */
  readonly dispatched: number;
  readonly conversation_id?: string;
  /** Why the event failed before an attempt. */
  readonly lost?: string;
}

/** A record that is shown as it is stored. */
export type Plain = JsonObject & { readonly id: string };
export type TestRecord = JsonObject & { readonly test_id: string };

export interface ReplayRecord {
  readonly scope: string;
  readonly fingerprint: string;
  readonly at: number;
  readonly status: number;
  readonly text: string;
}

/** How runs of a test end. All given conditions must hold. */
export interface TestRule {
  /** Id or name of the test. */
  readonly test?: string;
  readonly suite?: string;
  /** Version that the run is sent to; `main` for a run that names none. */
  readonly version?: string;
  readonly outcome?: "passed" | "failed" | "error";
  /** Results by name of the rubric criterion; one that is not named passes. */
  readonly criteria?: Readonly<Record<string, "passed" | "failed" | "error">>;
  readonly after?: Partial<Steps>;
  readonly logs?: string;
  /** The transcript, oldest first. By default the test says its instructions, and the bot answers. */
  readonly messages?: readonly Spoken[];
  /** Used up after so many runs. */
  readonly times?: number;
}
