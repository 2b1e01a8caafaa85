import type { Dispatcher } from "undici";
import type { ProxySettings } from "../../../model/proxy.ts";
import type { Runtime } from "../../../model/runtime.ts";
import type { Redact } from "../redact.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface HttpRequest {
  readonly method: Method;
  /** Below the base URL, its segments encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON text: the same bytes on every attempt. */
  readonly body?: string;
  readonly idempotencyKey?: string;
  /** The answer is a text: as a JSON string, or as it is. */
  readonly isText?: true;
  /** The answer is a streamed text of at most so many bytes. */
  readonly textLimit?: number;
  /**
   * Called with each server-sent event of the answer as it arrives; returns whether it is the last one. An answer that is
   * no stream is read as usual.
   */
  readonly onEvent?: (event: ServerEvent) => "more" | "last";
  /** Ends the request: `send` throws the reason of the signal, and sends nothing again. */
  readonly signal?: AbortSignal;
  /** Called with the request id of every attempt that was answered. */
  readonly onRequestId?: (requestId: string) => void;
}

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** One attempt, for verbose logs: no header, no body, no secret. */
export interface RequestEvent {
  readonly method: Method;
  readonly path: string;
  readonly attempt: number;
  readonly milliseconds: number;
  readonly status?: number;
  readonly requestId?: string;
  /** Why there was no answer. */
  readonly fault?: string;
  /** Milliseconds until the next attempt. */
  readonly retryAfter?: number;
}

/** @internal What the client needs of a dispatcher of undici. */
export type Connections = Pick<Dispatcher, "request" | "close">;

export interface HttpOptions {
  readonly baseUrl: URL;
  readonly apiKey: string;
  readonly runtime: Runtime;
  readonly redact: Redact;
  /** Most requests at a time. */
  readonly parallelism: number;
  /** Milliseconds, from sending to the last byte of the answer. */
  readonly timeout: number;
  readonly userAgent: string;
  readonly proxy?: ProxySettings | undefined;
  readonly onRequest?: (event: RequestEvent) => void;
  /** @internal For tests: what sends the requests, in place of connections of its own. */
  readonly connections?: Connections;
}
