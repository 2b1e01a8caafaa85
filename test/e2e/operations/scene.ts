import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../../src/providers/telnyx/emulator/emulator.ts";
import type { Program } from "../../resilience/program.ts";
import { desk, KEY, runIn, type Desk, type Ran } from "../cli.ts";

const HEAD = "apiVersion: rollcall.dev/v1\n";
const MANIFESTS = `${HEAD}kind: Assistant
metadata: { name: front }
spec:
  name: Front desk
  instructions: Answer the phone.
  tags: [support]
  messaging_settings: { default_messaging_profile_id: profile-1 }
  tool_ids: [{ ref: Tool/ticket }]
---
${HEAD}kind: Tool
metadata: { name: ticket }
spec:
  display_name: Open a ticket
  type: webhook
  webhook: { name: open_ticket, description: Opens a ticket., url: "https://api.acme.example/tickets" }
---
${HEAD}kind: AssistantTest
metadata: { name: hours }
spec:
  name: Asks for the hours
  instructions: Ask for the hours.
  destination: "+13125550100"
  telnyx_conversation_channel: web_chat
  test_suite: smoke
  rubric: [{ name: Polite, criteria: It is polite. }]
`;
const FILES = {
  "rollcall.yaml": `${HEAD}kind: Project\nmetadata: { name: office }\nspec: { environments: { staging: {} } }\n`,
  "a.yaml": MANIFESTS,
};

/** What the commands are called with. */
export interface Names {
  /** Ids of `Assistant/front`, of its scheduled event, and of a run of its test. */
  readonly front: string;
  readonly event: string;
  readonly run: string;
  /** The id of an assistant that no manifest declares. */
  readonly night: string;
}

/** A project with an account, of which each command gets a copy of its own. */
export interface Scene {
  readonly names: Names;
  /** Runs a command in a copy of both; `before` sets up the emulator. */
  run(command: CommandLine, before?: (emulator: Emulator) => void): Promise<Played>;
  close(): Promise<void>;
}

export interface CommandLine {
  readonly words: readonly string[];
  /** Runs it as a process of its own; default: in this process. */
  readonly program?: Program | undefined;
}

export interface Played {
  readonly ended: Ran;
  readonly emulator: Emulator;
  /** The manifests as they are now. */
  readonly manifests: string;
}

export async function scene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-scene-"));
  const dataFile = join(folder, "account.jsonl");
  const office = await desk(undefined, { dataFile });
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(office.folder, name), text);
  await office.ends(0, "apply", "--yes", "--env", "staging");
  const names = await populated(office);
  await cp(office.folder, join(folder, "project"), { recursive: true });
  await office.close();
  await writeFile(join(folder, "smoke.yaml"), "turns: [{ say: hello, expect: { contains: hello } }]\n");
  let count = 0;
  return {
    names,
    async run({ program, words }, before) {
      const own = join(folder, `copy-${(count += 1)}`);
      await cp(join(folder, "project"), own, { recursive: true });
      await cp(dataFile, `${own}.jsonl`);
      const emulator = await startEmulator({ dataFile: `${own}.jsonl`, seed: count });
      before?.(emulator);
      const env = { TELNYX_BASE_URL: emulator.url, TELNYX_API_KEY: KEY };
      const child = program?.start(own, words, { env }).ended;
      const { code, stdout, stderr } = await (child ?? runIn(own, env, words));
      const manifests = await readFile(join(own, "a.yaml"), "utf8");
      await emulator.close();
      return { ended: { code: code ?? -1, stdout, stderr }, emulator, manifests };
    },
    close: () => rm(folder, { recursive: true }),
  };
}

async function populated({ emulator, ends }: Desk): Promise<Names> {
  const { portal } = emulator;
  const front = emulator.state().assistants[0]?.id ?? "";
  const night = portal.create("Assistant", {
    name: "Night desk",
    instructions: "Answer at night.",
    tags: ["old"],
  });
  portal.create("AssistantVersion", { assistant_id: front, version_name: "trial", greeting: "Hi." });
  const token = ["any", "thing"].join("-");
  portal.create("IntegrationSecret", { identifier: "vapi-key", type: "bearer", token });
  await ends(0, "test", "AssistantTest/hours", "--env", "staging");
  const when = ["--channel", "phone_call", "--at", "2045-12-01T09:30:00Z", "--env", "staging", "--yes"];
  await ends(0, "events", "create", front, ...when, "--from", "+13125550100", "--to", "+13125550199");
  const { scheduled_events: events, runs } = emulator.state();
  return { front, night, event: String(events[0]?.["scheduled_event_id"]), run: String(runs[0]?.["run_id"]) };
}
