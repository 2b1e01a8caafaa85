import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { builtMain } from "../checkout.ts";
import { formatLedger } from "../../src/ledger/format.ts";
import type { LedgerState } from "../../src/model/ledger.ts";
import { desk, KEY, rawIn, type Desk } from "../e2e/cli.ts";
import { bareRepository, git } from "../ledger/git-place.ts";
import { HOSTILE, HOSTILE_HEADER, HOSTILE_NAME, HOSTILE_TEXT, unsafe } from "./hostile-text.ts";

beforeAll(builtMain);

let office: Desk;

beforeEach(async () => {
  office = await desk();
  await project({});
});

afterEach(() => office.close());

const API_VERSION = "rollcall.dev/v1";

const file = (name: string, content: object | string) =>
  writeFile(join(office.folder, name), typeof content === "string" ? content : JSON.stringify(content));

async function project(spec: object, name = "office"): Promise<void> {
  await file("rollcall.yaml", { apiVersion: API_VERSION, kind: "Project", metadata: { name }, spec });
  await assistant({ name: "Front", instructions: "Answer." });
}

const assistant = (spec: object, metadata: object = { name: "front" }) =>
  file("front.yaml", { apiVersion: API_VERSION, kind: "Assistant", metadata, spec });

type Env = Readonly<Record<string, string>>;

const runWith = (env: Env, ...args: readonly string[]) =>
  rawIn(office.folder, { TELNYX_BASE_URL: office.emulator.url, TELNYX_API_KEY: KEY, ...env }, args);

const run = (...args: readonly string[]) => runWith({}, ...args);

/** Runs a command that has something to say of the hostile text, and looks at every character of it. */
async function expectSafe(args: readonly string[], env: Env = {}, said = "forged"): Promise<void> {
  const { stdout, stderr } = await runWith(env, ...args);
  expect(stdout + stderr, args.join(" ")).toContain(said);
  expect(unsafe(stdout), args.join(" ")).toEqual([]);
  expect(unsafe(stderr), args.join(" ")).toEqual([]);
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Env;
}

/** A server that gives the same answer to everything. */
async function server({ status, body, headers = {} }: Answer): Promise<string> {
  const one = createServer((_, response) => {
    response.writeHead(status, headers);
    response.end(body);
  });
  await new Promise<void>((done) => one.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    one.closeAllConnections();
    one.close();
  });
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
}

const json = (value: unknown) => JSON.stringify(value);

describe("errors of the API", () => {
  const problem = { code: HOSTILE, title: HOSTILE, detail: HOSTILE, source: { pointer: `/${HOSTILE}` } };

  test.each([
    ["as Telnyx tells them", { status: 422, body: json({ errors: [problem] }) }],
    [
      "as FastAPI tells them",
      { status: 422, body: json({ detail: [{ loc: ["body", HOSTILE], msg: HOSTILE }] }) },
    ],
    ["as a message", { status: 400, body: json({ error: { message: HOSTILE, code: HOSTILE } }) }],
    ["as text", { status: 400, body: HOSTILE }],
    ["as a page", { status: 400, body: `<html><title>${HOSTILE}</title></html>` }],
    ["with a redirect", { status: 302, body: "", headers: { location: HOSTILE_HEADER } }],
    ["with a request id", { status: 400, body: "{}", headers: { "x-request-id": HOSTILE_HEADER } }],
  ] as const)("%s", async (_, answer) => {
    const url = await server(answer);
    for (const args of [["plan", "-v"], ["drift"], ["apply", "--yes"]])
      await expectSafe(args, { TELNYX_BASE_URL: url });
  });

  test("that a write gets, in every format", async () => {
    for (const format of ["text", "json", "markdown", "html"]) {
      const fault = { kind: "status", status: 422, code: HOSTILE, detail: HOSTILE } as const;
      office.emulator.inject({ match: { method: "POST" }, fault });
      await expectSafe(["apply", "--yes", "--format", format]);
    }
  });
});

describe("live objects", () => {
  test("have names and values, in every format", async () => {
    await run("apply", "--yes");
    const [front] = office.emulator.state().assistants;
    const edit = { greeting: HOSTILE, description: HOSTILE, instructions: HOSTILE };
    office.emulator.portal.edit("Assistant", String(front?.["id"]), edit);
    office.emulator.portal.create("Assistant", { name: HOSTILE, instructions: HOSTILE, model: "x" });
    for (const format of ["text", "json", "markdown", "html"]) {
      await expectSafe(["drift", "--show-foreign", "--format", format]);
      await expectSafe(["plan", "--show-unmanaged", "--format", format]);
    }
    await expectSafe(["drift", "--propose"]);
  });
});

describe("the ledger", () => {
  const state = (entries: object, intents: readonly object[]): string =>
    formatLedger({ lineage: "l", serial: 1, entries, intents } as unknown as LedgerState);

  test("ids, and who began a run", async () => {
    const entry = { kind: "Assistant", id: HOSTILE, applied: {}, observed: {} };
    const intent = {
      id: HOSTILE,
      step: HOSTILE,
      address: "Assistant/front",
      action: "update",
      kind: "Assistant",
      run: HOSTILE,
      who: HOSTILE,
      began: HOSTILE,
    };
    await mkdir(join(office.folder, ".rollcall"));
    await file(".rollcall/default.json", state({ "Assistant/front": entry }, [intent]));
    await expectSafe(["ledger", "list"]);
    await expectSafe(["ledger", "list", "--format", "json"]);
    await expectSafe(["plan"], {}, "Assistant/front");
    await expectSafe(["plan", "--prune", "--format", "json"]);
  });

  test("its address", async () => {
    await project({ ledger: { backend: "http", address: `http://${HOSTILE_TEXT}/` } });
    await expectSafe(["plan"]);
  });

  test("its remote", async () => {
    await project({ ledger: { backend: "git", remote: HOSTILE_TEXT } });
    await expectSafe(["plan"]);
  });

  test("a state of Terraform", async () => {
    await mkdir(join(office.folder, ".rollcall"));
    await file(".rollcall/default.json", json({ version: 4, terraform_version: HOSTILE }));
    await expectSafe(["plan"]);
  });

  test("who holds a lock in a file", async () => {
    await mkdir(join(office.folder, ".rollcall"));
    const expires = new Date(Date.now() + 30_000).toISOString();
    const held = {
      who: HOSTILE,
      host: HOSTILE,
      pid: 1,
      operation: HOSTILE,
      token: HOSTILE,
      since: HOSTILE,
      expires,
    };
    await file(".rollcall/default.json.lock", json(held));
    await expectSafe(["apply", "--yes"]);
    await expectSafe(["ledger", "unlock"]);
    await expectSafe(["ledger", "unlock", "--yes"]);
  });

  test.each([
    [
      "who holds a lock on a server",
      { status: 423, body: json({ ID: HOSTILE, Who: HOSTILE, Operation: HOSTILE }) },
    ],
    ["the error of a server", { status: 400, body: HOSTILE }],
    ["the redirect of a server", { status: 302, body: "", headers: { location: HOSTILE_HEADER } }],
  ] as const)("%s", async (_, answer) => {
    const url = await server(answer);
    await project({ ledger: { backend: "http", address: `${url}/state`, lockAddress: `${url}/lock` } });
    await expectSafe(["ledger", "unlock"]);
  });
});

describe("Git", () => {
  const cloned = async (remote: string) => {
    await project({ ledger: { backend: "git" } });
    git(office.folder, "init", "--quiet", "--initial-branch=main");
    git(office.folder, "remote", "add", "origin", remote);
    git(office.folder, "add", ".");
    git(office.folder, "commit", "--quiet", "-m", HOSTILE_NAME);
  };

  test("has messages of a remote", async () => {
    await cloned(join(office.folder, HOSTILE_NAME));
    await expectSafe(["plan"]);
    await file("plan.md", "<!-- rollcall drift voice production -->\n## Drift\n");
    await assistant({ name: "Front", instructions: "Answer well." });
    const github = { GITHUB_ACTIONS: "true", GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "a/b" };
    await expectSafe(["ci", "propose", "plan.md"], github);
  });

  test("messages of commits in a ledger", async () => {
    await cloned(bareRepository());
    expect((await run("apply", "--yes")).code).toBe(0);
    const ref = "refs/rollcall/office/default";
    const tip = git(office.folder, "ls-remote", "origin", ref).split(/\s/)[0] ?? "";
    git(office.folder, "fetch", "--quiet", "origin", ref);
    const message = `${HOSTILE_NAME.replaceAll(/[\r\n]/g, "")}\n\nSerial: 9\nWho: ${HOSTILE_NAME}\nSource: ${HOSTILE_NAME}`;
    const commit = git(office.folder, "commit-tree", `${tip}^{tree}`, "-p", tip, "-m", message);
    git(office.folder, "push", "--quiet", "origin", `${commit}:${ref}`);
    await expectSafe(["ledger", "history"]);
    await expectSafe(["ledger", "history", "--format", "json"]);
  });
});

describe("manifests", () => {
  test("names of files", async () => {
    await file(`${HOSTILE_NAME}.yaml`, "kind: [");
    for (const format of ["text", "json", "github", "sarif"])
      await expectSafe(["validate", "--format", format]);
    await expectSafe(["plan"]);
  });

  const places: Readonly<Record<string, (text: string) => Promise<void>>> = {
    "fields nobody knows": (text) => assistant({ name: "Front", [text]: 1 }),
    "kinds nobody knows": (text) =>
      file("front.yaml", { apiVersion: API_VERSION, kind: text, metadata: { name: "front" } }),
    names: (text) => assistant({ name: "Front" }, { name: text }),
    labels: (text) => assistant({ name: "Front" }, { name: "front", labels: { [text]: text } }),
    values: (text) => assistant({ name: 1, transcription: { model: text, [text]: text } }),
    references: (text) => assistant({ name: "Front", instructions: "x", tool_ids: [{ ref: text }] }),
    includes: (text) => assistant({ name: "Front", instructions: { file: text } }),
    "included files": () => assistant({ name: "Front", instructions: { file: HOSTILE_NAME } }),
    variables: (text) => assistant({ name: "Front", instructions: `\${${text}} \${var.${text}}` }),
    "what is no YAML": (text) => file("front.yaml", `kind: "${text}\n *${text}`),
    "the project": (text) => project({ [text]: 1, environments: { [text]: { [text]: text } } }, text),
  };

  test.each(Object.entries(places))("%s", async (_, declare) => {
    for (const text of [HOSTILE, HOSTILE_TEXT]) {
      await declare(text);
      for (const format of ["text", "json", "github", "sarif"])
        await expectSafe(["validate", "--format", format], {}, "RC");
      await expectSafe(["plan"], {}, "RC");
    }
  });
});

describe("plans", () => {
  test("have texts of a saved plan", async () => {
    await file("plan.json", json({ [HOSTILE]: 1, x_rollcall: { format: HOSTILE, planId: HOSTILE } }));
    const { stderr } = await run("apply", "plan.json");
    expect(stderr).toContain("refused");
    expect(unsafe(stderr)).toEqual([]);
  });
});

describe("the forge", () => {
  const answers = [
    ["an error", { status: 422, body: json({ message: HOSTILE, errors: [HOSTILE] }) }],
    ["a refusal", { status: 403, body: json({ message: HOSTILE }) }],
  ] as const;

  test.each(answers)("%s", async (_, answer) => {
    const url = await server(answer);
    await file("plan.md", "<!-- rollcall plan voice production -->\n## Plan\n");
    const github = { GITHUB_ACTIONS: "true", GITHUB_API_URL: url, GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "a/b" };
    await expectSafe(["ci", "comment", "plan.md", "--change", "1"], github);
    const gitlab = { GITLAB_CI: "true", CI_API_V4_URL: url, GITLAB_TOKEN: "t", CI_PROJECT_ID: "1" };
    await expectSafe(["ci", "comment", "plan.md", "--change", "1"], gitlab);
  });
});

describe("arguments", () => {
  test.each([
    ["a command", [HOSTILE]],
    ["an option", ["plan", `--${HOSTILE}`]],
    ["a choice", ["plan", "--format", HOSTILE]],
    ["a path", ["plan", HOSTILE_NAME]],
    ["an environment", ["plan", "--env", HOSTILE]],
    ["a target", ["plan", "--target", HOSTILE]],
    ["a selector", ["plan", "--selector", HOSTILE]],
    ["a plan", ["apply", `${HOSTILE_NAME}.json`]],
    ["a file to save to", ["plan", "--out", `none/${HOSTILE_NAME}`]],
    ["a report", ["plan", "--report", `json=none/${HOSTILE_NAME}`]],
    ["an address", ["ledger", "show", HOSTILE]],
    ["an address that is none of the ledger's", ["ledger", "show", `Assistant/${HOSTILE}`]],
    ["an id", ["import", "Assistant/front", HOSTILE]],
    ["a test", ["test", HOSTILE]],
    ["a kind", ["schema", HOSTILE]],
    ["a field", ["explain", HOSTILE]],
    ["a name", ["init", "--name", HOSTILE]],
    ["a folder", ["init", `x/${HOSTILE_NAME}`]],
    ["an address to listen on", ["emulator", "--host", HOSTILE_NAME]],
    ["a report of a job", ["ci", "comment", HOSTILE_NAME]],
  ] as const)("%s", async (_, args) => {
    await expectSafe(args, { GITHUB_ACTIONS: "true", GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "a/b" });
  });
});

test("an unexpected error is printed without control characters", async () => {
  const thrown = `process.on("newListener", (name) => {
    if (name === "uncaughtException") setImmediate(() => { throw new TypeError(${json(HOSTILE)}); });
  });`;
  const args = ["--import", `data:text/javascript,${encodeURIComponent(thrown)}`, await builtMain(), "schema"];
  const ran = await promisify(execFile)(process.execPath, args, { env: { CI: "true" } }).then(
    () => undefined,
    (error: { readonly code: number; readonly stderr: string }) => error,
  );
  expect(ran?.code).toBe(1);
  expect(ran?.stderr).toContain("error: this is a bug in Rollcall: TypeError: ");
  expect(unsafe(ran?.stderr ?? "")).toEqual([]);
});
