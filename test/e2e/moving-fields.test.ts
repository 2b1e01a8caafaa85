import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { stringify, type JsonObject } from "../../src/model/json.ts";
import { desk, type Desk } from "./cli.ts";

const MODEL = "meta-llama/Llama-3.3-70B-Instruct";
const LOOK_UP = {
  type: "webhook",
  webhook: {
    name: "look_up",
    description: "Looks up.",
    url: "https://acme.example",
    messages: [{ type: "request_start", content: "One moment." }],
  },
};
const VOICE = { voice: "Telnyx.KokoroTTS.af_heart" };

let office: Desk;
afterEach(() => office.close());

async function declare(spec: JsonObject = {}, lifecycle: JsonObject = {}): Promise<void> {
  const manifest = {
    apiVersion: "rollcall.dev/v1",
    kind: "Assistant",
    metadata: { name: "desk" },
    lifecycle,
    spec: { model: MODEL, instructions: "Be brief.", voice_settings: VOICE, tools: [LOOK_UP], ...spec },
  };
  await writeFile(join(office.folder, "desk.yaml"), stringify(manifest, 2));
}

async function ends(code: number, ...args: readonly string[]): Promise<string> {
  const ran = await office.rollcall(...args);
  expect(ran.code, ran.stdout + ran.stderr).toBe(code);
  return ran.stdout;
}

async function applied(growing: readonly string[], lifecycle?: JsonObject): Promise<void> {
  office = await desk(undefined, { hazards: { growing } });
  await declare({}, lifecycle);
  await ends(0, "apply", "--yes");
}

const live = () => office.emulator.state().assistants[0]?.main;

/** Places of numbers that grow with every answer and that nobody declares. */
const PLACES: readonly (readonly [string, string])[] = [
  ["a field", "/calls"],
  ["a counter in a block of its own", "/stats/today/calls"],
  ["a member of a declared block", "/voice_settings/uses"],
  ["a member of an element of a declared list", "/tools/0/hits"],
  ["a member of a block in an element", "/tools/0/webhook/hits"],
  ["a member of an element of a list without keys", "/tools/0/webhook/messages/0/uses"],
  ["a server timestamp", "/last_used_at"],
];

describe.each(PLACES)("%s that moves by itself", (_, path) => {
  test("is not drift, not a change, and blocks no apply", async () => {
    await applied([path]);
    expect(await ends(0, "drift")).toContain("No drift.");
    await ends(0, "plan", "--detailed-exitcode");
    await ends(0, "apply", "--yes");
    await declare({ instructions: "Be kind." });
    await ends(0, "apply", "--yes");
    expect(live()).toMatchObject({ instructions: "Be kind." });
    expect(await ends(0, "drift")).toContain("No drift.");
  });

  test("does not make a saved plan stale that writes another block", async () => {
    await applied([path]);
    await declare({ instructions: "Be kind." });
    await ends(0, "plan", "--out", "plan.json");
    await ends(0, "plan");
    await ends(0, "apply", "plan.json");
    expect(live()).toMatchObject({ instructions: "Be kind." });
  });

  test("can be ignored: then it is not reported and does not block a write to its block", async () => {
    const key = path.replace("/tools/0/", "/tools/webhook:look_up/");
    const ignore = { ignore: [key] };
    await applied([path], ignore);
    expect(await ends(0, "drift")).not.toContain("For information");
    expect(await ends(0, "plan")).not.toContain("changed outside Git");
    const tool = { ...LOOK_UP, webhook: { ...LOOK_UP.webhook, description: "Finds it." } };
    await declare({ voice_settings: { ...VOICE, voice_speed: 1.2 }, tools: [tool] }, ignore);
    await ends(0, "plan", "--out", "plan.json");
    await ends(0, "apply", "plan.json");
    expect(live()).toMatchObject({ voice_settings: { voice_speed: 1.2 }, tools: [{ webhook: tool.webhook }] });
    await ends(0, "plan", "--detailed-exitcode");
    await ends(0, "destroy", "--yes");
  });

  test("does not prevent deleting its object", async () => {
    await applied([path]);
    await ends(0, "destroy", "--yes");
    expect(office.emulator.state().assistants[0]?.deleted_at).not.toBeNull();
  });
});

test.each(["/tools/0/hits", "/tools/0/webhook/messages/0/uses"])(
  "%s is not drift if its element will be removed",
  async (path) => {
    await applied([path]);
    await declare({ tools: [] });
    expect(await ends(0, "drift")).not.toContain("has drifted");
    await ends(2, "plan", "--detailed-exitcode");
  },
);

test("can be ignored in a reference by the address that it refers to", async () => {
  office = await desk(undefined, { hazards: { growing: ["/mcp_servers/0/uses"] } });
  const crm = { name: "crm", type: "http", url: "https://a.example" };
  const server = { apiVersion: "rollcall.dev/v1", kind: "McpServer", metadata: { name: "crm" }, spec: crm };
  await writeFile(join(office.folder, "crm.yaml"), stringify(server));
  const uses = (...tools: readonly string[]) => [{ id: { ref: "McpServer/crm" }, allowed_tools: tools }];
  const ignore = { ignore: ["/mcp_servers/McpServer~1crm/uses"] };
  await declare({ mcp_servers: uses("a") }, ignore);
  await ends(0, "apply", "--yes");
  expect(await ends(0, "drift")).not.toContain("For information");
  await declare({ mcp_servers: uses("a", "b") }, ignore);
  await ends(0, "plan", "--out", "plan.json");
  await ends(0, "apply", "plan.json");
  expect(live()).toMatchObject({ mcp_servers: [{ allowed_tools: ["a", "b"] }] });
  await ends(0, "plan", "--detailed-exitcode");
});

test("counts in a block that is written as a whole, unless it is ignored", async () => {
  await applied(["/voice_settings/uses"]);
  await declare({ voice_settings: { ...VOICE, voice_speed: 1.2 } });
  await ends(0, "plan", "--out", "plan.json");
  expect(await ends(4, "apply", "plan.json")).toContain("voice_settings.uses");
});
