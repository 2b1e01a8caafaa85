import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sourceOf } from "../../src/model/source.ts";
import { readChatScript, type ScriptTurn } from "../../src/schema/check/chat-script.ts";
import { publishedForm } from "../published-form.ts";
import { desk, type Desk } from "./cli.ts";

async function first(expect: string): Promise<ScriptTurn> {
  const read = await readChatScript(sourceOf("s.yaml", `turns: [{ say: x, expect: ${expect} }]`));
  if (!("script" in read)) throw new Error(JSON.stringify(read.diagnostics));
  return read.script.turns[0] as ScriptTurn;
}

test.each([
  ['{ contains: "nine o\'clock" }', "We open at Nine\no'clock.", true],
  ["{ contains: [we, ten] }", "We open at nine.", false],
  ["{ matches: '^We' }", "We open", true],
  ["{ matches: '^we' }", "We open", false],
  ["{ matches: ['(?i)^we', 'open$'] }", "We open", true],
  ["{ not: { contains: refund } }", "A REFUND", false],
  ["{ not: { matches: '\\d' } }", "no digit", true],
  ["{ contains: we, not: { contains: open } }", "We open", false],
])("%s of %j: %s", async (expectations, answer, isMet) => {
  const turn = await first(expectations);
  expect(turn.expectations.every((one) => one.isMet(answer))).toBe(isMet);
});

test("a pattern that hangs backtracking engines ends", async () => {
  const turn = await first("{ matches: '(a+)+$' }");
  expect(turn.expectations[0]?.isMet(`${"a".repeat(50_000)}!`)).toBe(false);
});

describe("mistakes are reported with their positions", () => {
  test.each([
    ["", "1:1", "the script is empty"],
    ["turns:\n  - sya: x\n", "2:5", ""],
    ["turns: []\n", "1:1", "turns"],
    ["turns:\n  - say: 7\n", "2:10", "string"],
    ["turns:\n  - say: ' '\n", "2:10", "not blank"],
    ["turns:\n  - say: x\n    expect: { contains: [] }\n", "3:15", "contains"],
    [
      "turns:\n  - say: x\n    expect: { matches: [a, '('] }\n",
      "3:28",
      "not a regular expression in the syntax of RE2",
    ],
    ["turns:\n  - say: x\n    expect: { matches: '(?=a)' }\n", "3:24", "not a regular expression"],
    ["turns: [{ say: x }\n", "1:8", ""],
    ["turns: [{ say: x }]\n---\nturns: []\n", "3:1", "one document"],
    ["turns: [{ say: x, say: y }]\n", "1:19", "say"],
  ])("%j", async (text, place, words) => {
    const read = await readChatScript(sourceOf("s.yaml", text));
    const diagnostics = "diagnostics" in read ? read.diagnostics : [];
    const places = diagnostics.map(({ range }) => `${range?.start.line}:${range?.start.column}`);
    expect([...new Set(places)]).toEqual([place]);
    expect(diagnostics[0]?.message).toContain(words);
  });
});

const MANIFEST = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec: { name: Front desk, instructions: Answer. }
`;
const SCRIPT = `turns:
  - say: What are your hours?
    expect: { contains: nine, not: { matches: "(?i)refund" } }
  - say: Do you give refunds <now>?
    expect: { contains: "no" }
  - say: Thanks.
`;

describe("the command", () => {
  let office: Desk;
  beforeAll(async () => {
    office = await desk();
    await writeFile(join(office.folder, "a.yaml"), MANIFEST);
    expect((await office.rollcall("apply", "--yes")).code).toBe(0);
    await writeFile(join(office.folder, "smoke.yaml"), SCRIPT);
  });
  afterAll(() => office.close());
  beforeEach(() => {
    office.emulator.clearRules();
    office.emulator.clearFaults();
    office.emulator.clearRequests();
    office.emulator.chatRule({ contains: "hours", reply: "At nine." });
  });
  const scripted = (...args: readonly string[]) =>
    office.rollcall("chat", "Assistant/front", "-q", "--script", "smoke.yaml", ...args);

  test("ends with 0 when every expectation is met", async () => {
    office.emulator.chatRule({ contains: "refunds", reply: "No." });
    const ran = await scripted();
    expect(ran.stdout).toContain('> What are your hours?\nAt nine.\n  passed  contains "nine"\n');
    expect(ran.stdout).toContain("3 of 3 messages answered; 3 expectations: 3 met, 0 not met.");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(office.emulator.state().conversations).toHaveLength(1);
  });

  test("ends with 1 when one is not met, and says so in JUnit and JSON", async () => {
    office.emulator.chatRule({ contains: "refunds", reply: "Yes & always." });
    const ran = await scripted("--format", "junit");
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('<testsuite name="smoke.yaml" tests="3" failures="1" errors="0" skipped="0"');
    expect(ran.stdout).toContain('<failure message="contains &quot;no&quot;">Yes &amp; always.</failure>');
    const json = await scripted("--format", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      script: "smoke.yaml",
      turns: [{}, { expectations: [{ expectation: 'contains "no"', met: false }] }, {}],
    });
  });

  test("as JSON has the published form, with earlier messages and line by line too", async () => {
    const form = publishedForm("chat");
    const first = JSON.parse((await scripted("--format", "json")).stdout) as { conversation_id: string };
    const again = ["--conversation", first.conversation_id, "--format", "json"];
    const second: unknown = JSON.parse((await scripted(...again)).stdout);
    expect(second).toMatchObject({
      earlier: [{ role: "user", text: "What are your hours?" }, {}, {}, {}, {}, {}],
    });
    const lines = (await scripted(...again, "--stream")).stdout.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(0);
    const values = [first, second, ...lines.map((line) => JSON.parse(line) as unknown)];
    expect(values.flatMap(form)).toEqual([]);
    expect(form({ ...first, turns: [{}] })).not.toEqual([]);
  });

  test("ends at a message without an answer, and sends no further message", async () => {
    const match = { method: "POST", path: /\/chat$/ };
    office.emulator.inject({ match, fault: { kind: "status", status: 401 } });
    const ran = await scripted("--format", "junit");
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('tests="3" failures="0" errors="1" skipped="2"');
    expect(office.emulator.requests().filter(({ path }) => path.endsWith("/chat"))).toHaveLength(1);
  });

  test("a script is no manifest: a project with one is valid, and its plan has no change", async () => {
    expect(await office.rollcall("validate")).toMatchObject({ code: 0, stderr: "" });
    expect((await office.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
  });

  test("validate reports a mistake in a script, and chat sends nothing for it", async () => {
    await writeFile(join(office.folder, "bad.yaml"), "turns:\n  - sya: x\n");
    const checked = await office.rollcall("validate");
    const ran = await office.rollcall("chat", "Assistant/front", "--script", "bad.yaml");
    await rm(join(office.folder, "bad.yaml"));
    expect([checked.code, ran.code]).toEqual([1, 1]);
    expect(checked.stdout + checked.stderr).toContain("bad.yaml:2:5");
    expect(ran.stderr).toContain("bad.yaml:2:5");
    expect(office.emulator.requests()).toEqual([]);
  });

  test("a script that its user names may be hidden", async () => {
    await writeFile(join(office.folder, ".smoke.yaml"), "turns: [{ say: What are your hours? }]\n");
    const ran = await office.rollcall("chat", "Assistant/front", "-q", "--script", ".smoke.yaml");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
  });

  test.each([
    ["apiVersion: rollcall.dev/v1\nturns: []\n", "RC2001"],
    ["kind: Assistant\nturns: []\n", "RC2001"],
    ["turns: [{ say: x }]\n---\nkinds: Assistant\n", "RC2001"],
  ])("what is meant as a manifest is one: %j", async (text, code) => {
    await writeFile(join(office.folder, "other.yaml"), text);
    const checked = await office.rollcall("validate");
    await rm(join(office.folder, "other.yaml"));
    expect(checked.code).toBe(1);
    expect(checked.stdout + checked.stderr).toContain(code);
  });
});
