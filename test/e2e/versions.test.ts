import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { notFound, RATE_LIMIT, refusals, type FaultCase } from "./api-faults.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const MANIFESTS = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec:
  name: Front desk
  instructions: |
    Answer.
    Be brief and warm.
  greeting: Hello.
---
apiVersion: rollcall.dev/v1
kind: AssistantVersion
metadata: { name: warmer }
spec:
  assistant: { ref: Assistant/front }
  changes:
    greeting: Hello, dear caller.
    instructions: |
      Answer.
      Be brief and very warm.
---
apiVersion: rollcall.dev/v1
kind: CanaryDeploy
metadata: { name: front }
spec:
  assistant: { ref: Assistant/front }
  rules:
    - match: [{ attribute: telnyx_end_user_target, operator: in, values: ["+15550001111"] }]
      serve: { version_id: { ref: AssistantVersion/warmer } }
    - serve: { rollout: [{ version_id: { ref: AssistantVersion/warmer }, weight: 10 }] }
`;

let office: Desk;
let id = "";
let trial = "";

beforeAll(async () => {
  office = await appliedDesk({ "a.yaml": MANIFESTS });
  id = office.emulator.state().assistants[0]?.id ?? "";
  const secret = ["Bearer", "sk", "live"].join("-") + "0123456789abcdefghij";
  trial = office.emulator.portal.create("AssistantVersion", {
    assistant_id: id,
    version_name: "trial \u001b[2J",
    greeting: "Yo.",
    dynamic_variables: { api_token: secret },
  });
});
afterAll(() => office.close());
beforeEach(() => {
  office.emulator.clearFaults();
  office.emulator.clearRequests();
});

const versions = (...args: readonly string[]) => office.rollcall("versions", ...args);
const ownId = (whole: string) => whole.slice(whole.indexOf("/") + 1);

/** Nothing but reads arrived. */
const readsOnly = () => office.emulator.requests().every(({ method }) => method === "GET");

describe("versions list", () => {
  test("shows main, the versions of the canary and their managers", async () => {
    const { code, stdout, stderr } = await versions("list", "Assistant/front");
    expect(code, stderr).toBe(0);
    const rows = stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | "));
    expect(rows[0]).toBe("NAME | ID | SERVES | MANAGED | CREATED");
    const canary = "canary 100% if telnyx_end_user_target in +15550001111; canary 10%";
    expect(rows[1]).toContain(`trial \\u001b[2J | ${ownId(trial)} | – | – | `);
    expect(rows[2]).toContain(` | ${canary} | AssistantVersion/warmer | `);
    expect(rows[3]).toContain(` | main | Assistant/front | `);
    expect(readsOnly()).toBe(true);
  });

  test("without a project, by name, as JSON", async () => {
    const ran = await runIn(office.emptyFolder, office.env, [
      "versions",
      "list",
      "Front desk",
      "--format",
      "json",
    ]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      assistant: { address: null, id, name: "Front desk" },
      versions: [
        { id: ownId(trial), main: false, canary: [], managed: null, manifest: null },
        { name: "warmer", canary: [{ percent: 100 }, { match: "", percent: 10 }], managed: null },
        { main: true },
      ],
    });
  });

  test("as JSON in the project: the address, the environment and the manifest", async () => {
    const ran = await versions("list", id, "--format", "json");
    const address = "AssistantVersion/warmer";
    expect((JSON.parse(ran.stdout) as { versions: readonly unknown[] }).versions[1]).toMatchObject({
      managed: { address, environment: "default" },
      manifest: { address, file: "a.yaml", line: 11 },
    });
  });
});

describe("versions show", () => {
  test.each(["AssistantVersion/warmer", "warmer"])(
    "%s: its manifest, and the differences from main",
    async (name) => {
      const { code, stdout, stderr } = await versions("show", "Assistant/front", name);
      expect(code, stderr).toBe(0);
      expect(stdout).toContain(
        "  changes:\n    instructions: |\n      Answer.\n      Be brief and very warm.\n",
      );
      expect(stdout).toContain("~ greeting      Hello. → Hello, dear caller.");
      expect(stdout).toContain("Be brief and {+very +}warm.");
      expect(readsOnly()).toBe(true);
    },
  );

  test("a secret is not shown", async () => {
    for (const format of ["text", "json"]) {
      const { code, stdout, stderr } = await versions("show", id, ownId(trial), "--format", format);
      expect(code, stderr).toBe(0);
      expect(stdout).toContain("Yo.");
      expect(stdout + stderr).not.toContain("0123456789abcdefghij");
    }
  });
});

describe("versions diff", () => {
  test.each([
    [["--to", "warmer"], "~ greeting      Hello. → Hello, dear caller."],
    [["--from", "warmer"], "~ greeting      Hello, dear caller. → Hello."],
    [["--from", "warmer", "--to", "git"], "No differences: warmer ("],
    [["--to", "git"], "No differences: main: "],
  ])("%j", async (sides, shown) => {
    const { code, stdout, stderr } = await versions("diff", "Assistant/front", ...sides);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(shown);
    expect(readsOnly()).toBe(true);
  });

  test("--detailed-exitcode ends with 2 if they differ, else with 0", async () => {
    const differ = await versions("diff", "Assistant/front", "--to", "warmer", "--detailed-exitcode");
    const same = await versions(
      "diff",
      "Assistant/front",
      "--from",
      "warmer",
      "--to",
      "git",
      "--detailed-exitcode",
    );
    expect([differ.code, same.code]).toEqual([2, 0]);
  });

  test("git means the manifest of the assistant for an undeclared version, on either side", async () => {
    const to = await versions("diff", "Assistant/front", "--from", trial, "--to", "git", "--format", "json");
    const from = await versions("diff", "Assistant/front", "--from", "git", "--to", trial, "--format", "json");
    expect(JSON.parse(to.stdout)).toMatchObject({
      to: { what: "git", address: "Assistant/front" },
      changes: [{ label: "greeting", before: "Yo.", after: "Hello." }],
    });
    expect(JSON.parse(from.stdout)).toMatchObject({
      changes: [{ label: "greeting", before: "Hello.", after: "Yo." }],
    });
  });
});

test.each([
  [["list", "Tool/x"], "Tool/x is not an assistant"],
  [["list", "Nobody"], "there is no assistant with the address, id or name Nobody"],
  [["show", "Assistant/front", "none"], "Assistant/front has no version with the address, id or name none"],
  [["show", "Assistant/front", "Tool/x"], "Assistant/front has no version with the address, id or name Tool/x"],
  [["diff", "Assistant/front"], "versions diff needs --from or --to"],
  [["diff", "Assistant/front", "--from", "git", "--to", "git"], "only one side can be git"],
])("%j: %s", async (words, message) => {
  const ran = await versions(...words);
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain(`error: ${message}`);
});

const LIST = "GET /ai/assistants/\\S+/versions";
const FAILURES: readonly FaultCase[] = [
  ...refusals(LIST),
  notFound(LIST),
  RATE_LIMIT,
  { what: "a connection that is cut, once", fault: { kind: "reset-after" }, code: 0, requests: 2 },
];

test.each(FAILURES)("list: $what", async ({ fault, code, message, requests }) => {
  const path = /\/versions$/;
  office.emulator.inject({ match: { method: "GET", path }, fault });
  const ran = await versions("list", "Assistant/front");
  expect(ran.code, ran.stderr).toBe(code);
  if (message !== undefined) expect(ran.stderr).toMatch(message);
  expect(office.emulator.requests().filter((one) => path.test(one.path))).toHaveLength(requests);
});
