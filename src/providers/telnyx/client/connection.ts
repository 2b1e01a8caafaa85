import type { Dispatcher } from "undici";
import { openConnections } from "../../../http/connections.ts";
import { isLoopback } from "../../../model/loopback.ts";
import type { ProxySettings } from "../../../model/proxy.ts";
import { OptionsError } from "../errors.ts";

export interface PoolOptions {
  readonly parallelism: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly proxy?: ProxySettings | undefined;
}

/** More than any account's assistants weigh; less than what would exhaust the memory. */
export const MAX_RESPONSE = 256 * 1024 * 1024;

/** What a request carries as `opaque`. */
export interface Sending {
  /** Called when the request is written to a connection. An error before that had no effect on the server. */
  readonly tell: () => void;
}

/** Connections that say when a request is sent. */
export function openPool({ parallelism, timeout, proxy }: PoolOptions): Dispatcher {
  const limits = { connections: parallelism, timeout, maxResponseSize: MAX_RESPONSE };
  return openConnections({ ...limits, proxy, unusable: (why) => new OptionsError(why) }).compose(
    (dispatch) => (opts, handler) => dispatch(opts, whenSent(handler, opts as { readonly opaque?: Sending })),
  );
}

function whenSent(
  handler: Dispatcher.DispatchHandler,
  { opaque }: { readonly opaque?: Sending },
): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => {
      opaque?.tell();
      handler.onRequestStart?.(controller, context);
    },
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
}

/** The base URL without a slash at its end. Throws when the key would travel in clear or the URL holds secrets. */
export function checkBaseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new OptionsError("the base URL of the API is not a URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new OptionsError("the base URL of the API must not hold a user name or a password");
  }
  if (url.search !== "" || url.hash !== "") {
    throw new OptionsError(`the base URL ${url.origin}${url.pathname} must not have a query or a fragment`);
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new OptionsError(
      `the base URL ${url.href} is not https: the API key is sent over plain http only to this machine (127.0.0.1, ::1, localhost)`,
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  return url;
}

/** Throws when the key cannot be a header value; the message does not show it. */
export function checkApiKey(apiKey: string): void {
  if (apiKey.trim() === "") throw new OptionsError("the API key is empty");
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new OptionsError("the API key holds white space, a line end or a character that is not ASCII");
  }
}
