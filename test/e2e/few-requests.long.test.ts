import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify, type JsonObject } from "../../src/model/json.ts";
import { desk, type Desk } from "./cli.ts";

let office: Desk;
const ASSISTANTS = 300;

beforeAll(async () => {
  // A number that grows with every answer, where nobody declares anything and inside a declared block.
  office = await desk(undefined, { hazards: { growing: ["/calls", "/voice_settings/uses"] } });
  await mkdir(join(office.folder, "tools"));
  for (let index = 0; index < ASSISTANTS; index += 1) await declareOne(index);
  const { code, stdout, stderr } = await office.rollcall("apply", "--yes", "--quiet");
  expect(code, stdout + stderr).toBe(0);
});

afterAll(() => office.close());

/** Every assistant has tools of its own; every thirtieth a shared one, a test and another set of fields. */
async function declareOne(index: number): Promise<void> {
  const isOther = index % 30 === 0;
  await declare("Assistant", `n-${index}`, {
    model: "meta-llama/Llama-3.3-70B-Instruct",
    instructions: `You are number ${index}.`,
    tools: [{ type: "hangup", hangup: { description: "Ends the call." } }],
    voice_settings: { voice: "Telnyx.KokoroTTS.af_heart" },
    ...(isOther
      ? { greeting: "Hello.", tool_ids: [{ ref: `Tool/t-${index}` }] }
      : { description: "A plain one.", mcp_servers: [{ id: { ref: "McpServer/crm" } }] }),
  });
  if (index === 0) await declare("McpServer", "crm", { name: "crm", type: "http", url: "https://crm.example" });
  if (!isOther) return;
  const webhook = { name: `t_${index}`, description: "Opens a ticket.", url: "https://acme.example" };
  await declare("Tool", `t-${index}`, { type: "webhook", webhook });
  await declare("AssistantTest", `p-${index}`, {
    destination: "+15550100000",
    instructions: "Ask for the opening hours.",
    rubric: [{ name: "kind", criteria: "It is kind." }],
  });
}

async function declare(kind: string, name: string, spec: JsonObject): Promise<void> {
  const manifest = { apiVersion: "rollcall.dev/v1", kind, metadata: { name }, spec };
  await writeFile(join(office.folder, "tools", `${kind}-${name}.yaml`), stringify(manifest));
}

test(`a plan of ${ASSISTANTS} assistants and nothing to do takes at most 20 requests`, async () => {
  office.emulator.clearRequests();
  const { code, stdout } = await office.rollcall("plan", "--detailed-exitcode");
  expect(code, stdout).toBe(0);
  expect(office.emulator.requests().length).toBeLessThanOrEqual(20);
});

test("a drift reads each of them by id", async () => {
  office.emulator.clearRequests();
  const { code, stdout } = await office.rollcall("drift");
  expect(code, stdout).toBe(0);
  const read = office.emulator.requests().filter(({ path }) => /\/assistants\/assistant-[^/]+$/.test(path));
  expect(new Set(read.map(({ path }) => path)).size).toBe(ASSISTANTS);
});
