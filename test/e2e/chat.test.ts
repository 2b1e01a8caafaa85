import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { WriteFaultCase } from "./api-faults.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const MANIFEST = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec: { name: Front desk, instructions: Answer. }
`;

let office: Desk;
let id = "";

beforeAll(async () => {
  office = await appliedDesk({ "a.yaml": MANIFEST });
  id = office.emulator.state().assistants[0]?.id ?? "";
  office.emulator.chatRule({ contains: "hours", reply: "We open\nat nine." });
  office.emulator.chatRule({ contains: "hostile", reply: "a\u001b[2Jb\u202ec" });
  office.emulator.chatRule({ contains: "breaks", fail: { detail: "The model is gone", after: 1 } });
});
afterAll(() => office.close());
beforeEach(() => {
  office.emulator.clearFaults();
  office.emulator.clearRequests();
});

const chat = (...args: readonly string[]) => office.rollcall("chat", ...args);
const posts = () =>
  office.emulator
    .requests()
    .filter(({ method }) => method === "POST")
    .map(({ path, body }) => [path.replace(id, "ID"), body]);
const lastConversation = () => office.emulator.state().conversations.at(-1);

test("-m prints only the answer, and the command to continue; a conversation is started once", async () => {
  const ran = await chat("Assistant/front", "-m", "What are your hours?");
  expect(ran.stdout).toBe("We open\nat nine.\n");
  const conversation = lastConversation()?.id ?? "";
  expect(ran.stderr).toBe(`To go on, run: rollcall chat Assistant/front --conversation ${conversation}\n`);
  expect(ran.code).toBe(0);
  expect(posts()).toEqual([
    ["/ai/conversations", {}],
    ["/ai/assistants/ID/chat", { content: "What are your hours?", conversation_id: conversation }],
  ]);
});

test("the command to continue names the given project", async () => {
  const ran = await chat("Front desk", "--project", ".", "-m", "one");
  const conversation = lastConversation()?.id ?? "";
  expect(ran.stderr).toBe(
    `To go on, run: rollcall chat Assistant/front --conversation ${conversation} --project .\n`,
  );
});

test("several messages are one conversation, and --conversation continues it", async () => {
  const first = await chat("Front desk", "-m", "one", "-m", "two");
  expect(first.stdout).toBe("> one\none\n\n> two\ntwo\n");
  const conversation = lastConversation()?.id ?? "";
  const next = await chat("Front desk", "-q", "-m", "three", "--conversation", conversation);
  expect(next).toMatchObject({ code: 0, stdout: "three\n", stderr: "" });
  expect(
    lastConversation()
      ?.messages.filter(({ role }) => role === "user")
      .map(({ text }) => text),
  ).toEqual(["one", "two", "three"]);
});

test("without a project, by an id, with the message from standard input", async () => {
  const around = (text: string) => ({ stdin: Readable.from([Buffer.from(text)]) });
  const piped = await runIn(
    office.emptyFolder,
    office.env,
    ["chat", id, "-q"],
    around("What are\nyour hours?\n"),
  );
  expect(piped).toMatchObject({ code: 0, stdout: "We open\nat nine.\n", stderr: "" });
  const dash = await runIn(office.emptyFolder, office.env, ["chat", id, "-q", "-m", "-"], around("echo\n"));
  expect(dash.stdout).toBe("echo\n");
});

describe("the transcript", () => {
  test("as JSON", async () => {
    const ran = await chat("Assistant/front", "-m", "hours", "--format", "json");
    expect(JSON.parse(ran.stdout)).toMatchObject({
      format_version: "1.2",
      assistant: { address: "Assistant/front", id, name: "Front desk" },
      conversation_id: lastConversation()?.id,
      turns: [{ message: "hours", status: "answered", answer: "We open\nat nine." }],
    });
  });

  test("as Markdown, and in a file", async () => {
    const report = "json=chat.json";
    const ran = await chat("Assistant/front", "-m", "# hours", "--format", "markdown", "--report", report);
    expect(ran.stdout).toContain("**Message**\n\n> `#` hours\n\n**Answer**\n\n> We open  \n> at nine.\n");
    expect(JSON.parse(await readFile(join(office.folder, "chat.json"), "utf8"))).toHaveProperty("turns");
  });

  test("as lines of JSON while it arrives", async () => {
    const ran = await chat("Assistant/front", "-m", "one two", "--format", "json", "--stream");
    const lines = ran.stdout.trimEnd().split("\n");
    expect(lines.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toEqual([
      { type: "delta", content: "one " },
      { type: "delta", content: "two" },
    ]);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      type: "transcript",
      turns: [{ answer: "one two" }],
    });
    expect(posts().at(-1)?.[1]).toMatchObject({ stream: true });
  });

  test.each([[[]], [["--stream"]]])("holds no control character of an answer, with %j", async (options) => {
    const ran = await chat("Assistant/front", "-q", "-m", "hostile", ...options);
    expect(ran.stdout).toBe("a\\u001b[2Jb\\u202ec\n");
  });
});

describe("nothing is sent", () => {
  test.each([
    [["-m", " "], "a message is empty"],
    [["-m", "-", "-m", "-"], "-m - reads standard input, and can be given once"],
    [[], "there is no message on standard input"],
    [["-m", "x", "--format", "junit"], "the format junit needs a script"],
    [["-m", "x", "--report", "junit=x.xml"], "the format junit needs a script"],
    [["-m", "x", "--script", "x.yaml"], "--script cannot be used with --message"],
    [["-m", "x", "--report", "json=a.yaml"], "the file is a manifest"],
  ])("for %j", async (options, message) => {
    const ran = await chat("Assistant/front", ...options);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(message);
    expect(posts()).toEqual([]);
  });

  test("to an object that is not an assistant", async () => {
    const ran = await chat("Tool/x", "-m", "x");
    expect(ran).toMatchObject({ code: 1, stderr: "error: Tool/x is not an assistant\n" });
  });
});

const UNKNOWN = /the assistant may have received the message; it is not sent again/;
const FAILURES: readonly WriteFaultCase[] = [
  { what: "a lost answer", fault: { kind: "reset-after" }, code: 3, message: UNKNOWN, requests: 1, effects: 1 },
  { what: "a cut answer", fault: { kind: "truncate" }, code: 3, message: UNKNOWN, requests: 1, effects: 1 },
  {
    what: "a server that fails",
    fault: { kind: "status", status: 502 },
    code: 3,
    message: UNKNOWN,
    requests: 1,
    effects: 0,
  },
  {
    what: "a success without a body",
    fault: { kind: "status", status: 200, body: "empty", applied: true },
    code: 3,
    message: UNKNOWN,
    requests: 1,
    effects: 1,
  },
  {
    what: "a redirect to a result",
    fault: { kind: "status", status: 303, body: "empty", applied: true },
    code: 3,
    message: UNKNOWN,
    requests: 1,
    effects: 1,
  },
];

describe.each([[[]], [["--stream"]]])("with the options %j", (options) => {
  test.each(FAILURES)(
    "$what: a message arrives at most once",
    async ({ fault, code, message = /^To go on/, requests, effects }) => {
      office.emulator.inject({ match: { method: "POST", path: /\/chat$/ }, fault });
      const ran = await chat("Assistant/front", "-m", "hello out there", ...options);
      expect(ran.stderr).toMatch(message);
      expect(ran.code).toBe(code);
      expect(posts().filter(([path]) => String(path).endsWith("/chat"))).toHaveLength(requests);
      expect(lastConversation()?.messages.filter(({ role }) => role === "user")).toHaveLength(effects);
    },
  );
});

test("an interrupted answer is shown with the error of the assistant", async () => {
  const ran = await chat("Assistant/front", "-m", "it breaks", "--stream");
  expect(ran.stdout).toBe("it \n");
  expect(ran.stderr).toMatch(/failed \(10007\): The model is gone[\s\S]*may have received/);
  expect(ran.code).toBe(3);
});

test.each([[[]], [["--format", "json"]]])(
  "an answer that cannot be printed ends with 3, with %j",
  async (options) => {
    const stdout = new Writable({
      write: (_, __, done) => done(Object.assign(new Error("full"), { code: "ENOSPC", syscall: "write" })),
    }).on("error", () => undefined);
    const args = ["chat", "Assistant/front", "-m", "one\ntwo", "-m", "three", "--stream", ...options];
    const ran = await runIn(office.folder, office.env, args, { stdout });
    expect(ran.stderr).toContain("standard output cannot be written: the disk is full");
    expect(ran.code).toBe(3);
  },
);

test("Ctrl-C ends a stalled answer: the received part is shown, exit 3", async () => {
  const stop = new AbortController();
  const stdout = new PassThrough();
  let text = "";
  stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    stop.abort();
  });
  office.emulator.inject({ match: { method: "POST", path: /\/chat$/ }, fault: { kind: "stall", after: 1 } });
  office.emulator.chatRule({ contains: "slow", pieces: ["first line\n", "second"], times: 1 });
  const args = ["chat", "Assistant/front", "-m", "slow", "--stream"];
  const ran = await runIn(office.folder, office.env, args, { stdout, interruption: () => stop.signal });
  expect(text).toBe("first line\n");
  expect(ran.stderr).toContain("The answer was stopped.");
  expect(ran.code).toBe(3);
});
