import type { FaultKind } from "../../src/providers/telnyx/emulator/faults.ts";

/** How a command ends if one of its requests fails. */
export interface FaultCase {
  readonly what: string;
  readonly fault: FaultKind;
  readonly code: number;
  /** In the error, or `undefined` where there is none. */
  readonly message?: RegExp;
  /** How often the request is sent. */
  readonly requests: number;
}

export interface WriteFaultCase extends FaultCase {
  /** How often the request takes effect. */
  readonly effects: number;
}

const REFUSED = { code: 1, requests: 1, effects: 0 };

/** The API refuses the request. `request` is its method and path as an expression. */
export function refusals(request: string): readonly WriteFaultCase[] {
  return [
    {
      what: "a rejected key",
      fault: { kind: "status", status: 401, detail: "No such key" },
      message: new RegExp(`error: ${request} answered 401.*No such key.*request id`),
      ...REFUSED,
    },
    {
      what: "a 422 of Telnyx",
      fault: { kind: "status", status: 422, code: "10015", detail: "Not allowed" },
      message: new RegExp(`error: ${request} answered 422 \\(10015\\): Not allowed`),
      ...REFUSED,
    },
    {
      what: "a 422 of FastAPI",
      fault: { kind: "status", status: 422, body: "fastapi", detail: "Not allowed" },
      message: new RegExp(`error: ${request} answered 422: .*Not allowed`),
      ...REFUSED,
    },
  ];
}

/** The object of the request does not exist. */
export function notFound(request: string): WriteFaultCase {
  return {
    what: "an object that is gone",
    fault: { kind: "status", status: 404, body: "empty" },
    message: new RegExp(`error: ${request} answered 404: object not found`),
    ...REFUSED,
  };
}

export const RATE_LIMIT: WriteFaultCase = {
  what: "a rate limit, which is waited for",
  fault: { kind: "status", status: 429 },
  code: 0,
  requests: 2,
  effects: 1,
};
