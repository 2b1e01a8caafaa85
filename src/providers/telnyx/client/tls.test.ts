import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { selfSigned } from "../../../../test/security/self-signed.ts";
import { redactor } from "../redact.ts";
import { explainFault } from "./fault.ts";
import { createHttpClient } from "./http.ts";

const certificate = selfSigned();

afterEach(() => vi.unstubAllEnvs());

test.skipIf(certificate === undefined)(
  "an untrusted server gets no request, whatever the environment sets",
  async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    let arrived = 0;
    const server = createServer({ ...certificate }, (_, response) => {
      arrived += 1;
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const http = createHttpClient({
      baseUrl: new URL(`https://127.0.0.1:${port}/v2`),
      apiKey: "KEY-1",
      redact: redactor(["KEY-1"]),
      parallelism: 1,
      timeout: 5_000,
      userAgent: "rollcall-test",
      runtime: { now: () => new Date(), random: () => 0, uuid: () => "", sleep: async () => {} },
    });
    await expect(http.send({ method: "GET", path: "/x" })).rejects.toThrow(
      /the server 127\.0\.0\.1:\d+ is not trusted: its TLS certificate is self-signed.*NODE_EXTRA_CA_CERTS/,
    );
    expect([arrived, http.count().reads]).toEqual([0, 1]);
    await http.close();
    server.close();
  },
);

describe("what went wrong, in words", () => {
  const coded = (code: string, message = "") => Object.assign(new Error(message), { code });

  test.each([
    ["CERT_HAS_EXPIRED", /has expired/],
    ["CERT_NOT_YET_VALID", /clock/],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /issuer/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /another host name/],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", /the TLS handshake with/],
  ])("%s is not tried again", (code, words) => {
    const fault = explainFault(coded(code), false, { host: "api.example", timeout: 1000 });
    expect(fault).toMatchObject({ fault: "certificate", sent: false });
    expect(fault.explanation).toMatch(words);
  });

  test.each([
    [coded("ENOTFOUND"), "the host name of api.example:8443 is not known (ENOTFOUND)"],
    [
      Object.assign(coded("ENOTFOUND"), { hostname: "api.example" }),
      "the host name of api.example:8443 is not known (ENOTFOUND)",
    ],
    [
      Object.assign(coded("ENOTFOUND"), { hostname: "proxy.example" }),
      "the host name of api.example:8443 is not known (ENOTFOUND, proxy.example)",
    ],
    [
      Object.assign(coded("ECONNREFUSED"), { address: "192.0.2.7", port: 3128 }),
      "the connection to api.example:8443 was refused (ECONNREFUSED, 192.0.2.7:3128)",
    ],
    [
      new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")]),
      "the connection to api.example:8443 was refused (ECONNREFUSED)",
    ],
    [
      new Error("outer", { cause: coded("EHOSTUNREACH") }),
      "the host api.example:8443 cannot be reached (EHOSTUNREACH)",
    ],
    [coded("UND_ERR_HEADERS_TIMEOUT"), "no complete answer within 1.5 s from api.example:8443"],
    [
      coded("UND_ERR_ABORTED", "Proxy response (407) !== 200 when HTTP Tunneling"),
      "the proxy refused the connection to api.example:8443 with 407",
    ],
    [coded("ESOMETHING"), "the connection to api.example:8443 failed (ESOMETHING)"],
    ["a thrown string", "the connection to api.example:8443 failed"],
  ])("%s", (error, explanation) => {
    expect(explainFault(error, true, { host: "api.example:8443", timeout: 1500 }).explanation).toBe(
      explanation,
    );
  });
});
