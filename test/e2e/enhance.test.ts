import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FaultCase } from "./api-faults.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const PROJECT = `apiVersion: rollcall.dev/v1
kind: Project
metadata: { name: desk }
spec:
  vars: { brand: Acme }
`;
const ASSISTANTS = `# Desks.
apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec:
  name: Front desk
  instructions: { file: front.md }
  dynamic_variables: { caller: you }
---
apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: back }
spec:
  name: Back desk
  instructions: |   # short
    You are the desk of \${var.brand}.
    Greet {{caller}}.
  dynamic_variables: { caller: you }
`;
const PROMPT = "You answer the phone.\nGreet {{caller}} by name.\n";

let office: Desk;
const file = (name: string) => readFile(join(office.folder, name), "utf8");
const enhance = (...args: readonly string[]) => office.rollcall("enhance", ...args);
const suggest = (instructions: string) => office.emulator.enhanceRule({ instructions });
const asked = () => office.emulator.requests().filter(({ path }) => path.endsWith("/enhance"));
const others = () =>
  office.emulator.requests().filter(({ method, path }) => method !== "GET" && !path.endsWith("/enhance"));

const FILES = { "rollcall.yaml": PROJECT, "a.yaml": ASSISTANTS, "front.md": PROMPT };

/** Nothing was written, neither live nor into a file. */
async function expectUntouched(): Promise<void> {
  expect([await file("a.yaml"), await file("front.md")]).toEqual([ASSISTANTS, PROMPT]);
  expect(others()).toEqual([]);
}

beforeAll(async () => {
  office = await appliedDesk(FILES);
  office.emulator.portal.create("Assistant", { name: "Other", instructions: "Live." });
});
afterAll(() => office.close());
beforeEach(async () => {
  office.emulator.clearFaults();
  office.emulator.clearRequests();
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(office.folder, name), text);
});

describe("without a terminal", () => {
  test("prints the diff and the suggestion, and writes nothing", async () => {
    suggest("You answer the phone politely.\nGreet {{caller}} by name.\n");
    const ran = await enhance("Assistant/front", "--prompt", "Be polite.");
    expect(ran).toMatchObject({ code: 0, stderr: "Nothing was written.\n" });
    expect(ran.stdout).toMatch(
      /- 1 {3}You answer the phone[^\n]*\n *\+ 1 {3}You answer the phone[^\n]*politely/,
    );
    expect(ran.stdout).toContain("Suggestion:\n\nYou answer the phone politely.\nGreet {{caller}} by name.");
    expect(asked().map(({ body }) => body)).toEqual([
      { instructions: PROMPT.trimEnd(), enhancement_prompt: "Be polite." },
    ]);
    await expectUntouched();
  });

  test("--yes writes only the prompt file", async () => {
    suggest("Better.\r\nGreet {{ caller }}.\n\n");
    const ran = await enhance("Front desk", "--yes");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(await file("front.md")).toBe("Better.\nGreet {{ caller }}.\n");
    expect(await file("a.yaml")).toBe(ASSISTANTS);
    expect(others()).toEqual([]);
  });

  test("--yes writes the manifest, and keeps variables, comments and formatting", async () => {
    suggest("You are the friendly desk of Acme.\nGreet {{caller}}.\nBe brief.");
    const ran = await enhance("Assistant/back", "--yes", "--format", "json");
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      assistant: { address: "Assistant/back", name: "Back desk" },
      files: ["a.yaml"],
      lost: [],
    });
    expect(await file("a.yaml")).toBe(
      ASSISTANTS.replace("the desk of", "the friendly desk of").replace(
        "Greet {{caller}}.\n",
        "Greet {{caller}}.\n    Be brief.\n",
      ),
    );
  });

  test("a lost dynamic variable is reported", async () => {
    suggest("You answer the phone.");
    const ran = await enhance("Assistant/front");
    expect(ran.stderr).toBe("warning: the suggestion no longer uses {{caller}}\nNothing was written.\n");
  });

  test("control characters of the answer are escaped", async () => {
    suggest("Be \u001b[2Jbrief. {{caller}}");
    expect((await enhance("Assistant/front")).stdout).toContain("Be \\u001b[2Jbrief.");
  });

  test("instructions of an assistant without a manifest are only shown", async () => {
    suggest("Live and well.");
    const ran = await enhance("Other");
    expect(ran).toMatchObject({ code: 0, stderr: "Nothing was written.\n" });
    expect(ran.stdout).toContain("Suggestion:\n\nLive and well.");
    expect(asked().map(({ body }) => body)).toEqual([{}]);
  });

  test("unchanged instructions are not written", async () => {
    suggest(PROMPT);
    const ran = await enhance("Assistant/front", "--yes");
    expect(ran).toMatchObject({
      code: 0,
      stderr: "The suggestion is the same as the instructions. Nothing was written.\n",
    });
    await expectUntouched();
  });
});

test.each([
  ["replaces a variable", "You are the desk of Initech.\nGreet {{caller}}.", /\$\{var\.brand\}/],
  ["removes a variable", "Greet {{caller}}.", /\$\{var\.brand\}/],
])("a suggestion that %s is shown and refused", async (_, text, message) => {
  suggest(text);
  const ran = await enhance("Assistant/back", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain(text);
  expect(ran.stderr).toMatch(message);
  await expectUntouched();
});

test("a suggestion for a file that another assistant includes is refused", async () => {
  const own = /instructions: \| {3}# short\n(?: {4}.*\n)+/;
  const shared = ASSISTANTS.replace(own, "instructions: { file: front.md }\n");
  await writeFile(join(office.folder, "a.yaml"), shared);
  suggest("Better. {{caller}}");
  const ran = await enhance("Assistant/front", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("front.md is also a text of Assistant/back");
  expect([await file("a.yaml"), await file("front.md")]).toEqual([shared, PROMPT]);
});

test("a suggestion with a control character is not written into a prompt file", async () => {
  suggest("Be \u0007brief. {{caller}}");
  const ran = await enhance("Assistant/front", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("control character");
  await expectUntouched();
});

test.each([
  ["Other", "no manifest declares Other"],
  ["Nobody", "there is no assistant"],
])("--yes is refused for %s before any request", async (name, message) => {
  const ran = await enhance(name, "--yes");
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain(message);
  expect(asked()).toEqual([]);
});

test.each([
  ["yes\n", 0, "Better. {{caller}}\n"],
  ["no\n", 1, PROMPT],
])("on a terminal it asks, and the answer %j ends with %d", async (answer, code, text) => {
  suggest("Better. {{caller}}");
  const around = { isInteractive: true, stdin: Readable.from([answer]) };
  const ran = await runIn(office.folder, office.env, ["enhance", "Assistant/front"], around);
  expect(ran.stderr).toContain("Write the suggestion to front.md?");
  expect(ran.code).toBe(code);
  expect(await file("front.md")).toBe(text);
  expect(others()).toEqual([]);
});

const FAILURES: readonly FaultCase[] = [
  {
    what: "an answer that is cut",
    fault: { kind: "truncate", after: 10 },
    code: 1,
    message: /\/enhance .*(closed|cut)/,
    requests: 1,
  },
];

test.each(FAILURES)("--yes: $what", async ({ fault, code, message, requests }) => {
  office.emulator.inject({ match: { pattern: "enhance$" }, fault });
  const ran = await enhance("Assistant/front", "--yes");
  expect(asked()).toHaveLength(requests);
  expect(ran.code, ran.stderr).toBe(code);
  if (message === undefined) return;
  expect(ran.stderr).toMatch(message);
  expect(ran.stdout).toBe("");
  await expectUntouched();
});
