import { isObject, type Json } from "../../../model/json.ts";

/** One request to the API as it came in and was answered. Keys and secret values are never kept. */
export interface RequestLogEntry {
  readonly method: string;
  /** Below the base path, without the query. */
  readonly path: string;
  readonly query: string;
  readonly requestId: string;
  readonly idempotencyKey?: string;
  readonly body?: Json;
  /** ISO time of arrival. */
  readonly at: string;
  /** Absent while there is no answer, and for ever when the connection was cut before one. */
  readonly status?: number;
  /** The request changed the state. */
  readonly wrote: boolean;
  /** Answered from memory for a repeated key. */
  readonly replayed: boolean;
  /** The fault that struck it. */
  readonly fault?: string;
}

export interface RequestLog {
  open(entry: Omit<RequestLogEntry, "wrote" | "replayed">): (more: Partial<RequestLogEntry>) => void;
  /** In the order of arrival. */
  entries(): readonly RequestLogEntry[];
  clear(): void;
}

const KEPT = 50_000;
const SECRETS = new Set(["token", "password", "username"]);

export function createRequestLog(): RequestLog {
  let rows: { entry: RequestLogEntry }[] = [];
  return {
    open(entry) {
      const row = { entry: { ...entry, wrote: false, replayed: false } as RequestLogEntry };
      if (rows.length >= KEPT) rows = rows.slice(KEPT / 10);
      rows.push(row);
      return (more) => {
        row.entry = { ...row.entry, ...more };
      };
    },
    entries: () => rows.map(({ entry }) => structuredClone(entry)),
    clear() {
      rows = [];
    },
  };
}

/** A body that may be logged. */
export function loggable(path: string, body: Json): Json {
  if (!path.startsWith("/integration_secrets") || !isObject(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, SECRETS.has(key) ? "***" : value]),
  );
}
