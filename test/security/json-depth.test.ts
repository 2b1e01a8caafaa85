import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { DEEPEST_ANSWER, parseJson } from "../../src/model/parse-json.ts";
import { desk, KEY, rawIn, type Desk } from "../e2e/cli.ts";

let office: Desk;

beforeEach(async () => {
  office = await desk();
  await project({});
});

afterEach(() => office.close());

const API_VERSION = "rollcall.dev/v1";

async function project(spec: object): Promise<void> {
  const write = (file: string, content: object) =>
    writeFile(join(office.folder, file), JSON.stringify(content));
  await write("rollcall.yaml", {
    apiVersion: API_VERSION,
    kind: "Project",
    metadata: { name: "office" },
    spec,
  });
  const front = { name: "Front", instructions: "Answer." };
  await write("front.yaml", {
    apiVersion: API_VERSION,
    kind: "Assistant",
    metadata: { name: "front" },
    spec: front,
  });
}

const LEVELS = 50_000;
const deep = (inner: string, levels = LEVELS) =>
  `${'{"a":['.repeat(levels / 2)}${inner}${"]}".repeat(levels / 2)}`;
/** A number that a double holds, and one that it does not: there are two parsers. */
const NUMBERS = ["1", "12345678901234567890"];

/** A server that gives the same answer to everything. */
async function server(status: number, body: string): Promise<string> {
  const one = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((done) => one.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    one.closeAllConnections();
    one.close();
  });
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
}

async function expectRefused(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const all = { TELNYX_BASE_URL: office.emulator.url, TELNYX_API_KEY: KEY, ...env };
  const { stdout, stderr, code } = await rawIn(office.folder, all, args);
  expect({ stdout, stderr }).toEqual({
    stdout: "",
    stderr: expect.stringMatching(
      /^error: .*JSON that is nested more than \d+ levels deep.*\n(?:help: .*\n)?$/,
    ) as string,
  });
  expect([1, 4]).toContain(code);
}

describe.each(NUMBERS)("50,000 levels of JSON around %s are reported, and nothing else", (number) => {
  test("in an answer of the API", async () => {
    const url = await server(200, `{"data":[{"id":"a","name":${deep(number)}}]}`);
    for (const args of [["plan"], ["drift"], ["apply", "--yes"], ["import", "Assistant/front", "a"]])
      await expectRefused(args, { TELNYX_BASE_URL: url });
  });

  test("in an error of the API", async () => {
    const url = await server(422, `{"errors":[{"detail":${deep(number)}}]}`);
    await expectRefused(["plan"], { TELNYX_BASE_URL: url });
  });

  test("in a ledger, in a file and on a server", async () => {
    await mkdir(join(office.folder, ".rollcall"));
    await writeFile(join(office.folder, ".rollcall/default.json"), `{"format":1,"entries":${deep(number)}}`);
    await expectRefused(["plan"]);
    await expectRefused(["ledger", "list"]);
    await project({ ledger: { backend: "http", address: await server(200, deep(number)) } });
    await expectRefused(["plan"]);
  });

  test("in a saved plan", async () => {
    await writeFile(join(office.folder, "plan.json"), `{"x_rollcall":${deep(number)}}`);
    await expectRefused(["apply", "plan.json"]);
  });

  test("in an answer of a forge", async () => {
    await writeFile(join(office.folder, "plan.md"), "<!-- rollcall plan voice production -->\n## Plan\n");
    const url = await server(200, `[{"id":1,"body":${deep(number)}}]`);
    const github = { GITHUB_ACTIONS: "true", GITHUB_API_URL: url, GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "a/b" };
    await expectRefused(["ci", "comment", "plan.md", "--change", "1"], github);
  });
});

test("50,000 levels in a lock count as an unknown holder", async () => {
  const url = await server(423, deep("1"));
  await project({ ledger: { backend: "http", address: `${url}/state`, lockAddress: `${url}/lock` } });
  const env = { TELNYX_BASE_URL: office.emulator.url, TELNYX_API_KEY: KEY };
  const { stderr } = await rawIn(office.folder, env, ["ledger", "unlock"]);
  expect(stderr).toMatch(/^error: the ledger is locked by someone .*\n/);
});

test("a response at the depth limit is planned, reported, saved, applied and recorded", async () => {
  const env = { TELNYX_BASE_URL: office.emulator.url, TELNYX_API_KEY: KEY };
  const run = async (...args: readonly string[]) => {
    const ran = await rawIn(office.folder, env, args);
    expect(ran.stderr, args.join(" ")).not.toMatch(/bug|RangeError|error:/);
    expect([0, 2], args.join(" ")).toContain(ran.code);
    return ran;
  };
  await run("apply", "--yes");
  const [front] = office.emulator.state().assistants;
  // The answer has two levels around the field.
  const value = parseJson(deep("1", DEEPEST_ANSWER - 4));
  office.emulator.portal.edit("Assistant", String(front?.["id"]), {
    dynamic_variables: { deep: value },
    greeting: "x",
  });
  for (const format of ["text", "json", "markdown", "html"]) {
    await run("plan", "--show-unmanaged", "--format", format);
    await run("drift", "--format", format);
  }
  await writeFile(
    join(office.folder, "front.yaml"),
    JSON.stringify({
      apiVersion: API_VERSION,
      kind: "Assistant",
      metadata: { name: "front" },
      spec: { name: "Front", instructions: "Answer well.", greeting: "y", dynamic_variables: { other: "1" } },
    }),
  );
  await run("plan", "--on-conflict", "overwrite", "--out", "plan.json");
  await run("apply", "plan.json");
  await run("plan");
  const { stdout } = await run("ledger", "show", "Assistant/front");
  expect(stdout.match(/"a": \[/g)?.length).toBeGreaterThan(90);
});
