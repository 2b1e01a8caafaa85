import { request, type IncomingHttpHeaders } from "node:http";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
} from "../../src/providers/telnyx/emulator/emulator.ts";
import { runIn } from "../e2e/cli.ts";

let emulator: Emulator;

afterEach(() => emulator.close());

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly address?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** As it is written here: nothing is added to a host or left out. */
function send({
  method = "GET",
  path = "/_emulator/health",
  address = "127.0.0.1",
  ...rest
}: Sent): Promise<Answer> {
  return new Promise((done, failed) => {
    const sent = request(
      { host: address, port: emulator.port, method, path, headers: rest.headers ?? {} },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => done({ status: response.statusCode ?? 0, text, headers: response.headers }));
      },
    );
    sent.on("error", failed);
    sent.end(rest.body);
  });
}

const status = async (sent: Sent) => (await send(sent)).status;

async function start(options: EmulatorOptions = {}): Promise<void> {
  emulator = await startEmulator(options);
}

const AUTHORIZED = { authorization: "Bearer any-key" };

/** What a page would do: read, change, and forget. */
const DEEDS: readonly Sent[] = [
  { path: "/_emulator/state" },
  { path: "/_emulator/requests" },
  { path: "/_emulator/none" },
  { method: "POST", path: "/_emulator/reset" },
  { method: "POST", path: "/_emulator/portal/Assistant", body: '{"name":"x"}' },
  { method: "DELETE", path: "/_emulator/requests" },
  { method: "GET", path: "/v2/ai/assistants" },
  { method: "POST", path: "/v2/ai/assistants", body: '{"name":"x"}' },
  { method: "OPTIONS", path: "/v2/ai/assistants" },
];

describe("a web page", () => {
  test.each([
    ["by a name that resolves to this machine", { host: "evil.example:8080" }],
    ["by a name that begins like one of this machine", { host: "localhost.evil.example" }],
    ["by a name that ends like one of this machine", { host: "evil-localhost" }],
    ["by a name with another before it", { host: "localhost@evil.example" }],
    ["by another address", { host: "10.1.2.3:8080" }],
    ["from another site", { host: "127.0.0.1", origin: "https://evil.example" }],
    ["from another port of this machine", { host: "127.0.0.1:1", origin: "http://127.0.0.1:2" }],
    ["from a file or a sandbox", { host: "127.0.0.1", origin: "null" }],
    ["without an origin, with Sec-Fetch-Site", { host: "127.0.0.1", "sec-fetch-site": "cross-site" }],
    ["from the same site, with Sec-Fetch-Site", { host: "localhost", "sec-fetch-site": "same-site" }],
  ])("is refused %s", async (_, headers) => {
    await start();
    emulator.portal.create("Assistant", { name: "mine", instructions: "x", model: "m" });
    await send({ path: "/v2/ai/assistants", headers: AUTHORIZED });
    const [state, requests] = [emulator.state(), emulator.requests()];
    for (const deed of DEEDS) {
      const answer = await send({
        ...deed,
        headers: { ...AUTHORIZED, "content-type": "text/plain", ...headers },
      });
      expect(answer.status, JSON.stringify(deed)).toBe(403);
      expect(answer.text).not.toContain("mine");
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
    expect(emulator.state()).toEqual(state);
    expect(emulator.requests()).toEqual(requests);
  });
});

describe("a program", () => {
  test.each(["127.0.0.1:8080", "localhost", "LOCALHOST:9", "[::1]:8080", "127.0.0.2", "0x7f.1"])(
    "may use the host %s",
    async (host) => {
      await start();
      expect(await status({ headers: { host } })).toBe(200);
    },
  );

  test("may be a page of the emulator", async () => {
    await start();
    const host = `127.0.0.1:${emulator.port}`;
    expect(await status({ headers: { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" } })).toBe(
      200,
    );
    expect(await status({ headers: { host, "sec-fetch-site": "none" } })).toBe(200);
  });
});

describe("when listening on every address", () => {
  const outer = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === "IPv4" && !one.internal)?.address;

  test("host names are refused, except names of this machine", async () => {
    await start({ host: "0.0.0.0" });
    expect(await status({ headers: { host: "emulator:8080" } })).toBe(403);
    expect(await status({ headers: { host: "127.0.0.1:8080" } })).toBe(200);
  });

  test.skipIf(outer === undefined)("the address that a request came to is its own", async () => {
    await start({ host: "0.0.0.0" });
    expect(await status({ address: outer ?? "", headers: { host: `${outer}:8080` } })).toBe(200);
    expect(await status({ headers: { host: `${outer}:8080` } })).toBe(403);
  });

  test("a host name can be allowed at start", async () => {
    await start({ host: "0.0.0.0", allowedHosts: ["Emulator", "10.1.2.3"] });
    expect(await status({ headers: { host: "emulator:8080" } })).toBe(200);
    expect(await status({ headers: { host: "10.1.2.3" } })).toBe(200);
    expect(await status({ headers: { host: "emulator.evil.example" } })).toBe(403);
    expect(await status({ headers: { host: "emulator", origin: "http://evil.example" } })).toBe(403);
  });

  test("an invalid host name cannot be allowed", async () => {
    await start();
    const ran = await runIn(".", {}, ["emulator", "--allowed-host", "http://emulator/"]);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("http://emulator/ is not a host");
  });
});

test("the request log over HTTP has no header values and credentials", async () => {
  await start();
  const value = ["hdr", "4711"].join("-");
  const bodies = [
    { headers: [{ name: "x-token", value }] },
    { tool: { webhook: { headers: [{ name: "x-token", value }] } } },
    { tools: [{ transfer: { custom_headers: [{ name: "x", value }], sip_headers: [{ name: "x", value }] } }] },
    { headers: { "x-token": value } },
    { targets: [{ sip_auth_password: value }] },
    { mcp: { authorization: value, api_key: value } },
  ];
  for (const body of bodies)
    await send({ method: "POST", path: "/v2/ai/tools", headers: AUTHORIZED, body: JSON.stringify(body) });
  const secret = { identifier: "crm", type: "basic", username: value, password: value };
  await send({
    method: "POST",
    path: "/v2/integration_secrets",
    headers: AUTHORIZED,
    body: JSON.stringify(secret),
  });
  const { text } = await send({ path: "/_emulator/requests" });
  expect(text).not.toContain(value);
  expect(text).toContain("x-token");
  expect(emulator.requests()).toHaveLength(bodies.length + 1);
});
