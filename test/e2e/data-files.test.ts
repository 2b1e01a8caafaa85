/** Every option that names a file with data reads it by the same rules: JSON in `.json`, otherwise YAML. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const HEAD = "apiVersion: rollcall.dev/v1\n";
const MANIFESTS = `${HEAD}kind: Assistant
metadata: { name: front }
spec: { name: Front, instructions: Answer., tool_ids: [{ ref: Tool/ticket }] }
---
${HEAD}kind: Tool
metadata: { name: ticket }
spec:
  display_name: Ticket
  type: webhook
  webhook: { name: ticket, description: Opens a ticket., url: "https://api.acme.example/tickets" }
`;
const PROJECT = `${HEAD}kind: Project\nmetadata: { name: a }\nspec: { manifests: [assistants, tools] }\n`;

let one: Desk;
beforeAll(async () => {
  one = await appliedDesk({ "a.yaml": MANIFESTS });
  await mkdir(join(one.folder, "folder"));
  await writeFile(join(one.emptyFolder, "rollcall.yaml"), PROJECT);
  await mkdir(join(one.emptyFolder, "assistants"));
  await mkdir(join(one.emptyFolder, "tools"));
});
afterAll(() => one.close());

interface Reader {
  readonly words: (file: string) => readonly string[];
  /** A file that is as it is to be, as JSON. */
  readonly good: string;
}

const READERS: Readonly<Record<string, Reader>> = {
  "tool test --args": {
    words: (file) => ["tool", "test", "Tool/ticket", "--on", "Assistant/front", "--args", `@${file}`, "--yes"],
    good: '{"summary": "No heating", "floor": 3}',
  },
  "chat --script": {
    words: (file) => ["chat", "Assistant/front", "--script", file],
    good: '{"turns": [{"say": "hello"}]}',
  },
  "migrate --from": {
    words: (file) => ["migrate", "vapi", "--from", file, "--dry-run"],
    good: '{"id": "a-1", "name": "Desk", "model": {"messages": [{"role": "system", "content": "Hi."}]}}',
  },
};

const MARK = "\uFEFF";
const GOOD: readonly (readonly [string, string, (good: string) => string])[] = [
  ["JSON", "good.json", (good) => good],
  ["JSON behind a byte order mark", "mark.json", (good) => MARK + good],
  ["JSON with lines of Windows", "lines.json", (good) => good.replaceAll(/([:,]) /g, "$1\r\n\t")],
  ["YAML", "good.yaml", (good) => `# A comment.\n${good}\n`],
  ["YAML behind a byte order mark", "mark.yml", (good) => MARK + good],
];
const BAD: readonly (readonly [string, string, string | Uint8Array | undefined, string])[] = [
  ["a file that is not there", "gone.json", undefined, 'cannot read "gone.json": there is no such file'],
  ["a folder", "folder", undefined, 'cannot read "folder": it is a folder'],
  ["an empty file", "empty.json", "", "empty.json:1:1: not valid JSON: JSON value expected"],
  ["an empty file of YAML", "empty.yaml", "# nothing\n", "empty.yaml:1:1: the "],
  ["what is not JSON", "bad.json", '{\n  "a": tru\n}', "bad.json:2:8: not valid JSON: object value expected"],
  ["YAML under the name of JSON", "yaml.json", "a: 1\n", "yaml.json:1:1: not valid JSON"],
  ["a trailing comma in JSON", "comma.json", '{"a": 1,}', "comma.json:1:9: not valid JSON"],
  ["what is not YAML", "bad.yaml", "a: [1\n", "bad.yaml:1:4: this [ is not closed"],
  ["a key that stands twice in JSON", "twice.json", '{\n"a": 1,\n"a": 2}', 'twice.json:3:1: duplicate key "a"'],
  [
    "a key that stands twice in JSON, with what to do",
    "twice.json",
    '{"a": 1, "a": 2}',
    "help: keep one of them",
  ],
  ["a key that stands twice in YAML", "twice.yaml", "a: 1\na: 2\n", 'twice.yaml:2:1: duplicate key "a"'],
  ["a text that is not UTF-8", "latin.json", Uint8Array.of(0x7b, 0xe4, 0x7d), '"latin.json" is not UTF-8'],
  ["two documents", "two.yaml", "a: 1\n---\nb: 2\n", "two.yaml:3:1: "],
  ["a list", "list.json", "[1]", "list.json"],
  ["a text", "text.json", '"a"', "text.json"],
];

describe.each(Object.entries(READERS))("%s", (_, { words, good }) => {
  const inFolder = (command: readonly string[]) => (command[0] === "migrate" ? one.emptyFolder : one.folder);
  async function ran(file: string, content?: string | Uint8Array) {
    const command = words(file);
    if (content !== undefined) await writeFile(join(inFolder(command), file), content);
    one.emulator.clearRequests();
    return runIn(inFolder(command), one.env, command);
  }

  test.each(GOOD)("reads %s", async (__, file, make) => {
    const { code, stderr } = await ran(file, make(good));
    expect(code, stderr).toBe(0);
  });

  test.each(BAD)("refuses %s, with its place, and sends nothing", async (__, file, content, message) => {
    await mkdir(join(one.emptyFolder, "folder"), { recursive: true });
    const { code, stdout, stderr } = await ran(file, content);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(one.emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

test("a line of an export is not shown: it can hold a key", async () => {
  const key = ["any", "thing"].join("-");
  await writeFile(join(one.emptyFolder, "key.json"), `{"key": "${key}" "name": 1}`);
  const { stderr } = await runIn(one.emptyFolder, one.env, ["migrate", "vapi", "--from", "key.json"]);
  expect(stderr).toContain("key.json:1:");
  expect(stderr).not.toContain(key);
});
