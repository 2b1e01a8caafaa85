import { causesOf } from "../../../model/causes.ts";

/** A request that got no answer: why, in words, and whether it can have reached the server. */
export interface Fault {
  readonly fault: "connection" | "certificate";
  readonly sent: boolean;
  /** It was waited for as long as a request may take. */
  readonly timedOut?: true;
  readonly explanation: string;
}

const CERTIFICATE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its TLS certificate has expired",
  CERT_NOT_YET_VALID: "its TLS certificate is not valid yet; check the clock of this machine",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its TLS certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its TLS certificate chain ends in a self-signed certificate",
  UNABLE_TO_GET_ISSUER_CERT: "the issuer of its TLS certificate is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the issuer of its TLS certificate is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its TLS certificate cannot be verified",
  ERR_TLS_CERT_ALTNAME_INVALID: "its TLS certificate is for another host name",
  CERT_REVOKED: "its TLS certificate has been revoked",
};
const OWN_AUTHORITY = "; behind a proxy that inspects TLS, set NODE_EXTRA_CA_CERTS to its CA certificate";

const CONNECTION: Readonly<Record<string, (host: string) => string>> = {
  ECONNREFUSED: (host) => `the connection to ${host} was refused`,
  ECONNRESET: (host) => `the connection to ${host} was reset`,
  EPIPE: (host) => `the connection to ${host} was reset`,
  ENOTFOUND: (host) => `the host name of ${host} is not known`,
  EAI_AGAIN: (host) => `the host name of ${host} could not be looked up`,
  EHOSTUNREACH: (host) => `the host ${host} cannot be reached`,
  ENETUNREACH: (host) => `the network of ${host} cannot be reached`,
  ETIMEDOUT: (host) => `the connection to ${host} timed out`,
  UND_ERR_CONNECT_TIMEOUT: (host) => `the connection to ${host} timed out`,
  UND_ERR_SOCKET: (host) => `the connection to ${host} was closed before the answer was complete`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: (host) => `the answer of ${host} is shorter than announced`,
  UND_ERR_RES_EXCEEDED_MAX_SIZE: (host) => `the answer of ${host} is too large`,
};

export interface FaultContext {
  /** Where the request was to go, with its port. */
  readonly host: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** `sent` is what is known of the request; some errors can only come before it. */
export function explainFault(error: unknown, sent: boolean, { host, timeout }: FaultContext): Fault {
  const { code, peer } = origin(error);
  const certificate = CERTIFICATE[code];
  if (certificate !== undefined)
    return untrusted(`the server ${host} is not trusted: ${certificate}${OWN_AUTHORITY}`);
  if (code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_"))
    return untrusted(`the TLS handshake with ${host} failed (${code})`);
  if (isTimeout(error, code)) {
    const explanation = `no complete answer within ${timeout / 1000} s from ${host}`;
    return { fault: "connection", sent, timedOut: true, explanation };
  }
  const refusal = /Proxy response \((\d+)\)/.exec(error instanceof Error ? error.message : "")?.[1];
  if (refusal !== undefined)
    return {
      fault: "connection",
      sent: false,
      explanation: `the proxy refused the connection to ${host} with ${refusal}`,
    };
  const known = CONNECTION[code]?.(host) ?? `the connection to ${host} failed`;
  // A proxy that cannot be reached is no fault of the host.
  const isItself = peer === host || peer === host.replace(/:\d+$/, "");
  const details = [code, isItself ? "" : peer].filter((detail) => detail !== "").join(", ");
  return { fault: "connection", sent, explanation: details === "" ? known : `${known} (${details})` };
}

function untrusted(explanation: string): Fault {
  return { fault: "certificate", sent: false, explanation };
}

function isTimeout(error: unknown, code: string): boolean {
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") return true;
  return error instanceof Error && error.name === "TimeoutError";
}

interface Origin {
  readonly code: string;
  /** The address that was tried, where the error tells it. */
  readonly peer: string;
}

/** The first code along the causes. */
function origin(error: unknown): Origin {
  for (const cause of causesOf(error))
    if ("code" in cause && typeof cause.code === "string") return { code: cause.code, peer: peerOf(cause) };
  return { code: "", peer: "" };
}

function peerOf(error: Error): string {
  const { address, port, hostname } = error as Error &
    Readonly<Record<"address" | "port" | "hostname", unknown>>;
  if (typeof address === "string" && typeof port === "number") return `${address}:${port}`;
  return typeof hostname === "string" ? hostname : "";
}
