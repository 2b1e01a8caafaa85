import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "../../../model/loopback.ts";

/** What distinguishes a program of this machine from a web page in a browser. */
export interface Visit {
  readonly headers: IncomingHttpHeaders;
  /** The address that the connection came to. */
  readonly localAddress: string | undefined;
}

/** `LOCALHOST:80` and `[::1]` as `localhost` and `[::1]`; `undefined` for an invalid host. */
export function hostName(host: string): string | undefined {
  const [, name] = /^(\[[\da-f:.]+\]|[^\s:/?#@\\]+)(?::\d{1,5})?$/i.exec(host) ?? [];
  return name !== undefined && URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : undefined;
}

/**
 * Why a request is refused. A page whose name resolves to this machine (DNS rebinding) sends its own name as the host; any
 * other page is recognized by the origin, or by the headers that browsers add.
 */
export function refusalOf(
  { headers, localAddress }: Visit,
  allowedHosts: readonly string[],
): string | undefined {
  const { host = "", origin, "sec-fetch-site": site } = headers;
  const name = hostName(host);
  const own = [hostOfAddress(localAddress), ...allowedHosts];
  if (name === undefined || !(isLoopback(name) || own.includes(name)))
    return `the emulator does not answer to the host ${JSON.stringify(host)}; allow it with --allowed-host`;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
    return `the emulator does not answer to pages of ${JSON.stringify(origin)}`;
  if (site !== undefined && site !== "same-origin" && site !== "none")
    return "the emulator does not answer to pages of other sites";
  return undefined;
}

/** The host that clients use for an address of this machine. */
function hostOfAddress(address = ""): string | undefined {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  return hostName(plain.includes(":") ? `[${plain}]` : plain);
}
