/** `get` of everything in every output, with every filter: it ends well, or with an error that says why. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OUTPUTS } from "../../src/cli/object-outputs.ts";
import { httpTo } from "../pull/http.ts";
import { everyNth } from "../grid.ts";
import { makeSmallAccount } from "../pull/small-account.ts";
import { desk, type Desk } from "./cli.ts";

let here: Desk;
beforeAll(async () => {
  here = await desk();
  const http = httpTo(here.emulator.url);
  await makeSmallAccount(http);
  await here.ends(0, "pull", "Support*");
  await http.post("/ai/assistants", { name: "Night 'desk' \"two\"", instructions: "Hi" });
});
afterAll(() => here.close());

const KINDS = ["assistants", "versions", "canaries", "tests", "tools", "mcpservers", "tags", "suites"];
const WORDS = [
  [],
  ...KINDS.map((kind) => [kind]),
  ["Support"],
  ["N*'desk' \"t?o\""],
  ["versions", "Assistant/support"],
];
const FILTERS = [[], ["--managed"], ["--unmanaged"], ["--unmanaged", "--tag", "none"]];
const CELLS = WORDS.flatMap((words) => FILTERS.map((filter) => ({ words: [...words, ...filter] })));

/** What an output cannot show ends with 1 and a sentence about it. */
const REFUSED = /^error: (-o \w+ shows|the API has no TeXML of|no object has|no object)/;

everyNth(6).each(CELLS)("get $words in every output", async ({ words }) => {
  for (const output of OUTPUTS) {
    const { code, stdout, stderr } = await here.rollcall("get", ...words, "-o", output);
    expect(stdout + stderr).not.toMatch(/undefined|\[object|\bat .*\.ts:\d/);
    if (code !== 0) {
      expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(REFUSED);
    } else if (output === "json") JSON.parse(stdout);
    else if (stdout === "") expect(stderr).toContain("No objects found.");
    else if (output === "table" || output === "wide")
      expect(stdout).toMatch(/^(?:[A-Z][\w ]+ \(\d+\)\n)?NAME +(ID +MANAGED|OBJECTS)/);
  }
});

const HEADINGS: Readonly<Record<string, RegExp>> = {
  assistants: /^NAME +ID +MANAGED +UPDATED +TAGS\n/,
  versions: /^NAME +ID +MANAGED +UPDATED +PARENT\n/,
  canaries: /^NAME +ID +MANAGED +UPDATED +SPLIT\n/,
  tests: /^NAME +ID +MANAGED +CREATED +SUITE/,
  tools: /^NAME +ID +MANAGED +CREATED +TYPE/,
  mcpservers: /^NAME +ID +MANAGED +CREATED/,
};

test.each(Object.entries(HEADINGS))("the columns of %s", async (kind, headings) => {
  expect(await here.ends(0, "get", kind)).toMatch(headings);
});

test.each(OUTPUTS.filter((output) => output !== "texml"))(
  "manifests with errors do not matter: %s",
  async (output) => {
    await mkdir(join(here.folder, "broken"), { recursive: true });
    for (const [name, text] of [
      ["broken/a.yaml", "kind: Assistant\n"],
      ["broken/b.yaml", "a: [\n"],
    ] as const)
      await writeFile(join(here.folder, name), text);
    const args = output === "yaml" ? ["get", "tools", "-o", output] : ["get", "-o", output];
    const ran = await here.rollcall(...args);
    await rm(join(here.folder, "broken"), { recursive: true });
    expect(ran.code, ran.stderr).toBe(0);
  },
);

describe("a key that may not list tools", () => {
  beforeAll(() =>
    here.emulator.inject({
      match: { method: "GET", path: /^\/ai\/tools$/ },
      fault: { kind: "status", status: 403 },
      times: "always",
    }),
  );
  afterAll(() => here.emulator.clearFaults());

  test.each(["table", "wide", "json", "name", "id"])(
    "shows the other kinds, and says so: %s",
    async (output) => {
      const ran = await here.rollcall("get", "-o", output);
      expect(ran.code, ran.stderr).toBe(3);
      const [shown] = here.emulator.state().tests;
      expect(ran.stdout).toContain(output === "name" ? "AssistantTest/Says hello" : shown?.["test_id"]);
      expect(ran.stderr).toMatch(/^note: tools are not shown: GET \/ai\/tools answered 403/m);
    },
  );

  test.each([[["tools"]], [["assistants,tools"]], [["-o", "yaml"]]])(
    "ends with an error: get %j",
    async (args) => {
      const ran = await here.rollcall("get", ...args);
      expect(ran).toMatchObject({ code: 1, stdout: "" });
      expect(ran.stderr).toContain("GET /ai/tools answered 403");
    },
  );

  test("a name that nothing has may be that of a tool", async () => {
    const ran = await here.rollcall("get", "Nobody");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("tools are not shown");
    expect(ran.stderr).toContain("no object has the address, id or name Nobody");
  });

  test("other kinds are shown alone", async () => {
    expect(await here.ends(0, "get", "assistants")).toContain("Support");
  });
});
