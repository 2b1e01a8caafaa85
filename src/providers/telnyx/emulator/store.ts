import { notFound } from "./errors.ts";
import type {
  AssistantRecord,
  ConversationRecord,
  EventRecord,
  Plain,
  ReplayRecord,
  RunRecord,
  Sent,
  TestRecord,
} from "./records.ts";

/** Records are never changed in place: a write replaces them. */
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
  /** Absent if the record was deleted. */
  readonly value?: unknown;
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
  const table = (name: keyof Tables) =>
    createTable<unknown>((change) => changes.push({ table: name, ...change }));
  const tables = Object.fromEntries(NAMES.map((name) => [name, table(name)])) as unknown as Tables;
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

/** The record. Throws a 404 for `what` if there is none. */
export function recordIn<T>(table: Table<T>, what: string, id: string): T {
  const record = table.get(id);
  if (record === undefined) throw notFound(what, id);
  return record;
}

/** Tables that reads always show up to date: what happens while assistants are used. */
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
