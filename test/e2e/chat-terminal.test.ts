import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtMain } from "../checkout.ts";
import { inTerminal } from "../pty.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const MANIFEST = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec: { name: Front desk, instructions: { file: front.txt } }
`;
const LONG =
  "We open at nine in the morning on every day except for Sunday. https://a.example/" + "x".repeat(40);

let office: Desk;

beforeAll(async () => {
  office = await appliedDesk({ "a.yaml": MANIFEST, "front.txt": "Answer.", "notes.txt": "mine" });
  office.emulator.chatRule({ contains: "hours", reply: LONG });
  office.emulator.chatRule({ contains: "hostile", reply: "a\u001b[2Jb\u202ec\rd" });
  office.emulator.chatRule({ contains: "slow", pieces: ["first part", " and", " second", " part"] });
});
beforeAll(builtMain);
afterAll(() => office.close());

const said = (role: string) =>
  office.emulator
    .state()
    .conversations.at(-1)
    ?.messages.filter((message) => message.role === role)
    .map(({ text }) => text);

test("in a terminal of 40 columns: three turns, a stream that Ctrl-C stops, and exit", async () => {
  const command = `'${process.execPath}' '${await builtMain()}' chat Assistant/front`;
  const terminal = inTerminal(command, { cwd: office.folder, env: office.env, columns: 40 });
  try {
    expect(await terminal.until(/> $/)).toContain("Chat with Assistant/front.");
    terminal.type("Your hours?\r");
    const answer = await terminal.until(/\n> $/);
    expect(answer).toContain(
      "We open at nine in the morning on every\nday except for Sunday. https://a.example",
    );
    for (const line of answer.split("\n")) expect(line.length).toBeLessThanOrEqual(40);

    terminal.type("something hostile\r");
    expect(await terminal.until(/\n> $/)).toContain(String.raw`a\u001b[2Jb\u202ec\rd`);

    const match = { method: "POST", path: /\/chat$/ };
    office.emulator.inject({ match, fault: { kind: "stall", after: 3 } });
    terminal.type("be slow\r");
    await terminal.until(/first part and/);
    terminal.type("\u0003");
    expect(await terminal.until(/\n> $/)).toContain("The answer was stopped.");

    terminal.type("third turn\r");
    expect(await terminal.until(/\n> $/)).toContain("third turn");
    terminal.type("\u0003");
    const { code, output } = await terminal.ended();
    expect(output).toMatch(/rollcall chat\s+Assistant\/front\s+--conversation/);
    expect(code).toBe(0);
  } finally {
    terminal.kill();
  }
  expect(said("user")).toEqual(["Your hours?", "something hostile", "be slow", "third turn"]);
  expect(office.emulator.state().conversations).toHaveLength(1);
});

test("a paste is one message; Ctrl-C also drops what waits for the answer, and twice it ends the program", async () => {
  const command = `'${process.execPath}' '${await builtMain()}' chat Assistant/front`;
  const terminal = inTerminal(command, { cwd: office.folder, env: office.env, columns: 80 });
  const match = { method: "POST", path: /\/chat$/ };
  try {
    await terminal.until(/> $/);
    terminal.type("\u001b[200~first line\rsecond line\u001b[201~\r");
    await terminal.until(/\n> $/);
    for (const keys of ["never sent\r\u0003", "\u0003\u0003"]) {
      office.emulator.inject({ match: { ...match, nth: 1 }, fault: { kind: "stall", after: 3 } });
      terminal.type("be slow\r");
      await terminal.until(/first part and/);
      terminal.type(keys);
      await terminal.until(/The answer was stopped\./);
    }
    expect(await terminal.ended()).toMatchObject({ code: 0 });
  } finally {
    terminal.kill();
  }
  expect(said("user")).toEqual(["first line\nsecond line", "be slow", "be slow"]);
});

/** Types lines, each when the prompt is there again, and then ends the input. */
async function typed(...lines: readonly string[]) {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()];
  const waiting = [...lines];
  let text = "";
  stderr.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (!chunk.toString().includes("> ")) return;
    const line = waiting.shift();
    if (line === undefined) stdin.end();
    else stdin.write(`${line}\n`);
  });
  const around = { stdin, stderr, isInteractive: true, isTerminal: { stdout: true, stderr: true } };
  const ran = await runIn(office.folder, office.env, ["chat", "Assistant/front"], around);
  return { ...ran, stderr: text };
}

test("the commands of the terminal; Ctrl-D ends", async () => {
  const ran = await typed("/help", "/sav", "", "//exit is a message", "/save talk.md", "/save talk.md");
  expect(ran.stderr).toContain("/save <file>");
  expect(ran.stderr).toContain("error: unknown command /sav");
  expect(ran.stderr).toContain("Saved the conversation to talk.md.");
  expect(said("user")).toEqual(["/exit is a message"]);
  expect(ran.stdout).toBe("/exit is a message\n");
  expect(await readFile(join(office.folder, "talk.md"), "utf8")).toContain("**Answer**");
  expect(ran.code).toBe(0);
});

test("/exit ends, and /save does not replace an existing file", async () => {
  const files = ["a.yaml", "front.txt", "notes.txt", "rollcall.yaml", ".git/x", "missing/x.txt"];
  const before = await readFile(join(office.folder, "front.txt"), "utf8");
  const ran = await typed(...files.map((file) => `/save ${file}`), "/exit", "never sent");
  expect(ran.stderr.match(/error: the conversation (?:is|was) not written to/g)).toHaveLength(files.length);
  expect(ran.stderr).not.toContain("To go on");
  expect(await readFile(join(office.folder, "front.txt"), "utf8")).toBe(before);
  expect(await readFile(join(office.folder, "notes.txt"), "utf8")).toBe("mine");
  expect(ran.code).toBe(0);
});
