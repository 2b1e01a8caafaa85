import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import type { ProxySettings } from "../model/proxy.ts";

export interface ConnectionOptions {
  /** Milliseconds until an answer begins, and between two parts of it. */
  readonly timeout: number;
  /** Bytes. */
  readonly maxResponseSize: number;
  /** To one server; without it there is no limit. */
  readonly connections?: number;
  readonly proxy?: ProxySettings | undefined;
  /** The error for a proxy that cannot be used. */
  readonly unusable: (why: string) => Error;
}

const CONNECT_TIMEOUT = 10_000;

/** A pool of kept-alive connections, through the proxy where one is set. Reads no environment variable. */
export function openConnections(options: ConnectionOptions): Dispatcher {
  const { timeout, maxResponseSize, connections, proxy = {}, unusable } = options;
  // Explicit, so that no environment variable can disable the check of certificates.
  const tls = { timeout: Math.min(CONNECT_TIMEOUT, timeout), rejectUnauthorized: true };
  const common: Agent.Options = {
    connect: tls,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize,
    ...(connections !== undefined && { connections }),
  };
  if (!proxy.httpsProxy) return new Agent(common);
  const httpsProxy = proxyUrl(proxy.httpsProxy);
  if (httpsProxy === undefined) throw unusable("the HTTPS proxy is not an http:// or https:// address");
  // Empty texts and not absent ones: undici would look into the environment for those.
  const { noProxy = "" } = proxy;
  return new EnvHttpProxyAgent({
    ...common,
    proxyTls: tls,
    requestTls: tls,
    httpProxy: "",
    httpsProxy,
    noProxy,
  });
}

function proxyUrl(text: string): string | undefined {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url.href : undefined;
}
