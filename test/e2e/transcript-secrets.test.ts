/** What looks like a credential in a conversation is neither printed nor written, and expectations see it all the same. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { maskedPieces } from "../../src/operations/masked-answer.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const KEY = ["KEY0000", "FOREIGN1111", "222233334444"].join("");
const MANIFEST = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec: { name: Front desk, instructions: Answer. }
`;

let one: Desk;
beforeAll(async () => {
  one = await appliedDesk({ "a.yaml": MANIFEST });
  one.emulator.chatRule({ reply: `It is ${KEY}. Keep it.` });
  await writeFile(
    join(one.folder, "script.yaml"),
    `turns: [{ say: Which key?, expect: { not: { contains: ${KEY} } } }]\n`,
  );
});
afterAll(() => one.close());

const CHATS: readonly (readonly string[])[] = [
  ...["text", "json", "markdown"].map((format) => ["-m", `Is it ${KEY}?`, "--format", format]),
  ["-m", "Which key?", "--stream"],
  ["-m", "Which key?", "--stream", "--format", "json"],
  ...["text", "json", "markdown", "junit"].map((format) => ["--script", "script.yaml", "--format", format]),
];

test.each(CHATS)("chat %j %j %j %j", async (...words) => {
  const report = ["--report", "json=report.json"];
  const ran = await one.rollcall("chat", "Assistant/front", ...words.filter(Boolean), ...report);
  // The script demands that the assistant does not tell it, and it does.
  expect(ran.code, ran.stderr).toBe(words[0] === "--script" ? 1 : 0);
  const written = await readFile(join(one.folder, "report.json"), "utf8");
  for (const text of [ran.stdout, ran.stderr, written]) expect(text).not.toContain(KEY);
  expect(ran.stdout).toMatch(/It|passed|failure/);
});

test("a conversation that continues, and what /save writes", async () => {
  const first = await one.rollcall("chat", "Assistant/front", "-m", "Which key?", "--format", "json");
  const { conversation_id: id } = JSON.parse(first.stdout) as { readonly conversation_id: string };
  const words = ["chat", "Assistant/front", "--conversation", id];
  const stdin = Readable.from(["Which key?\n", "/save talk.md\n", "/exit\n"]);
  const ran = await runIn(one.folder, one.env, words, { isInteractive: true, stdin });
  expect(ran.code, ran.stderr).toBe(0);
  const saved = await readFile(join(one.folder, "talk.md"), "utf8");
  expect(saved).toContain("Keep it.");
  for (const text of [ran.stdout, ran.stderr, saved]) expect(text).not.toContain(KEY);
});

test("a scheduled event: its variables and metadata", async () => {
  const numbers = ["--from", "+13125550100", "--to", "+13125550199"];
  const secrets = ["--variable", `api_token=plain-word`, "--metadata", `note=${KEY}`];
  const when = ["--channel", "phone_call", "--at", "2045-12-02T09:30Z", ...numbers, ...secrets];
  const made = await one.ends(0, "events", "create", "Assistant/front", ...when, "--yes", "--format", "json");
  const id = String(one.emulator.state().scheduled_events[0]?.["scheduled_event_id"]);
  const got = await one.ends(0, "events", "get", "Assistant/front", id);
  const listed = await one.ends(0, "events", "list", "Assistant/front", "--format", "json");
  for (const text of [made, got, listed]) expect(text).not.toMatch(new RegExp(`${KEY}|plain-word`));
});

test("a credential that arrives in pieces is shown in none of them, and no piece is lost", () => {
  const text = `one two ${KEY} three\nfour`;
  for (const size of [1, 3, 7, 40]) {
    const told: string[] = [];
    const pieces = maskedPieces((piece) => told.push(piece));
    for (let at = 0; at < text.length; at += size) pieces.add(text.slice(at, at + size));
    pieces.end();
    expect(told.join("")).toMatch(/^one two \S+ three\nfour$/);
    expect(told.join("")).not.toContain(KEY);
  }
});
