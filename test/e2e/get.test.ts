import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import stringWidth from "string-width";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { builtMain } from "../checkout.ts";
import { appliedDesk, KEY, rawIn, runIn, type Desk, type Ran } from "./cli.ts";

const PROJECT = `apiVersion: rollcall.dev/v1
kind: Project
metadata: { name: office }
spec: { environments: { production: { apiKey: { env: TELNYX_STAGING_API_KEY } }, staging: {} } }
`;
const MANIFEST = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec: { name: Front desk, instructions: Answer., tags: [reception] }
---
apiVersion: rollcall.dev/v1
kind: AssistantVersion
metadata: { name: short }
spec: { assistant: { ref: Assistant/front }, version_name: Short, changes: { greeting: Hi. } }
`;
const HOSTILE = "Night \u001b[2J\u202e desk / 🌙";

let office: Desk;
/** Ids by what they are of. */
const ids: Record<string, string> = {};

beforeAll(builtMain);

beforeAll(async () => {
  office = await appliedDesk({ "rollcall.yaml": PROJECT, "a.yaml": MANIFEST }, "--env", "staging");
  const { portal } = office.emulator;
  const assistant = (name: string, tags: readonly string[] = []) =>
    portal.create("Assistant", { name, instructions: "x".repeat(300), tags });
  ids["front"] = office.emulator.state().assistants[0]?.id ?? "";
  ids["twin 1"] = assistant("Twin", ["old"]);
  ids["twin 2"] = assistant("Twin");
  ids["night"] = assistant(HOSTILE, ["old", "night"]);
  ids["tool"] = portal.create("Tool", {
    type: "webhook",
    display_name: "Open a ticket",
    webhook: {
      name: "t",
      description: "x",
      url: "https://a.example",
      headers: [{ name: "x-token", value: "hdr-1" }],
    },
  });
  ids["mcp"] = portal.create("McpServer", { name: "crm", type: "http", url: "https://crm.example" });
  ids["test"] = portal.create("AssistantTest", {
    name: "Asks",
    test_suite: "smoke",
    destination: "+15550100000",
    instructions: "Ask.",
    rubric: [{ name: "kind", criteria: "Kind." }],
  });
});

afterAll(() => office.close());

beforeEach(() => office.emulator.clearRequests());

const get = (...args: readonly string[]) => office.rollcall("get", "--env", "staging", ...args);
const requests = () => office.emulator.requests().map(({ method, path }) => `${method} ${path}`);

/** The cells of the rows of a table, without the headings. */
function rows({ stdout }: Ran): readonly (readonly string[])[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/))
    .filter((cells) => cells.length > 2 && cells[0] !== "NAME");
}

test("in an empty folder only the key is needed", async () => {
  const main = await builtMain();
  const env = { ...process.env, TELNYX_BASE_URL: office.emulator.url, TELNYX_API_KEY: KEY };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, "get"], {
    cwd: office.emptyFolder,
    env,
  });
  expect(stderr).toBe("");
  for (const heading of ["Assistants (4)", "Assistant tests (1)", "MCP servers (1)", "Tools (1)"])
    expect(stdout).toContain(heading);
  for (const name of ["front", "night", "tool", "mcp", "test"]) expect(stdout).toContain(ids[name]);
});

test("without a key, the error names the variable", async () => {
  const ran = await runIn(office.emptyFolder, {}, ["get"]);
  expect(ran).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("TELNYX_API_KEY is not set"),
  });
});

test("a folder that does not exist is an error", async () => {
  const ran = await get("--project", "nowhere");
  expect(ran).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("there is nothing at") });
});

test("a list that is not found means a wrong base URL, and not a deleted object", async () => {
  const env = { TELNYX_API_KEY: KEY, TELNYX_BASE_URL: `${office.emulator.url}/v3` };
  for (const kinds of [[], ["tools"], ["assistants"]]) {
    const said = await runIn(office.emptyFolder, env, ["get", ...kinds]);
    expect(said.code).toBe(1);
    expect(said.stderr).toContain(`check the base URL ${office.emulator.url}/v3`);
    expect(said.stderr).not.toContain("may have been deleted");
  }
});

test("all kinds need one list each, and nothing is written", async () => {
  expect((await get()).code).toBe(0);
  const sent = requests();
  expect(new Set(sent)).toEqual(
    new Set(
      ["/ai/assistants", "/ai/assistants/tests", "/ai/mcp_servers", "/ai/tools"].map((path) => `GET ${path}`),
    ),
  );
  expect(sent.filter((request) => request === "GET /ai/assistants")).toHaveLength(1);
});

describe("who manages an object", () => {
  const managed = async (...args: readonly string[]) => {
    const ran = await office.rollcall("get", ...args);
    return rows(ran).map((cells) => [cells[1], cells[2]]);
  };

  test("is reported with the address, and with the environment if it is another one", async () => {
    const [front, tool] = [ids["front"], ids["tool"]];
    expect(await managed("assistants", "Front*", "--env", "staging")).toEqual([[front, "Assistant/front"]]);
    expect(await managed("assistants", "Front*", "--env", "production")).toEqual([
      [front, "staging: Assistant/front"],
    ]);
    expect(await managed("tools", "--env", "staging")).toEqual([[tool, "–"]]);
  });

  test("selects with --managed and --unmanaged", async () => {
    const of = async (option: string) =>
      (await get("assistants", option, "-o", "id")).stdout.trim().split("\n");
    expect(await of("--managed")).toEqual([ids["front"]]);
    expect(await of("--unmanaged")).toEqual([ids["twin 1"], ids["twin 2"], ids["night"]]);
    const both = await get("--managed", "--unmanaged");
    expect(both).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be used with") });
  });

  test("is known even if other manifests have errors", async () => {
    await writeFile(join(office.folder, "broken.yaml"), "kind: Nothing\n");
    const ran = await get("Assistant/front", "-o", "id");
    await rm(join(office.folder, "broken.yaml"));
    expect(ran).toMatchObject({ code: 0, stdout: `${ids["front"]}\n` });
    expect(ran.stderr).toContain("some manifests have errors");
  });
});

describe("the selection", () => {
  const names = (...of: readonly string[]) => of.map((name) => ids[name]);

  test.each<[readonly string[], readonly string[]]>([
    [["Assistant/front"], ["front"]],
    [["assistants/Twin"], ["twin 1", "twin 2"]],
    [["Twin"], ["twin 1", "twin 2"]],
    [["T*"], ["twin 1", "twin 2"]],
    [
      ["--tag", "old"],
      ["twin 1", "night"],
    ],
    [["--tag", "old", "--tag", "night"], ["night"]],
    [["tests,MCPServers"], ["test", "mcp"]],
    [
      ["tools", "tests"],
      ["tool", "test"],
    ],
    [["tool", "Open a ticket"], ["tool"]],
    [[HOSTILE], ["night"]],
  ])("%j", async (args, expected) => {
    const { code, stdout, stderr } = await get(...args, "-o", "id");
    expect(stdout.trim().split("\n"), stderr).toEqual(names(...expected));
    expect(code).toBe(0);
  });

  test("is found by every id that is shown, also by the id of a version", async () => {
    const versions = await get("versions", "-o", "id");
    expect(versions.stdout).toContain(`${ids["front"]}/`);
    for (const id of [...versions.stdout.trim().split("\n"), ids["mcp"] ?? ""])
      expect((await get(id, "-o", "id")).stdout).toBe(`${id}\n`);
  });

  test.each([[["-o", "name"]], [["-o", "yaml"]]])("lists no parents twice %j", async (output) => {
    const [, version = ""] = rows(await get("versions", "Assistant/front"))[0] ?? [];
    office.emulator.clearRequests();
    expect((await get(version, ...output)).code).toBe(0);
    for (const list of ["GET /ai/assistants", "GET /ai/tools"])
      expect(requests().filter((one) => one === list).length).toBeLessThanOrEqual(1);
  });

  test("lists versions only of the named assistants", async () => {
    const named = await get("versions", "Assistant/front");
    expect(rows(named)).toMatchObject([
      ["Short", expect.any(String), "AssistantVersion/short", expect.any(String), "Front desk"],
    ]);
    expect(requests().filter((one) => one.endsWith("/versions"))).toHaveLength(1);
    office.emulator.clearRequests();
    expect((await get("AssistantVersion/short", "-o", "name")).stdout).toBe("AssistantVersion/short\n");
    expect(requests().filter((one) => one.endsWith("/versions"))).toHaveLength(1);
  });

  test("may be empty", async () => {
    for (const args of [["canaries"], ["versions", "Twin"], ["--tag", "none"], ["Twin", "--managed"]])
      expect(await get(...args)).toEqual({ code: 0, stdout: "", stderr: "No objects found.\n" });
    expect(JSON.parse((await get("canaries", "-o", "json")).stdout)).toMatchObject({ objects: [] });
  });

  test.each([
    [["nothing"], "no object has the address, id or name nothing"],
    [["Twin", "Assistant/none", "x*"], "no objects have the address, id or name Assistant/none, x*"],
    [["tools", "Twin"], "no object has the address, id or name Twin"],
    [["tags", "none"], "there is no tag none"],
    [["tags", "-o", "texml"], "-o texml shows objects, and tags are not objects"],
    [["Twin", "-o", "texml"], "-o texml shows one object, and 2 are selected"],
    [["tools", "-o", "texml"], "the API has no TeXML of tools"],
  ])("is an error if it does not exist: %j", async (args, message) => {
    const ran = await get(...args);
    expect(ran).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(`error: ${message}\n`) });
  });

  test("counts tags and suites", async () => {
    expect((await get("tags")).stdout).toBe("NAME       OBJECTS\nnight      1\nold        2\nreception  1\n");
    expect((await get("tags", "n*", "-o", "name")).stdout).toBe("night\n");
    expect(JSON.parse((await get("suites", "-o", "json")).stdout)).toMatchObject({
      suites: [{ name: "smoke", objects: 1 }],
    });
  });
});

describe("the output", () => {
  test.each([40, 80, 120])("fits a terminal of %d columns, with complete ids", async (columns) => {
    const isTerminal = { stdout: true, stderr: true };
    const { stdout } = await rawIn(office.folder, office.env, ["get", "--env", "staging"], {
      columns,
      isTerminal,
    });
    const widths = stripVTControlCharacters(stdout)
      .split("\n")
      .map((line) => stringWidth(line));
    const least = 12 + 46 + 12 + 17 + 12 + 4 * 2;
    expect(Math.max(...widths)).toBeLessThanOrEqual(Math.max(columns, least));
    for (const id of Object.values(ids)) expect(stdout).toContain(id);
  });

  test.each(["table", "wide", "json", "name"])("has no control characters of names: %s", async (output) => {
    const { stdout } = await rawIn(office.emptyFolder, office.env, ["get", "assistants", "-o", output]);
    expect(stdout).toContain("🌙");
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  });

  test("as JSON follows the published schema, without secrets", async () => {
    const schema: object = JSON.parse(
      readFileSync(join(import.meta.dirname, "../../schema/objects.schema.json"), "utf8"),
    );
    const validate = new Ajv2020({ allErrors: true, strict: false, formats: { "date-time": true } }).compile(
      schema,
    );
    const all = ["-o", "json"];
    for (const args of [all, ["versions", ...all], ["Assistant/front", ...all], ["canaries", ...all]]) {
      const { stdout } = await get(...args);
      expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors)).toBe(true);
      expect(stdout).not.toContain("hdr-1");
    }
    expect(validate({ objects: [] })).toBe(false);
  });

  test("as JSON reads named objects by id, and other objects from lists", async () => {
    const of = async (...args: readonly string[]) =>
      JSON.parse((await get(...args, "-o", "json")).stdout) as { objects: readonly Record<string, unknown>[] };
    const managed = { address: "Assistant/front", environment: "staging" };
    expect(await of("Assistant/front")).toMatchObject({
      environment: "staging",
      objects: [{ id: ids["front"], complete: true, managed, spec: { instructions: "Answer." } }],
    });
    expect(requests()).toContain(`GET /ai/assistants/${ids["front"]}`);
    expect((await of("assistants", "T*")).objects.map(({ complete }) => complete)).toEqual([false, false]);
  });

  test("as names selects the same objects", async () => {
    const names = (await get("-o", "name")).stdout.trim().split("\n");
    expect(names).toContain("Assistant/front");
    expect(names).toContain("Tool/Open a ticket");
    const again = await get(...names.filter((name) => !name.includes("Night")), "-o", "name");
    expect(again.stdout.trim().split("\n")).toEqual(names.filter((name) => !name.includes("Night")));
  });

  test("as YAML is the same as what pull writes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rollcall-pulled-"));
    const run = (...args: readonly string[]) => runIn(folder, office.env, args);
    try {
      await writeFile(join(folder, ".rollcallignore"), "Assistant/Night*\n");
      const before = await run("get", "--unmanaged", "-o", "yaml");
      expect(before.code, before.stderr).toBe(0);
      expect(before.stdout).not.toContain("hdr-1");
      const pulled = await run("pull", "--layout", "single");
      expect(pulled.code, pulled.stderr + pulled.stdout).toBe(0);
      expect(readFileSync(join(folder, "manifests.yaml"), "utf8")).toBe(before.stdout);
      expect((await run("get", "--managed", "-o", "yaml")).stdout).toBe(before.stdout);
      const one = (await run("get", "Assistant/front-desk", "-o", "yaml")).stdout;
      expect(before.stdout).toContain(one);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("as TeXML is the text of the API", async () => {
    const { code, stdout } = await get("Assistant/front", "-o", "texml");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<\?xml[\s\S]*<\/Response>\n$/);
  });
});
