import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { builtMain } from "../checkout.ts";
import { loadProject, openWorkspace, planProject } from "../../src/index.ts";
import { desk, runIn, type Desk } from "../e2e/cli.ts";
import { folder } from "../ledger/folder.ts";
import { startStateServer } from "../ledger/state-server.ts";
import { startRecorder } from "./recorder.ts";

beforeAll(builtMain);

const API_KEY = ["KEY", "0123456789ABCDEF"].join("");
const CLOUD = ["cloud", "secret", "4711"].join("-");
const SECRETS = {
  TELNYX_API_KEY: API_KEY,
  AWS_SECRET_ACCESS_KEY: CLOUD,
  GITHUB_TOKEN: CLOUD,
  NPM_TOKEN: CLOUD,
};
const PLAN = ["plan", "--no-color"];

/** A project in which somebody else has written `rollcall.yaml`. */
function project(spec: object): string {
  const root = folder();
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  const document = { apiVersion: "rollcall.dev/v1", kind: "Project", metadata: { name: "acme" }, spec };
  write("rollcall.yaml", JSON.stringify(document));
  write(
    "desk.yaml",
    "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: desk }\nspec: { instructions: Be brief. }\n",
  );
  return root;
}

const environment = (settings: object) => ({ environments: { production: settings } });

async function withDesk(act: (one: Desk) => Promise<void>): Promise<void> {
  const one = await desk();
  try {
    await act(one);
  } finally {
    await one.close();
  }
}

describe("a host that rollcall.yaml names", () => {
  const there = "https://collector.example";
  const credentials = { username: { env: "GITHUB_TOKEN" }, password: { env: "NPM_TOKEN" } };
  const ledger = (address: string) => ({ backend: "http", address, ...credentials });

  test.each([
    ["as address of the API", environment({ baseUrl: `${there}/v2` })],
    [
      "as address of the API, made to look like Telnyx",
      environment({ baseUrl: "https://api.telnyx.com.collector.example/v2" }),
    ],
    ["as address of the ledger", { ledger: ledger(`${there}/state`) }],
    [
      "as address of the ledger without credentials",
      { ledger: { backend: "http", address: `${there}/state` } },
    ],
  ])("%s gets no connection, and the error says how to allow it", async (_, spec) => {
    const proxy = await startRecorder();
    const env = { ...SECRETS, HTTPS_PROXY: proxy.url };
    const ran = await runIn(project(spec), env, PLAN);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("environment variable ROLLCALL_ALLOWED_HOSTS, outside of the repository");
    expect(proxy.seen).toEqual([]);
  });

  test("gets credentials if the operator allows it", async () => {
    const proxy = await startRecorder();
    const env = { ...SECRETS, HTTPS_PROXY: proxy.url, ROLLCALL_ALLOWED_HOSTS: "collector.example" };
    await runIn(project(environment({ baseUrl: `${there}/v2` })), env, PLAN);
    expect(proxy.seen[0]?.line).toBe("CONNECT collector.example:443");
  });

  test("gets no credentials in a real process", async () => {
    const proxy = await startRecorder();
    const cwd = project(environment({ baseUrl: `${there}/v2` }));
    const env = { PATH: process.env["PATH"], HOME: cwd, ...SECRETS, HTTPS_PROXY: proxy.url };
    const args = [await builtMain(), ...PLAN];
    const code = await new Promise((done) =>
      execFile(process.execPath, args, { cwd, env }, (error) => done(error?.code ?? 0)),
    );
    expect(code).toBe(1);
    expect(proxy.seen).toEqual([]);
  });
});

describe("a variable that rollcall.yaml names", () => {
  test("is not sent as API key if it is not a Telnyx variable", async () => {
    const server = await startRecorder();
    const spec = environment({ apiKey: { env: "AWS_SECRET_ACCESS_KEY" }, baseUrl: `${server.url}/v2` });
    const ran = await runIn(project(spec), SECRETS, PLAN);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("AWS_SECRET_ACCESS_KEY is not sent to 127.0.0.1");
    expect(server.seen).toEqual([]);
  });

  test("is not sent to a ledger if it is not a ledger variable", () =>
    withDesk(async (one) => {
      const state = await startStateServer();
      const credentials = { username: { env: "GITHUB_TOKEN" }, password: { env: "NPM_TOKEN" } };
      const root = project({ ledger: { backend: "http", address: state.url, ...credentials } });
      const env = { ...SECRETS, TELNYX_BASE_URL: one.emulator.url };
      expect(await runIn(root, env, PLAN)).toMatchObject({ code: 1 });
      expect(await runIn(root, env, ["ledger", "list"])).toMatchObject({ code: 1 });
      expect(state.log).toEqual([]);
      const allowed = ["GITHUB_TOKEN", "NPM_TOKEN"].map((name) => `${new URL(state.url).host}=${name}`).join();
      expect(await runIn(root, { ...env, ROLLCALL_ALLOWED_HOSTS: allowed }, PLAN)).toMatchObject({ code: 0 });
      expect(state.headers.authorization).toBe(`Basic ${btoa(`${CLOUD}:${CLOUD}`)}`);
    }));

  test.each([
    ["a value of vars", { vars: { x: { env: "AWS_SECRET_ACCESS_KEY" } } }],
    ["a text of vars", { vars: { x: "${env.AWS_SECRET_ACCESS_KEY}" } }],
    [
      "a patch",
      environment({
        patches: [{ target: "Assistant/desk", path: "/spec/instructions", value: "${env.NPM_TOKEN}" }],
      }),
    ],
  ])("is not read into a manifest by %s", async (_, spec) => {
    const root = project(spec);
    writeFileSync(
      join(root, "front.yaml"),
      'apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: front }\nspec: { instructions: "${var.x} ${env.NPM_TOKEN}" }\n',
    );
    const shown = await runIn(root, SECRETS, ["validate", "--show", "Assistant/front"]);
    const valid = await runIn(root, SECRETS, ["validate"]);
    expect([shown.code, valid.code]).toEqual([1, 1]);
    expect(shown.stdout + shown.stderr + valid.stdout + valid.stderr).not.toContain(CLOUD);
  });
});

test("the library has the same rules, and its options count as the operator's", async () => {
  const server = await startRecorder();
  const loaded = await loadProject({
    path: project(environment({ baseUrl: "https://collector.example/v2" })),
    env: {},
  });
  await expect(openWorkspace(loaded, { apiKey: API_KEY })).rejects.toThrow("is not sent to collector.example");
  const workspace = await openWorkspace(loaded, { apiKey: API_KEY, baseUrl: `${server.url}/v2` });
  await expect(planProject(workspace)).rejects.toThrow("answered 404");
  await workspace.close();
  expect(server.seen[0]?.authorization).toBe(`Bearer ${API_KEY}`);
});

test("the operator's base URL takes precedence over rollcall.yaml, with a notice", () =>
  withDesk(async (one) => {
    const server = await startRecorder();
    const root = project(environment({ baseUrl: `${server.url}/v2` }));
    const ran = await runIn(root, { ...SECRETS, TELNYX_BASE_URL: one.emulator.url }, PLAN);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain("TELNYX_BASE_URL is used, not the baseUrl of environment production");
    expect(server.seen).toEqual([]);
    expect(one.emulator.requests()).not.toEqual([]);
  }));

test("redirects of the API and of a ledger are not followed", () =>
  withDesk(async (one) => {
    const elsewhere = await startRecorder();
    const first = await startRecorder(`${elsewhere.url}/v2/ai/assistants`);
    const api = project(environment({ baseUrl: `${first.url}/v2` }));
    expect(await runIn(api, SECRETS, PLAN)).toMatchObject({ code: 1 });
    const ledger = project({
      ledger: { backend: "http", address: first.url, password: { env: "LEDGER_PASSWORD" } },
    });
    const env = { ...SECRETS, LEDGER_PASSWORD: CLOUD, TELNYX_BASE_URL: one.emulator.url };
    expect(await runIn(ledger, env, PLAN)).toMatchObject({ code: 1 });
    expect(first.seen.map(({ authorization }) => authorization)).toEqual(
      expect.arrayContaining([`Bearer ${API_KEY}`, `Basic ${btoa(`:${CLOUD}`)}`]),
    );
    expect(elsewhere.seen).toEqual([]);
  }));
