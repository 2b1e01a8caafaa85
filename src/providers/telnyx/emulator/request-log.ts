import { isList, isObject, type Json } from "../../../model/json.ts";

/** One request to the API and its response. API keys and values of integration secrets are not kept. */
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
  /** Absent as long as there is no response, and if the connection was closed before it. */
  readonly status?: number;
  /** The request changed the state. */
  readonly wrote: boolean;
  /** The stored response for a repeated key was sent. */
  readonly replayed: boolean;
  /** The fault that was used for it. */
  readonly fault?: string;
}

export interface RequestLog {
  open(entry: Omit<RequestLogEntry, "wrote" | "replayed">): (more: Partial<RequestLogEntry>) => void;
  /** In the order of arrival. */
  entries(): readonly RequestLogEntry[];
  clear(): void;
}

const KEPT = 50_000;
const CREDENTIALS = /(?:^|_)(?:token|password|secret|api_key|authorization)$/i;
const SECRET_FIELDS = /^(?:token|password|username)$/;
const HEADER_VALUES = /^value$/i;
const HEADERS = /^(?:.*_)?headers$/i;

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

/** The body for the log, without secrets. */
export function loggable(path: string, body: Json): Json {
  return path.startsWith("/integration_secrets") ? struckOut(body, SECRET_FIELDS) : body;
}

/** The entry for requests over HTTP: credentials and values of headers are masked everywhere. */
export function shown(entry: RequestLogEntry): RequestLogEntry {
  return entry.body === undefined ? entry : { ...entry, body: struckOut(entry.body, CREDENTIALS) };
}

function struckOut(value: Json, secrets: RegExp): Json {
  if (isList(value)) return value.map((item) => struckOut(item, secrets));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, member]): [string, Json] => {
    if (secrets.test(key) && typeof member === "string") return [key, "***"];
    return [key, HEADERS.test(key) ? withoutValues(member) : struckOut(member, secrets)];
  });
  return Object.fromEntries(members);
}

/** Headers, as a list of names and values or as a map. */
function withoutValues(headers: Json): Json {
  if (isList(headers)) return headers.map((header) => struckOut(header, HEADER_VALUES));
  if (!isObject(headers)) return headers;
  return Object.fromEntries(Object.keys(headers).map((name) => [name, "***"]));
}
