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
  CERT_NOT_YET_VALID: "its TLS certificate is not valid yet; is the clock of this machine right?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its TLS certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its TLS certificate chain ends in a self-signed certificate",
  UNABLE_TO_GET_ISSUER_CERT: "the issuer of its TLS certificate is not known here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the issuer of its TLS certificate is not known here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its TLS certificate cannot be verified",
  ERR_TLS_CERT_ALTNAME_INVALID: "its TLS certificate is for another host name",
  CERT_REVOKED: "its TLS certificate has been revoked",
};
const OWN_AUTHORITY = "; behind a proxy that inspects TLS, name its authority in NODE_EXTRA_CA_CERTS";

const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was reset",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "the connection timed out",
  UND_ERR_CONNECT_TIMEOUT: "the connection timed out",
  UND_ERR_SOCKET: "the connection was closed before the answer was complete",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the answer is shorter than announced",
  UND_ERR_RES_EXCEEDED_MAX_SIZE: "the answer is too large",
};

/** `sent` is what is known of the request; some errors can only come before it. */
export function explainFault(error: unknown, sent: boolean, timeout: number): Fault {
  const code = codeOf(error);
  const certificate = CERTIFICATE[code];
  if (certificate !== undefined) {
    return {
      fault: "certificate",
      sent: false,
      explanation: `the server is not trusted: ${certificate}${OWN_AUTHORITY}`,
    };
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) {
    return {
      fault: "certificate",
      sent: false,
      explanation: `no secure connection could be agreed on (${code})`,
    };
  }
  if (isTimeout(error, code)) {
    return {
      fault: "connection",
      sent,
      timedOut: true,
      explanation: `no complete answer within ${timeout / 1000} s`,
    };
  }
  const refusal = /Proxy response \((\d+)\)/.exec(error instanceof Error ? error.message : "")?.[1];
  if (refusal !== undefined) {
    return {
      fault: "connection",
      sent: false,
      explanation: `the proxy refused the connection with ${refusal}`,
    };
  }
  const known = CONNECTION[code] ?? "the connection failed";
  return { fault: "connection", sent, explanation: code === "" ? known : `${known} (${code})` };
}

function isTimeout(error: unknown, code: string): boolean {
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") return true;
  return error instanceof Error && error.name === "TimeoutError";
}

/** The first code along the causes; several addresses tried at once arrive as one error that holds the others. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    if ("code" in at && typeof at.code === "string") return at.code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return "";
}
