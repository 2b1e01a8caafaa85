import type { Json, JsonObject } from "../../../model/json.ts";
import type { Problem } from "./check/accept.ts";

/** The response. A body of `undefined` means no content. */
export interface Reply {
  readonly status: number;
  readonly body?: Json;
  /** The pieces of a streamed response, instead of a body. */
  readonly pieces?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a handler to answer with an error. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(JSON.stringify(reply.body));
    this.reply = reply;
  }
}

const TITLES: Readonly<Record<string, string>> = {
  "10005": "Resource not found",
  "10007": "Unexpected error",
  "10009": "Authentication failed",
  "10010": "Not authorized",
  "10011": "Too many requests",
  "10012": "Duplicate resource",
  "10015": "Bad request",
  "10016": "Service unavailable",
  "10017": "Associated resource not found",
  "10027": "Idempotency key reused",
  "10036": "Request in progress",
};

/** The error code for a status for which no handler gave one. */
const CODES: Readonly<Record<number, string>> = {
  400: "10015",
  401: "10009",
  403: "10010",
  404: "10005",
  409: "10036",
  429: "10011",
  503: "10016",
};

/** An error in the platform's form. */
export function telnyxError(status: number, detail: string, code = CODES[status], pointer?: string): Reply {
  const known = code ?? "10007";
  const error: JsonObject = {
    code: known,
    title: TITLES[known] ?? "Error",
    detail,
    ...(pointer !== undefined && { source: { pointer } }),
    meta: { url: `https://developers.telnyx.com/docs/overview/errors/${known}` },
  };
  return { status, body: { errors: [error] } };
}

/** An error in the form of the service behind the platform: every 422 for a body or a query. */
export function fastApiError(problems: readonly Problem[]): Reply {
  return { status: 422, body: { detail: problems.map(({ type, loc, msg }) => ({ type, loc, msg })) } };
}

export function notFound(what: string, id: string): Refusal {
  return new Refusal(telnyxError(404, `${what} with id '${id}' not found`));
}

export function badRequest(detail: string, pointer?: string): Refusal {
  return new Refusal(telnyxError(400, detail, "10015", pointer));
}

export function missingAssociation(detail: string, pointer?: string): Refusal {
  return new Refusal(telnyxError(400, detail, "10017", pointer));
}

export function invalid(...problems: readonly Problem[]): Refusal {
  return new Refusal(fastApiError(problems));
}

/** A violated rule of the API that concerns more than one field. */
export function valueError(loc: readonly (string | number)[], message: string): Refusal {
  return invalid({ type: "value_error", loc: ["body", ...loc], msg: `Value error, ${message}` });
}
