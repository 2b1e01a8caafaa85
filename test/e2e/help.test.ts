import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { EXAMPLES } from "../../src/cli/program/examples.ts";
import { keyOfVapi, WARMER, withMessaging, withVersion } from "../docs/account.ts";
import { shellOf, type Shell } from "../docs/shell.ts";
import { desk, runIn, type Desk } from "./cli.ts";
import { everyHelp, said } from "./every-help.ts";

test("a command that is asked for help says the same as the help of the program about it", async () => {
  const all = await everyHelp();
  expect(all.length).toBeGreaterThan(45);
  for (const [words, text] of all.filter(([name]) => /^[a-z-]+$/.test(name))) {
    expect(text).toContain(`Usage: rollcall ${words} `);
    expect(await said("help", words)).toBe(text);
  }
});

test("every help fits into 80 columns, and describes every argument and option", async () => {
  for (const [words, text] of await everyHelp()) {
    const lines = text.split("\n");
    expect(
      lines.filter((line) => line.length > 80),
      words,
    ).toEqual([]);
    const entries = lines.filter((line) => /^ {2}\S/.test(line) && !line.startsWith("  rollcall "));
    expect(
      entries.filter((line) => !/^ {2}\S.*? {2,}\S/.test(line)),
      words,
    ).toEqual([]);
  }
});

test("an error on the command line names the help of its command", async () => {
  const see = async (...args: readonly string[]) =>
    /\(see: .*\)/.exec((await runIn(tmpdir(), {}, args)).stderr)?.[0];
  expect(await see("--wrong")).toBe("(see: rollcall --help)");
  expect(await see("plan", "--wrong")).toBe("(see: rollcall plan --help)");
  expect(await see("events", "create", "Assistant/a")).toBe("(see: rollcall events create --help)");
});

test("the help says which options are required", async () => {
  const [, option = ""] = (await said("events", "create", "--help")).split("--channel <channel>");
  expect(option.split("--at <time>")[0]).toContain("(required)");
});

/** Their subcommands have the examples. */
const GROUPS = new Set(["tool", "tags", "versions", "events", "ledger"]);

test("every command outside of CI has examples, except those that need more than a project", async () => {
  const names = (await everyHelp()).map(([words]) => words).filter((words) => !/^(?:|ci.*)$/.test(words));
  const known = new Set(names);
  expect(Object.keys(EXAMPLES).filter((words) => !known.has(words))).toEqual([]);
  const lacking = names.filter((words) => EXAMPLES[words] === undefined && !GROUPS.has(words));
  // Only a ledger in Git has a history.
  expect(lacking).toEqual(["ledger history"]);
});

let one: Desk;
afterEach(() => one?.close());

const REFUND = `apiVersion: rollcall.dev/v1
kind: AssistantTest
metadata: { name: refund }
spec:
  assistant: { ref: Assistant/front-desk }
  test_suite: smoke
  telnyx_conversation_channel: web_chat
  destination: any
  instructions: Ask for a refund.
  rubric: [{ name: Kind, criteria: The assistant is kind. }]
`;

/** A project that is applied, with what the examples name. */
async function project(): Promise<Shell> {
  one = await desk();
  const shell = shellOf(one, one.folder);
  await shell.run(`export TELNYX_BASE_URL=http://127.0.0.1:8080/v2 TELNYX_API_KEY=any-key ROLLCALL_ENV=staging
rollcall init --name acme`);
  const settings = join(one.folder, "rollcall.yaml");
  await writeFile(settings, `${await readFile(settings, "utf8")}\n  environments: { staging: {} }\n`);
  await writeFile(join(one.folder, "assistants/warmer.yaml"), WARMER);
  await writeFile(join(one.folder, "tests/refund.yaml"), REFUND);
  await writeFile(join(one.folder, "tests/chat.yaml"), "turns: [{ say: Hello. }]\n");
  await shell.run("rollcall apply --yes");
  one.emulator.portal.create("Assistant", { name: "Support desk", instructions: "Help." });
  withMessaging(one.emulator);
  await shell.run("rollcall apply --yes");
  withVersion(one.emulator, "trial");
  return shell;
}

const agent = join(import.meta.dirname, "../scenarios/migrate/vapi-assistant.json");
const PLAN = "rollcall plan --out plan.json";
const EVENT = EXAMPLES["events create"]?.join("\n") ?? "";

/** What comes before the examples of a command. */
const BEFORE: Readonly<Record<string, (shell: Shell) => Promise<unknown>>> = {
  show: (shell) => shell.run(PLAN),
  apply: (shell) => shell.run(PLAN),
  migrate: async () => {
    keyOfVapi(one.emulator);
    await writeFile(join(one.folder, "agent.json"), await readFile(agent, "utf8"));
  },
  "ledger migrate": async () => {
    const settings = join(one.folder, "rollcall.yaml");
    await writeFile(
      settings,
      `${await readFile(settings, "utf8")}  ledger: { backend: file, path: ledgers }\n`,
    );
    await mkdir(join(one.folder, "ledgers"));
  },
  "test show": (shell) => shell.run("rollcall test smoke"),
  "events get": (shell) => shell.run(EVENT),
  "events delete": (shell) => shell.run(EVENT),
};

/** The ids of the examples are those of no object. */
function withIds(line: string): string {
  const { assistants, scheduled_events: events } = one.emulator.state();
  const support = assistants.find(({ main }) => main["name"] === "Support desk")?.id ?? "";
  const event = String(events[0]?.["scheduled_event_id"] ?? "");
  return line.replace("assistant-3f1c9a52", support).replace("4c8d2a1e", event);
}

async function run(shell: Shell, words: string): Promise<void> {
  await BEFORE[words]?.(shell);
  for (const { command, code, output } of await shell.run(withIds(EXAMPLES[words]?.join("\n") ?? ""))) {
    expect(command.startsWith(`rollcall ${words}`)).toBe(true);
    expect(code, `${command}\n${output}`).toBe(0);
  }
}

/** What comes after them would find another project. */
const ALONE = [
  "pull",
  "migrate",
  "destroy",
  "ledger move",
  "ledger forget",
  "ledger migrate",
  "versions promote",
];
/** The emulator does not end by itself. */
const OTHERS = Object.keys(EXAMPLES).filter((words) => words !== "emulator" && !ALONE.includes(words));

test("the examples in the help of the other commands work, one after the other", async () => {
  const shell = await project();
  for (const words of OTHERS) await run(shell, words);
});

test.each(ALONE)("the examples in the help of %s work", async (words) => {
  await run(await project(), words);
});
