import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { desked, payloadDesk, type PayloadDesk } from "./project.ts";

let office: PayloadDesk;

beforeEach(async () => {
  office = await payloadDesk();
});

afterEach(() => office.close());

const FLOW = {
  start_node_id: "intake",
  nodes: [{ id: "intake", instructions: "Ask for the name." }],
};

describe.each([
  ["null", { conversation_flow: null }],
  ["no flow where there was one", {}],
])("a manifest that says %s", (_, fields: JsonObject) => {
  test("removes the workflow", async () => {
    await office.applied(desked({ conversation_flow: FLOW }));
    await office.declare(desked(fields));
    const plan = await office.planned();
    expect(plan.code).toBe(2);
    expect(plan.stdout).toContain("conversation_flow");
    await office.applied(desked(fields));
    expect(office.assistant().main["conversation_flow"] ?? null).toBeNull();
    expect((await office.planned()).code).toBe(0);
    expect((await office.rollcall("drift")).code).toBe(0);
  });
});

test("null means no workflow: one that is added in the portal is drift and is removed", async () => {
  await office.applied(desked({ conversation_flow: null }));
  office.emulator.portal.edit("Assistant", office.assistant().id, { conversation_flow: FLOW });
  expect((await office.rollcall("drift")).code).toBe(2);
  await office.applied(desked({ conversation_flow: null }));
  expect(office.assistant().main["conversation_flow"] ?? null).toBeNull();
});

test("a version can remove the workflow of its assistant", async () => {
  const version = {
    kind: "AssistantVersion",
    name: "plain",
    spec: { assistant: { ref: "Assistant/desk" }, changes: { conversation_flow: null } },
  };
  await office.applied(desked({ conversation_flow: FLOW }), version);
  const { main } = office.assistant();
  expect(main["conversation_flow"]).toMatchObject(FLOW);
  const versions = office.emulator.state().assistants[0]?.versions ?? [];
  const plain = versions.find((one) => one["version_name"] === "plain");
  expect(plain).toBeDefined();
  expect(plain?.["conversation_flow"] ?? null).toBeNull();
  expect((await office.planned()).code).toBe(0);
});

const SECRETS = {
  llm_api_key_ref: "acme-llm",
  voice_settings: { voice: "ElevenLabs.v3.anna", api_key_ref: "acme-voice" },
  transcription: { model: "azure/fast", api_key_ref: "acme-speech" },
};
const NO_SECRETS = {
  llm_api_key_ref: null,
  voice_settings: { voice: "ElevenLabs.v3.anna", api_key_ref: null },
  transcription: { model: "azure/fast", api_key_ref: null },
};

test("null removes a secret reference, and is in sync if there never was one", async () => {
  await office.applied(desked(NO_SECRETS));
  expect((await office.planned()).code).toBe(0);
  await office.applied(desked(SECRETS));
  expect(office.assistant().main).toMatchObject(SECRETS);
  await office.applied(desked(NO_SECRETS));
  const { main } = office.assistant();
  expect(main["llm_api_key_ref"] ?? null).toBeNull();
  expect(main).not.toMatchObject({ voice_settings: { api_key_ref: "acme-voice" } });
  expect(main).not.toMatchObject({ transcription: { api_key_ref: "acme-speech" } });
  expect((await office.planned()).code).toBe(0);
});
