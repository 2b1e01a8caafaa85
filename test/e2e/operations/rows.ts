import type { FaultKind } from "../../../src/providers/telnyx/emulator/faults.ts";
import type { End, Operation } from "./commands.ts";

/** What happens to a command, and how it is to end. */
export interface Row {
  readonly what: string;
  readonly fault?: FaultKind;
  /** Every request is struck, and not only the one that the command is about. */
  readonly isOfAll?: true;
  /** The fault strikes once. */
  readonly isOnce?: true;
  readonly format: "text" | "json";
  /** With an option that does not exist. */
  readonly isMistyped?: true;
  /** Without `--yes`. */
  readonly isUnapproved?: true;
  /** Absent: it does what it was asked to. */
  readonly end?: End;
}

const answered = (status: string) =>
  ({ code: 1, says: new RegExp(`answered ${status}.*request id .*\\nhelp: `) }) as const;
const refusedWith = (status: number, more: Partial<Extract<FaultKind, { kind: "status" }>> = {}) =>
  ({ kind: "status", status, ...more }) as const;

/** The rows of the table that make sense for a command. */
export function rowsOf({ request, json, asks, lost, gone }: Operation): readonly Row[] {
  const other = json === undefined ? "text" : "json";
  const done: readonly Row[] = [
    { what: "does what it is asked to", format: "text" },
    ...(json === undefined ? [] : [{ what: "prints JSON", format: "json" } as const]),
  ];
  const unapproved: Row = {
    what: "without a terminal and --yes",
    format: other,
    isUnapproved: true,
    end: { code: 1, says: /needs approval, and there is no terminal to ask on\nhelp: pass --yes/ },
  };
  const misused: readonly Row[] = [
    {
      what: "a wrong option",
      format: other,
      isMistyped: true,
      end: { code: 1, says: /unknown option '--no-such-option'/ },
    },
  ];
  if (request === undefined) return [...done, ...misused];
  const failures: readonly Row[] = [
    {
      what: "401",
      fault: refusedWith(401, { code: "10009", detail: "No such key" }),
      isOfAll: true,
      format: "text",
      end: answered(String.raw`401 \(10009\): No such key`),
    },
    {
      what: "404",
      fault: refusedWith(404, { body: "empty" }),
      format: other,
      end: gone ?? answered("404: object not found"),
    },
    {
      what: "422 of Telnyx",
      fault: refusedWith(422, { code: "10015", detail: "Not allowed" }),
      format: "text",
      end: answered(String.raw`422 \(10015\): Not allowed`),
    },
    {
      what: "422 of FastAPI",
      fault: refusedWith(422, { body: "fastapi", detail: "Not allowed" }),
      format: other,
      end: answered("422: .*Not allowed"),
    },
    {
      what: "429 for an hour",
      fault: refusedWith(429, { headers: { "retry-after": "3600" } }),
      format: other,
      end: answered(String.raw`429 \(\d+\): .*; it asks for a longer wait than 120 s`),
    },
    {
      what: "429 for a moment",
      fault: refusedWith(429, { headers: { "retry-after-ms": "1" } }),
      isOnce: true,
      format: other,
    },
    {
      what: "a connection that is cut after the request",
      fault: { kind: "reset-after" },
      isOnce: true,
      format: "text",
      ...(lost !== undefined && { end: lost }),
    },
  ];
  return [...done, ...misused, ...failures, ...(asks === true ? [unapproved] : [])];
}
