import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";
import { treeOf } from "../file-tree.ts";

const FILES = resolve(import.meta.dirname, "../scenarios/migrate");
const VAPI = join(FILES, "vapi-assistant.json");

let one: Desk;

beforeEach(async () => {
  one = await desk();
});
afterEach(() => one.close());

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(one.folder, file)), { recursive: true });
  await writeFile(join(one.folder, file), text);
}

const text = (file: string) => readFile(join(one.folder, file), "utf8");

/** Runs it, and checks that nothing was sent and that no file which was there has changed. */
async function ends(code: number, ...args: readonly string[]): Promise<string> {
  const before = treeOf(one.folder);
  const ran = await one.rollcall("migrate", ...args);
  expect(ran.code, ran.stdout + ran.stderr).toBe(code);
  const after = treeOf(one.folder);
  const kept = Object.entries(after).filter(([file]) => code !== 0 || file in before);
  expect(Object.fromEntries(kept)).toEqual(before);
  expect(one.emulator.requests()).toEqual([]);
  return ran.stdout + ran.stderr;
}

test("the files of an agent are listed with open points and losses", async () => {
  const said = await ends(0, "vapi", "--from", VAPI);
  expect(said).toContain("assistants/front-desk.yaml  Assistant/front-desk");
  expect(said).toContain(
    "Assistant/front-desk /tools/1/transfer/from: the number or SIP URI that places the call.",
  );
  expect(said).toContain("vapi-assistant.json /model/temperature: Telnyx has no such setting of the model");
  expect(said).toContain("Wrote 2 files from Vapi: 4 values left to do, 15 values not migrated.");
  expect(await text("prompts/front-desk.md")).toContain("You are June.\n");
});

test("validation lists open points, and without them the project can be applied", async () => {
  await ends(0, "vapi", "--from", VAPI);
  const refused = await one.rollcall("validate");
  expect(refused.code).toBe(1);
  expect(refused.stdout + refused.stderr).toContain("[RC3042]");
  const manifest = await text("assistants/front-desk.yaml");
  const done = manifest
    .replace("model: TODO", "model: moonshotai/Kimi-K2.6")
    .replace("api_key_ref: TODO", "api_key_ref: elevenlabs")
    .replace("from: TODO", 'from: "+15550100001"')
    .replace("value: TODO", 'value: "{{#integration_secret}}orders{{/integration_secret}}"');
  await write("assistants/front-desk.yaml", done);
  expect(await one.rollcall("validate", "--strict")).toMatchObject({ code: 0 });
  expect(await one.rollcall("apply", "--yes")).toMatchObject({ code: 0 });
  expect(await one.rollcall("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
});

test("an existing file is kept, and the new one gets another name", async () => {
  await write("assistants/front-desk.yaml", "# mine\n");
  await write(
    "desk.yaml",
    "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: front-desk-2 }\nspec: { instructions: Hi }\n",
  );
  await ends(0, "vapi", "--from", VAPI, "--from", VAPI);
  const tree = treeOf(one.folder);
  expect(
    Object.keys(tree)
      .filter((file) => file.startsWith("assistants/"))
      .toSorted(),
  ).toEqual(["assistants/front-desk-2.yaml", "assistants/front-desk.yaml"]);
});

test("--dry-run writes nothing, and --format json is the same list for programs", async () => {
  const said = await ends(0, "vapi", "--from", VAPI, "--layout", "single", "--dry-run", "--format", "json");
  expect(treeOf(one.folder)).toEqual({});
  expect(JSON.parse(said)).toMatchObject({
    provider: "Vapi",
    status: "planned",
    files: [{ file: "manifests.yaml", addresses: ["Assistant/front-desk"] }],
    missingEntries: [],
  });
});

test("a missing entry of the project file is reported", async () => {
  await write(
    "rollcall.yaml",
    "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: a }\nspec: { manifests: [tools] }\n",
  );
  await mkdir(join(one.folder, "tools"));
  expect(await ends(0, "vapi", "--from", VAPI)).toContain("Add assistants to spec.manifests of rollcall.yaml.");
});

test.each<[string, string | undefined, string]>([
  ["no file", undefined, "pass the files of Vapi with --from"],
  ["a file that holds no agent", "list.json", "list.json holds no agent"],
])("%s is refused", async (_, file, message) => {
  await write("list.json", "[1]");
  expect(await ends(1, "vapi", ...(file === undefined ? [] : ["--from", file]))).toContain(message);
});

test.each([
  ["vapi", "elevenlabs", { name: "x", conversation_config: {}, platform_settings: null }],
  ["vapi", "retell", { agent_name: "x", response_engine: { type: "retell-llm", llm_id: "l" } }],
  ["elevenlabs", "retell", { llm_id: "l", general_prompt: "Hi", general_tools: null }],
  ["elevenlabs", "vapi", { name: "x", members: [] }],
  ["retell", "vapi", { name: "x", firstMessage: "Hi", model: {} }],
  ["retell", "elevenlabs", [{ agent_id: "x", name: "x", conversation_config: null }]],
])("%s refuses a file of %s, and says how to migrate it", async (provider, other, file) => {
  await write("agent.json", `\uFEFF${JSON.stringify(file, undefined, 2).replaceAll("\n", "\r\n")}\r\n`);
  const said = await ends(1, provider, "--from", "agent.json");
  expect(said).toMatch(/agent\.json is a file of \w+, and not of \w+\n/);
  expect(said).toContain(`rollcall migrate ${other} --from agent.json`);
});

test.each([
  ["without members", { name: "x", members: null }],
  [
    "whose members have no assistant",
    { name: "x", members: [null, { assistantId: "a" }, { assistant: null }] },
  ],
])("a squad %s is refused", async (_, squad) => {
  await write("squad.json", JSON.stringify(squad));
  expect(await ends(1, "vapi", "--from", "squad.json")).toContain("no agent of Vapi is in squad.json");
});

test("nulls say nothing, and every value of a file of which nothing is used is listed by its place", async () => {
  await write(
    "agent.json",
    JSON.stringify({ name: null, firstMessage: null, server: null, hooks: [1], plan: {} }),
  );
  const shown = JSON.parse(await ends(0, "vapi", "--from", "agent.json", "--format", "json")) as {
    readonly losses: readonly { readonly at: string; readonly why: string }[];
  };
  expect(shown.losses.map(({ at, why }) => [at, why])).toEqual([["/hooks", "Telnyx has no counterpart"]]);
});

test("no secret of the file is written into a manifest", async () => {
  const key = ["sk", "live", "0123456789abcdef0123456789"].join("_");
  const agent = {
    name: "Desk",
    model: {
      messages: [{ role: "system", content: `Line one.\nThe key is ${key}.` }],
      tools: [
        {
          type: "function",
          function: { name: "a", description: "d" },
          server: { url: `https://acme.example/?token=${key}`, headers: { "X-A": key } },
        },
      ],
    },
    server: { url: "https://acme.example", secret: key },
  };
  await write("agent.json", JSON.stringify(agent));
  const said = await ends(0, "vapi", "--from", "agent.json", "--layout", "single");
  expect(said).not.toContain(key);
  const manifest = await text("manifests.yaml");
  expect(manifest).not.toContain(key);
  expect(manifest).toContain("    Line one.\n    The key is ****");
});
