import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FaultCase } from "./api-faults.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const PASSWORD = ["open", "sesame"].join("-");
const MANIFESTS = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec:
  name: Front desk
  instructions: Answer.
  tool_ids: [{ ref: Tool/ticket }, { ref: Tool/hours }, { ref: Tool/bye }]
---
apiVersion: rollcall.dev/v1
kind: Tool
metadata: { name: ticket }
spec:
  display_name: Open a ticket
  type: webhook
  webhook:
    name: open_ticket
    description: Opens a ticket.
    url: https://api.acme.example/tickets?api_key=abcd
    headers: [{ name: X-Customer, value: "{{customer}}" }]
---
apiVersion: rollcall.dev/v1
kind: Tool
metadata: { name: hours }
spec:
  display_name: Hours
  type: webhook
  webhook: { name: hours, description: Tells the hours., url: "https://api.acme.example/hours", method: GET }
---
apiVersion: rollcall.dev/v1
kind: Tool
metadata: { name: bye }
spec: { display_name: Bye, type: hangup, hangup: { description: Hang up. } }
`;

let office: Desk;

beforeAll(async () => {
  office = await appliedDesk({
    "a.yaml": MANIFESTS,
    "args.json": '{"summary":"From a file","floor":3}',
  });
});
afterAll(() => office.close());
beforeEach(() => {
  office.emulator.clearFaults();
  office.emulator.clearRequests();
});

const tried = (tool: string, ...args: readonly string[]) =>
  office.rollcall("tool", "test", tool, "--on", "Assistant/front", ...args);
const calls = () => office.emulator.requests().filter(({ method }) => method === "POST");

test("request, status, response and time, without credentials, with the given arguments", async () => {
  office.emulator.toolRule({ response: { ticket: "T-1", note: "\u001B[2J" }, times: 1 });
  const args = ["--args", "@args.json", "summary=No heating", "urgent:=true", `password=${PASSWORD}`];
  const ran = await tried("Tool/ticket", ...args, "--variable", "customer=Ada", "--yes");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain(
    "  POST https://api.acme.example/tickets?api_key=[redacted]\n  X-Customer: Ada\n",
  );
  expect(ran.stdout).toContain('"summary": "No heating"');
  expect(ran.stdout).toContain('"password": "[redacted]"');
  expect(ran.stdout).toMatch(/Response:\n {2}200 success, [\d.]+ s, application\/json\n/);
  expect(ran.stdout).toContain('"ticket": "T-1"');
  for (const text of ["\u001B[2J", "abcd"]) expect(ran.stdout).not.toContain(text);
  expect(ran.stdout).not.toContain(PASSWORD);
  expect(calls()).toHaveLength(1);
  expect(calls()[0]?.body).toEqual({
    arguments: { summary: "No heating", floor: 3, urgent: true, password: PASSWORD },
    dynamic_variables: { customer: "Ada" },
  });
});

test("JSON; by names; a webhook that fails ends with 1", async () => {
  office.emulator.toolRule({ status: 500, response: "broken", content_type: "text/plain", times: 1 });
  const options = ["--on", "Front desk", "--yes", "--format", "json"];
  const ran = await office.rollcall("tool", "test", "Open a ticket", ...options);
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    tool: { address: "Tool/ticket" },
    assistant: { address: "Assistant/front" },
    success: false,
    status_code: 500,
    content_type: "text/plain",
    response: "broken",
    request: { method: "POST" },
  });
});

describe("approval", () => {
  test("without a terminal and without --yes nothing is called", async () => {
    const ran = await tried("Tool/ticket");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(
      "tool test needs approval, and there is no terminal to ask on\nhelp: pass --yes",
    );
    expect(calls()).toEqual([]);
  });

  test("a GET webhook is called without asking", async () => {
    expect(await tried("Tool/hours")).toMatchObject({ code: 0, stderr: "" });
  });

  test.each([
    ["yes\n", 0, 1],
    ["no\n", 1, 0],
  ])("on a terminal it asks, and the answer %j ends with %d", async (answer, code, sent) => {
    const args = [
      "tool",
      "test",
      "Tool/ticket",
      "--on",
      "Assistant/front",
      "--args",
      "a=1",
      "--variable",
      "b=2",
    ];
    const ran = await runIn(office.folder, office.env, args, {
      isInteractive: true,
      stdin: Readable.from([answer]),
    });
    expect(ran.stderr).toContain(
      'Tool/ticket of Assistant/front will send POST https://api.acme.example/tickets?api_key=[redacted] with {"a":"1"} and the variables {"b":"2"}. It has real effects.',
    );
    expect(ran.code).toBe(code);
    expect(calls()).toHaveLength(sent);
  });
});

test.each([
  [["Tool/bye"], "Tool/bye is not a webhook"],
  [["Tool/nobody"], "there is no tool"],
  [["Assistant/front"], "Assistant/front is not a tool"],
  [["Tool/ticket", "--args", "novalue"], "--args novalue is neither @file nor key=value"],
  [["Tool/ticket", "--args", "a:=x"], "--args a:=:1:1: not valid JSON"],
  [["Tool/ticket", "--args", 'a:={"b":1,"b":2}'], '--args a:=:1:8: duplicate key "b"'],
  [["Tool/ticket", "--args", "a:="], "--args a:=:1:1: not valid JSON"],
])("nothing is called for %j", async ([tool = "", ...args], message) => {
  const ran = await tried(tool, ...args, "--yes");
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain(message);
  expect(calls()).toEqual([]);
});

const UNKNOWN = /error: the webhook may have been called: .*\nhelp: before you try it again/;

const FAILURES: readonly FaultCase[] = [
  {
    what: "a connection that breaks after the call",
    fault: { kind: "reset-after" },
    code: 3,
    message: UNKNOWN,
    requests: 1,
  },
  { what: "an answer that is cut", fault: { kind: "truncate" }, code: 3, message: UNKNOWN, requests: 1 },
  {
    what: "a server that fails",
    fault: { kind: "status", status: 503 },
    code: 3,
    message: UNKNOWN,
    requests: 1,
  },
];

test.each(FAILURES)("tool test: $what", async ({ fault, code, message, requests }) => {
  office.emulator.inject({ match: { method: "POST" }, fault });
  const ran = await tried("Tool/ticket", "--yes");
  expect(ran.code, ran.stderr).toBe(code);
  if (message !== undefined) expect(ran.stderr).toMatch(message);
  expect(calls()).toHaveLength(requests);
});
