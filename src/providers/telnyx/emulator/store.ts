import type { Json, JsonObject } from "../../../model/json.ts";

/** Records are never changed in place: a write puts a new one. */
export interface Table<T> {
  get(id: string): T | undefined;
  all(): readonly T[];
  put(id: string, value: T): void;
  drop(id: string): void;
  clear(): void;
  /** A copy, by id. */
  rows(): ReadonlyMap<string, T>;
  readonly size: number;
}

export interface VersionRecord {
  readonly version_id: string;
  readonly version_created_at: string;
  readonly version_name: string;
  /** As accepted: `tools` holds the inline ones, `tool_ids` the shared ones. */
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

/** How a run will go: drawn up when it starts. */
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

/** When a run reaches each state, counted from its start; null is never. */
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

interface ReplayRecord {
  readonly scope: string;
  readonly fingerprint: string;
  readonly at: number;
  readonly status: number;
  readonly text: string;
}

export interface Tables {
  readonly assistants: Table<AssistantRecord>;
  readonly tests: Table<TestRecord>;
  readonly runs: Table<RunRecord>;
  readonly tools: Table<Plain>;
  readonly mcpServers: Table<Plain>;
  readonly insightGroups: Table<Plain>;
  readonly insights: Table<Plain>;
  readonly secrets: Table<Plain>;
  readonly integrations: Table<Plain>;
  readonly connections: Table<Plain>;
  readonly conversations: Table<ConversationRecord>;
  readonly scheduledEvents: Table<EventRecord>;
  readonly sent: Table<Sent>;
  readonly replays: Table<ReplayRecord>;
}

export interface Change {
  readonly table: keyof Tables;
  readonly id: string;
  /** Absent: the record is gone. */
  readonly value?: unknown;
}

/** How the runs of a test are to go. Every condition that is given must hold. */
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

export interface Store extends Tables {
  /** Changes since the last call, oldest first. */
  takeChanges(): readonly Change[];
  clear(): void;
}

const NAMES: readonly (keyof Tables)[] = [
  "assistants",
  "tests",
  "runs",
  "tools",
  "mcpServers",
  "insightGroups",
  "insights",
  "secrets",
  "integrations",
  "connections",
  "conversations",
  "scheduledEvents",
  "sent",
  "replays",
];

export function createStore(): Store {
  let changes: Change[] = [];
  const table = <T>(name: keyof Tables): Table<T> =>
    createTable<T>((change) => changes.push({ table: name, ...change }));
  const tables: Tables = {
    assistants: table("assistants"),
    tests: table("tests"),
    runs: table("runs"),
    tools: table("tools"),
    mcpServers: table("mcpServers"),
    insightGroups: table("insightGroups"),
    insights: table("insights"),
    secrets: table("secrets"),
    integrations: table("integrations"),
    connections: table("connections"),
    conversations: table("conversations"),
    scheduledEvents: table("scheduledEvents"),
    sent: table("sent"),
    replays: table("replays"),
  };
  return {
    ...tables,
    takeChanges() {
      const taken = changes;
      changes = [];
      return taken;
    },
    clear() {
      for (const name of NAMES) tables[name].clear();
      changes = [];
    },
  };
}

function createTable<T>(changed: (change: { id: string; value?: unknown }) => void): Table<T> {
  const rows = new Map<string, T>();
  return {
    get: (id) => rows.get(id),
    all: () => [...rows.values()],
    put(id, value) {
      rows.set(id, value);
      changed({ id, value });
    },
    drop(id) {
      if (rows.delete(id)) changed({ id });
    },
    clear: () => rows.clear(),
    rows: () => new Map(rows),
    get size() {
      return rows.size;
    },
  };
}

/** Tables that are never shown late: what happens while assistants are used. */
const RUNTIME: ReadonlySet<keyof Tables> = new Set([
  "runs",
  "conversations",
  "scheduledEvents",
  "sent",
  "replays",
]);

/** A copy of the tables. Runtime tables are not copied. */
export function frozen(store: Tables): Tables {
  const tables = NAMES.map((name) => {
    const table = store[name] as Table<unknown>;
    return [name, RUNTIME.has(name) ? table : copyOf(table)] as const;
  });
  return Object.fromEntries(tables) as unknown as Tables;
}

function copyOf(table: Table<unknown>): Table<unknown> {
  const rows = table.rows();
  return { ...createTable<unknown>(() => undefined), get: (id) => rows.get(id), all: () => [...rows.values()] };
}

export function tableNames(): readonly (keyof Tables)[] {
  return NAMES;
}
