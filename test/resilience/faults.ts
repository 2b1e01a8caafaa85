import type { FaultKind } from "../../src/providers/telnyx/emulator/faults.ts";

/** A way in which a request goes wrong. */
export interface Trouble {
  readonly name: string;
  readonly fault: FaultKind;
  /** Milliseconds for a request: what is never answered is not waited for for long. */
  readonly requestTimeoutMs?: number;
  /** When it happens once, the run gets over it. */
  readonly passes: boolean;
  /** Also tried for ever: one of each sort. */
  readonly lasting?: true;
}

const status = (code: number, more: Partial<Extract<FaultKind, { kind: "status" }>> = {}): FaultKind => ({
  kind: "status",
  status: code,
  ...more,
});
const SHORT = 400;

export const TROUBLES: readonly Trouble[] = [
  { name: "429 with Retry-After", fault: status(429, { headers: { "retry-after": "1" } }), passes: true },
  { name: "429 without Retry-After", fault: status(429), passes: true, lasting: true },
  { name: "500 without an effect", fault: status(500), passes: true, lasting: true },
  { name: "500 after the effect", fault: status(500, { applied: true }), passes: true, lasting: true },
  {
    name: "500 after the effect, its key forgotten",
    fault: status(500, { applied: "forgotten" }),
    passes: true,
  },
  { name: "502 with a web page", fault: status(502, { body: "html" }), passes: true },
  {
    name: "502 with a web page after the effect",
    fault: status(502, { body: "html", applied: true }),
    passes: true,
  },
  { name: "503", fault: status(503, { body: "empty" }), passes: true },
  { name: "reset before the effect", fault: { kind: "reset-before" }, passes: true, lasting: true },
  { name: "reset after the effect", fault: { kind: "reset-after" }, passes: true },
  { name: "no answer and no effect", fault: { kind: "timeout-before" }, requestTimeoutMs: SHORT, passes: true },
  {
    name: "no answer after the effect",
    fault: { kind: "timeout-after" },
    requestTimeoutMs: SHORT,
    passes: true,
  },
  { name: "half an answer", fault: { kind: "truncate" }, passes: true, lasting: true },
  { name: "409 in progress", fault: status(409, { code: "10036", detail: "In progress" }), passes: false },
  { name: "422 of the gateway", fault: status(422, { code: "10015", detail: "Refused" }), passes: false },
  {
    name: "422 of the service",
    fault: status(422, { body: "fastapi", detail: "Refused" }),
    passes: false,
    lasting: true,
  },
  { name: "404", fault: status(404, { code: "10005", detail: "Not found" }), passes: false, lasting: true },
];
