import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { isLoopback } from "../../../model/loopback.ts";
import { OptionsError } from "../errors.ts";
import type { ProxySettings } from "./request.ts";

export interface ConnectionOptions {
  readonly parallelism: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly proxy?: ProxySettings;
}

const CONNECT_TIMEOUT = 10_000;
/** More than any account's assistants weigh; less than what would exhaust the memory. */
export const MAX_RESPONSE = 256 * 1024 * 1024;

/** What a request carries as `opaque`. */
export interface Sending {
  /** Told when the request is written to a connection: an error before that moment left no trace on the server. */
  readonly tell: () => void;
}

/** A pool of kept-alive connections, through the proxy where one is set. Reads no environment variable. */
export function openConnections(options: ConnectionOptions): Dispatcher {
  return openPool(options).compose(
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

function openPool({ parallelism, timeout, proxy }: ConnectionOptions): Dispatcher {
  // Said aloud, so that no variable of the environment can switch the checking of certificates off.
  const tls = { timeout: Math.min(CONNECT_TIMEOUT, timeout), rejectUnauthorized: true };
  const options: Agent.Options = {
    connections: parallelism,
    connect: tls,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: MAX_RESPONSE,
  };
  if (!proxy?.httpsProxy) return new Agent(options);
  const httpsProxy = proxyUrl(proxy.httpsProxy);
  // Empty texts and not absent ones: undici would look into the environment for those.
  const { noProxy = "" } = proxy;
  return new EnvHttpProxyAgent({
    ...options,
    proxyTls: tls,
    requestTls: tls,
    httpProxy: "",
    httpsProxy,
    noProxy,
  });
}

function proxyUrl(text: string): string {
  const url = urlOf(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new OptionsError("the HTTPS proxy is not an http:// or https:// address");
  }
  return url.href;
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** The base URL without a slash at its end. Throws when the key would travel in clear or the URL holds secrets. */
export function checkBaseUrl(text: string): URL {
  const url = urlOf(text);
  if (url === undefined) throw new OptionsError("the base URL of the API is not a URL");
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
