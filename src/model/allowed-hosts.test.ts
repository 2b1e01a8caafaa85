import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refusalOf, type Destination, type Environment } from "./allowed-hosts.ts";

const GITLAB = {
  GITLAB_CI: "true",
  CI_SERVER_HOST: "gitlab.acme.example",
  CI_SERVER_PORT: "443",
  CI_SERVER_URL: "https://gitlab.acme.example",
  CI_API_V4_URL: "https://gitlab.acme.example/api/v4",
};
const GITHUB = {
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_API_URL: "https://api.github.com",
};

type Use = Destination["use"];
const sent = (use: Use, url: string, variable: string | undefined, env: Environment = {}): boolean =>
  refusalOf({ use, url: new URL(url), variables: variable === undefined ? [] : [variable] }, env) === undefined;

describe("allowed without ROLLCALL_ALLOWED_HOSTS", () => {
  test.each<[Use, string, string | undefined, Environment]>([
    ["api", "https://api.telnyx.com/v2", "TELNYX_API_KEY", {}],
    ["api", "https://API.TELNYX.COM:443/v2", "TELNYX_STAGING_API_KEY", {}],
    ["api", "http://127.0.0.1:8080/v2", "STAGING_TELNYX_KEY", {}],
    ["api", "http://localhost:8080/v2", "TELNYX_API_KEY", {}],
    ["api", "http://[::1]:8080/v2", "TELNYX_API_KEY", {}],
    [
      "api",
      "https://telnyx.acme.example/v2",
      "TELNYX_API_KEY",
      { TELNYX_BASE_URL: "https://telnyx.acme.example/v2" },
    ],
    ["ledger", "http://127.0.0.1:8080/state", undefined, {}],
    ["ledger", "http://127.0.0.1:8080/state", "LEDGER_PASSWORD", {}],
    ["ledger", "http://127.0.0.1:8080/state", "TF_HTTP_PASSWORD", {}],
    ["ledger", "https://gitlab.acme.example/state", "LEDGER_USER", GITLAB],
    ["ledger", "https://gitlab.acme.example/state", "CI_JOB_TOKEN", GITLAB],
    ["ledger", "https://gitlab.acme.example/state", "GITLAB_TOKEN", GITLAB],
    ["ledger", "http://127.0.0.1:8080/state", "CI_JOB_TOKEN", GITLAB],
    ["ledger", "https://github.com/state", "GITHUB_TOKEN", GITHUB],
  ])("%s at %s: %s", (use, url, variable, env) => {
    expect(sent(use, url, variable, env)).toBe(true);
  });
});

describe("not allowed without ROLLCALL_ALLOWED_HOSTS", () => {
  test.each<[Use, string, string | undefined, Environment]>([
    ["api", "https://collector.example/v2", "TELNYX_API_KEY", {}],
    ["api", "https://api.telnyx.com.collector.example/v2", "TELNYX_API_KEY", {}],
    ["api", "https://evil-api.telnyx.com/v2", "TELNYX_API_KEY", {}],
    ["api", "https://telnyx.com/v2", "TELNYX_API_KEY", {}],
    ["api", "https://api.telnyx.com@collector.example/v2", "TELNYX_API_KEY", {}],
    ["api", "https://api.telnyx.com.:443/v2", "TELNYX_API_KEY", {}],
    ["api", "https://api.telnyx.com:8443/v2", "TELNYX_API_KEY", {}],
    ["api", "http://api.telnyx.com/v2", "TELNYX_API_KEY", {}],
    ["api", "https://api.telnyx.com/v2", "AWS_SECRET_ACCESS_KEY", {}],
    ["api", "https://api.telnyx.com/v2", "MYTELNYXKEY", {}],
    ["api", "http://127.0.0.1:8080/v2", "AWS_SECRET_ACCESS_KEY", {}],
    ["api", "http://127.0.0.1.collector.example/v2", "TELNYX_API_KEY", {}],
    ["api", "http://127.collector.example/v2", "TELNYX_API_KEY", {}],
    ["api", "https://localhost.collector.example/v2", "TELNYX_API_KEY", {}],
    ["api", "https://0.0.0.0/v2", "TELNYX_API_KEY", {}],
    ["api", "https://gitlab.acme.example/v2", "TELNYX_API_KEY", GITLAB],
    ["api", "https://telnyx.acme.example/v2", "TELNYX_API_KEY", { TELNYX_BASE_URL: "no URL" }],
    ["ledger", "https://api.telnyx.com/v2", "LEDGER_PASSWORD", {}],
    ["ledger", "https://collector.example/state", undefined, {}],
    ["ledger", "https://169.254.169.254/state", undefined, {}],
    ["ledger", "https://collector.example/state", "LEDGER_PASSWORD", GITLAB],
    ["ledger", "https://gitlab.acme.example/state", "CI_JOB_TOKEN", { ...GITLAB, GITLAB_CI: "false" }],
    ["ledger", "https://gitlab.acme.example:8443/state", "CI_JOB_TOKEN", GITLAB],
    ["ledger", "http://gitlab.acme.example/state", "CI_JOB_TOKEN", GITLAB],
    ["ledger", "https://gitlab.acme.example/state", "TELNYX_API_KEY", GITLAB],
    ["ledger", "https://gitlab.acme.example/state", "GITHUB_TOKEN", GITLAB],
    ["ledger", "https://github.com/state", "CI_JOB_TOKEN", GITHUB],
    ["ledger", "https://github.com/state", "NPM_TOKEN", GITHUB],
    ["ledger", "http://127.0.0.1:8080/state", "CI_JOB_TOKEN", {}],
    ["ledger", "http://127.0.0.1:8080/state", "GITHUB_TOKEN", GITHUB],
    ["ledger", "http://127.0.0.1:8080/state", "TELNYX_API_KEY", {}],
  ])("%s at %s: %s", (use, url, variable, env) => {
    expect(sent(use, url, variable, env)).toBe(false);
  });
});

describe("ROLLCALL_ALLOWED_HOSTS", () => {
  const allowed = (list: string) => ({ ROLLCALL_ALLOWED_HOSTS: list });

  test("a host without a variable gets the default variables", () => {
    const env = allowed("a.example, proxy.example:8443");
    expect(sent("api", "https://proxy.example:8443/v2", "TELNYX_API_KEY", env)).toBe(true);
    expect(sent("ledger", "https://a.example/state", "LEDGER_PASSWORD", env)).toBe(true);
    expect(sent("ledger", "https://a.example/state", undefined, env)).toBe(true);
    expect(sent("api", "https://a.example/v2", "AWS_SECRET_ACCESS_KEY", env)).toBe(false);
    expect(sent("api", "https://proxy.example/v2", "TELNYX_API_KEY", env)).toBe(false);
    expect(sent("api", "http://a.example/v2", "TELNYX_API_KEY", env)).toBe(false);
  });

  test("a host with a variable gets only that variable", () => {
    const env = allowed("a.example=STATE_TOKEN a.example=USER_NAME\n[2001:db8::1]:8443=X");
    expect(sent("ledger", "https://a.example/state", "STATE_TOKEN", env)).toBe(true);
    expect(sent("ledger", "https://a.example/state", "USER_NAME", env)).toBe(true);
    expect(sent("ledger", "https://a.example/state", "LEDGER_PASSWORD", env)).toBe(false);
    expect(sent("ledger", "https://b.a.example/state", "STATE_TOKEN", env)).toBe(false);
    expect(sent("api", "https://[2001:db8::1]:8443/v2", "X", env)).toBe(true);
  });

  test.each([
    "https://a.example",
    "a.example/v2",
    "*.example",
    "u@a.example",
    "a.example=",
    "a.example=A=B",
    "=A",
    "b%",
  ])("%s is not a valid entry: it allows nothing, and the refusal names it", (list) => {
    const refusal = refusalOf(
      { use: "api", url: new URL("https://x.example"), variables: ["A"] },
      allowed(list),
    );
    expect(refusal?.hint).toContain("is not host, host:port or host=VARIABLE");
    expect(sent("api", "https://a.example/v2", "TELNYX_API_KEY", allowed(list))).toBe(false);
  });
});

const hosts = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.domain().map((domain) => `api.telnyx.com.${domain}`),
  fc.constantFrom("api.telnyx.com", "localhost", "127.0.0.1", "gitlab.acme.example"),
);
const urls = fc
  .tuple(fc.constantFrom("http", "https"), hosts, fc.option(fc.integer({ min: 1, max: 65_535 })))
  .map(([scheme, host, port]) => `${scheme}://${host}${port === null ? "" : `:${port}`}/x`)
  .filter((url) => URL.canParse(url))
  .map((url) => new URL(url));
const names = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/),
  fc.constantFrom("TELNYX_API_KEY", "LEDGER_PASSWORD", "CI_JOB_TOKEN", "GITHUB_TOKEN", "NPM_TOKEN"),
);
const destinations = fc.record({
  use: fc.constantFrom<Use>("api", "ledger"),
  url: urls,
  variables: fc.uniqueArray(names, { maxLength: 2 }),
});
const jobs = fc.constantFrom<Environment>({}, GITLAB, GITHUB);

test("by default only Telnyx, the forge of the job and this machine get credentials", () => {
  fc.assert(
    fc.property(destinations, jobs, (destination, env) => {
      if (refusalOf(destination, env) !== undefined) return;
      const { hostname, host, protocol } = destination.url;
      const isHere = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
      const forge =
        env === GITLAB ? ["gitlab.acme.example"] : env === GITHUB ? ["github.com", "api.github.com"] : [];
      const known = destination.use === "api" ? ["api.telnyx.com"] : forge;
      expect(isHere || (protocol === "https:" && known.includes(host))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("the advice of a refusal allows only what was refused", () => {
  fc.assert(
    fc.property(destinations, destinations, jobs, (refused, other, env) => {
      const advice = /add "([^"]+)"/.exec(refusalOf(refused, env)?.hint ?? "")?.[1];
      if (advice === undefined) return;
      const then = { ...env, ROLLCALL_ALLOWED_HOSTS: advice };
      expect(refusalOf(refused, then)).toBe(undefined);
      if (other.url.host === refused.url.host) return;
      expect(refusalOf(other, then) === undefined).toBe(refusalOf(other, env) === undefined);
    }),
    { numRuns: 2_000 },
  );
});
