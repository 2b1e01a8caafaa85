import { type Dispatcher, request } from "undici";
import { decodedBody } from "./decoded-body.ts";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The value of a header of an answer, the first one if it is repeated; names are in lower case. */
export type Header = (name: string) => string | undefined;

export interface Answer {
  readonly status: number;
  readonly header: Header;
  readonly headers: Headers;
  readonly text: string;
}

export interface Call {
  readonly method: Dispatcher.HttpMethod;
  readonly url: URL | string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface Limits {
  readonly dispatcher: Dispatcher;
  /** Milliseconds for the request and its whole answer. */
  readonly timeout: number;
  /** Bytes. */
  readonly maxResponseSize: number;
}

/** Sends a request once and reads the whole answer. Follows no redirect: it would take the credentials elsewhere. */
export async function exchange(
  { method, url, headers, body }: Call,
  { dispatcher, timeout, maxResponseSize }: Limits,
): Promise<Answer> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const options = { method, headers, body: body ?? null, dispatcher, signal };
    const { statusCode: status, headers: answered, body: sent } = await request(url, options);
    const header = headerReader(answered);
    const bytes = new Uint8Array(await sent.arrayBuffer());
    const text = await decodedBody(bytes, header("content-encoding"), maxResponseSize);
    return { status, header, headers: answered, text };
  } catch (cause) {
    if (signal.aborted) throw new TimeoutError(timeout, { cause });
    throw cause;
  }
}

export class TimeoutError extends Error {
  override readonly name = "TimeoutError";

  constructor(milliseconds: number, options?: ErrorOptions) {
    super(`no complete answer within ${milliseconds / 1000} s`, options);
  }
}

export function headerReader(headers: Headers): Header {
  return (name) => {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return Array.isArray(value) ? value[0] : value;
  };
}
