import { isList, isObject, type Json, property } from "../../model/json.ts";
import { type FailureReason, ProviderError, type ProviderFailure } from "../../model/provider.ts";
import { DEEPEST_ANSWER, NestingError, parseJson } from "../../model/parse-json.ts";
import type { Redact } from "./redact.ts";

/** The provider cannot be built from what it was given. The message holds no secret. */
export class OptionsError extends Error {
  override readonly name = "OptionsError";
}

/** What the body of an error says, in whichever of its shapes. */
export interface Problem {
  readonly code?: string;
  readonly detail?: string;
  /** Where in the request body. */
  readonly field?: string;
  /** The body is a web page: not from the API but from something in between. */
  readonly page?: true;
}

const MAX_ITEMS = 3;
const MAX_DETAIL = 500;

export function parseProblem(body: string): Problem {
  const text = body.trim();
  if (text === "") return {};
  if (text.startsWith("<")) return { ...detailOf(pageTitle(text)), page: true };
  try {
    return ofJson(parseJson(text, DEEPEST_ANSWER));
  } catch (error) {
    return detailOf(error instanceof NestingError ? error.message : text);
  }
}

function ofJson(body: Json): Problem {
  const errors = property(body, "errors");
  if (isList(errors) && errors.length > 0) return ofTelnyx(errors);
  const detail = property(body, "detail");
  if (isList(detail) && detail.length > 0) return ofFastApi(detail);
  const error =
    detail ?? property(body, "error") ?? property(body, "message") ?? (isObject(body) ? undefined : body);
  if (!isObject(error)) return detailOf(textOf(error));
  return {
    ...detailOf(textOf(property(error, "message") ?? property(error, "detail") ?? property(error, "msg"))),
    ...codeOf(property(error, "code")),
  };
}

/** `{errors: [{code, title, detail, source: {pointer | parameter}}]}` */
function ofTelnyx(errors: readonly Json[]): Problem {
  const first = errors[0];
  const source = property(first, "source");
  const pointer = textOf(property(source, "pointer") ?? property(source, "parameter"));
  const field = pointer?.replace(/^\/+/, "").replaceAll("/", ".");
  const texts = errors.map((error) => textOf(property(error, "detail")) ?? textOf(property(error, "title")));
  return {
    ...codeOf(property(first, "code")),
    ...detailOf(joined(texts)),
    ...(field && { field }),
  };
}

/** `{detail: [{loc: ["body", "name"], msg, type}]}` */
function ofFastApi(items: readonly Json[]): Problem {
  const places = items.map((item) => placeOf(property(item, "loc")));
  const texts = items.map((item, index) => {
    const message = textOf(property(item, "msg")) ?? textOf(item);
    return places[index] ? `${places[index]}: ${message ?? "not valid"}` : message;
  });
  return { ...detailOf(joined(texts)), ...(places[0] && { field: places[0] }) };
}

function placeOf(loc: Json | undefined): string | undefined {
  if (!isList(loc)) return undefined;
  const parts = loc.map(String);
  return (parts[0] === "body" ? parts.slice(1) : parts).join(".");
}

function joined(texts: readonly (string | undefined)[]): string | undefined {
  const known = texts.filter((text) => text !== undefined);
  const more = known.length - MAX_ITEMS;
  const shown = known.slice(0, MAX_ITEMS).join("; ");
  return known.length === 0 ? undefined : `${shown}${more > 0 ? `; and ${more} more` : ""}`;
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : undefined;
}

function codeOf(value: Json | undefined): Pick<Problem, "code"> {
  const code = textOf(value);
  return code === undefined ? {} : { code };
}

function detailOf(text: string | undefined): Pick<Problem, "detail"> {
  if (text === undefined) return {};
  const line = text.replaceAll(/\s+/g, " ").trim();
  return { detail: line.length > MAX_DETAIL ? `${line.slice(0, MAX_DETAIL)}…` : line };
}

function pageTitle(html: string): string | undefined {
  const title = /<(?:title|h1)[^>]*>([^<]+)</i.exec(html.slice(0, 10_000))?.[1];
  return title ?? "a web page and not JSON";
}

export function reasonOf(status: number): FailureReason {
  if (status < 400) return "protocol";
  if (status === 401) return "authentication";
  if (status === 403) return "permission";
  if (status === 404 || status === 410) return "not-found";
  if (status === 409) return "conflict";
  if (status === 429) return "rate-limited";
  return status === 408 || status >= 500 ? "server" : "invalid";
}

/** The error of a request that failed for good; what people will read of it holds no secret. */
export function providerError(failure: ProviderFailure, redact: Redact, cause?: unknown): ProviderError {
  const { message, path, field } = failure;
  // A cause may hold headers: it is for developers, so only its redacted text goes along.
  const reason = cause instanceof Error ? { cause: redact(`${cause.name}: ${cause.message}`) } : undefined;
  const clean = {
    message: redact(message),
    path: redact(path),
    ...(field !== undefined && { field: redact(field) }),
  };
  return new ProviderError({ ...failure, ...clean }, reason);
}
