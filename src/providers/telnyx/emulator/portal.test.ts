import { describe, expect, test } from "vitest";
import { emulatorForTests, rawClient } from "../../../../test/e2e/raw-client.ts";
import { mergePatch } from "./merge-patch.ts";

const { emulator, api } = await emulatorForTests();
const admin = rawClient(emulator.url.replace(/\/v2$/, "/_emulator"));
const BASICS = { name: "Front desk", instructions: "Be brief." };

describe("an edit in the portal", () => {
  test("is merged into an assistant as a new main version with the same name", async () => {
    const id = emulator.portal.create("Assistant", { ...BASICS, voice_settings: { voice: "v", speed: 2 } });
    await api.post(`/ai/assistants/${id}`, { version_name: "mine" });
    const before = (await api.get(`/ai/assistants/${id}`)).body;
    emulator.portal.edit("Assistant", id, { voice_settings: { speed: 3 }, greeting: "Hi" });
    const { body } = await api.get(`/ai/assistants/${id}`);
    expect(body).toMatchObject({
      voice_settings: { voice: "v", speed: 3 },
      greeting: "Hi",
      version_name: "mine",
    });
    expect(body["version_id"]).not.toBe(before["version_id"]);
    expect(emulator.requests().filter(({ wrote }) => wrote)).toHaveLength(1);
  });

  test("may keep the version; null removes a key", async () => {
    const id = emulator.portal.create("Assistant", { ...BASICS, description: "d" });
    const before = (await api.get(`/ai/assistants/${id}`)).body;
    emulator.portal.edit("Assistant", id, { description: null, greeting: "Hi" }, { version: "same" });
    const { body } = await api.get(`/ai/assistants/${id}`);
    const { description: _gone, ...rest } = before;
    expect(body).toEqual({ ...rest, greeting: "Hi" });
  });

  test("is refused if the API would refuse it", () => {
    const id = emulator.portal.create("Assistant", BASICS);
    expect(() => emulator.portal.edit("Assistant", id, { greeting: 7 })).toThrow("string_type");
    expect(() => emulator.portal.edit("Assistant", "nowhere", {})).toThrow("no Assistant nowhere");
  });

  test("works for every other kind", async () => {
    const { portal } = emulator;
    const mcp = portal.create("McpServer", { name: "crm", type: "http", url: "https://x" });
    portal.edit("McpServer", mcp, { allowed_tools: ["a"] });
    const rubric = [{ name: "n", criteria: "c" }];
    const one = portal.create("AssistantTest", { name: "t", destination: "d", instructions: "i", rubric });
    portal.edit("AssistantTest", one, { name: "u" });
    const tool = portal.create("Tool", { display_name: "t", type: "webhook", webhook: { name: "w" } });
    portal.edit("Tool", tool, { tool_definition: { url: "https://x" } });
    expect(emulator.state()).toMatchObject({
      mcp_servers: [{ id: mcp, allowed_tools: ["a"] }],
      tests: [{ test_id: one, name: "u" }],
      tools: [{ id: tool, tool_definition: { name: "w", url: "https://x" } }],
    });
    portal.delete("McpServer", mcp);
    portal.delete("AssistantTest", one);
    portal.delete("Tool", tool);
    expect(emulator.state()).toMatchObject({ mcp_servers: [], tests: [], tools: [] });
  });

  test("works for versions and the canary", async () => {
    const { portal } = emulator;
    const id = portal.create("Assistant", BASICS);
    const version = portal.create("AssistantVersion", { assistant_id: id, greeting: "two", version_name: "B" });
    const versionId = String(version.split("/")[1]);
    portal.edit("AssistantVersion", version, { greeting: "three" });
    portal.create("CanaryDeploy", { assistant_id: id, rules: [{ serve: { version_id: versionId } }] });
    portal.edit("CanaryDeploy", id, {
      rules: [{ serve: { rollout: [{ version_id: versionId, weight: 5 }] } }],
    });
    expect(emulator.state().assistants).toMatchObject([
      {
        id,
        canary: { rules: [{ serve: { rollout: [{ weight: 5 }] } }] },
        versions: [{ version_id: versionId, greeting: "three", version_name: "B" }, {}],
      },
    ]);
    portal.delete("CanaryDeploy", id);
    portal.promote(id, versionId);
    expect((await api.get(`/ai/assistants/${id}`)).body["version_id"]).toBe(versionId);
    portal.delete("Assistant", id);
    expect(emulator.state().assistants).toEqual([]);
  });
});

test("the state is a copy", () => {
  emulator.portal.create("Assistant", BASICS);
  const before = emulator.state();
  Object.assign(before.assistants[0]?.main ?? {}, { name: "scribbled" });
  expect(emulator.state().assistants[0]?.main["name"]).toBe("Front desk");
});

test("a merge patch follows RFC 7396", () => {
  const target = { a: { b: 1, c: 2 }, d: [1, 2] };
  expect(mergePatch(target, { a: { b: null, e: { f: 1 } }, d: [3] })).toEqual({
    a: { c: 2, e: { f: 1 } },
    d: [3],
  });
  expect(mergePatch("x", { a: null })).toEqual({});
  expect(target).toEqual({ a: { b: 1, c: 2 }, d: [1, 2] });
});

describe("the same over HTTP", () => {
  test("health, portal, state, requests and reset need no key", async () => {
    expect((await admin.get("/health")).body).toEqual({ status: "ok" });
    const { body } = await admin.post("/portal/Assistant", BASICS);
    await admin.patch(`/portal/Assistant/${body.id}`, { greeting: "Hi" });
    const version = await admin.post("/portal/AssistantVersion", { assistant_id: body.id, greeting: "B" });
    await admin.patch(`/portal/AssistantVersion/${version.body.id}`, { greeting: "C" });
    const state = (await admin.get("/state")).body;
    expect(state["assistants"]).toMatchObject([
      { main: { greeting: "Hi" }, versions: [{ greeting: "C" }, {}, {}] },
    ]);
    await api.get("/ai/assistants");
    expect((await admin.get("/requests")).body["data"]).toMatchObject([
      { method: "GET", path: "/ai/assistants" },
    ]);
    await admin.post("/portal/promote", {
      assistant_id: body.id,
      version_id: version.body.id.split("/")[1] ?? "",
    });
    expect((await api.get(`/ai/assistants/${body.id}`)).body["greeting"]).toBe("C");
    await admin.delete(`/portal/Assistant/${body.id}`);
    await admin.delete("/requests");
    expect(emulator.requests()).toEqual([]);
    await admin.post("/reset");
    expect(emulator.state().assistants).toEqual([]);
  });

  test("faults and rules for test runs", async () => {
    await admin.post("/faults", {
      match: { method: "GET", pattern: "^/ai/assistants$" },
      fault: { kind: "status", status: 503 },
    });
    expect((await admin.get("/faults")).body["data"]).toHaveLength(1);
    expect((await api.get("/ai/assistants")).status).toBe(503);
    await admin.post("/faults", { times: "always", fault: { kind: "status", status: 500 } });
    await admin.delete("/faults");
    expect((await api.get("/ai/assistants")).status).toBe(200);
    await admin.post("/test-rules", { outcome: "failed", after: { finished: 1 } });
    const rubric = [{ name: "n", criteria: "c" }];
    const { body } = await api.post("/ai/assistants/tests", {
      name: "t",
      destination: "d",
      instructions: "i",
      rubric,
    });
    const runs = `/ai/assistants/tests/${String(body["test_id"])}/runs`;
    await api.post(runs);
    expect((await api.get(runs)).body["data"]).toMatchObject([{ status: "failed" }]);
  });

  test("a mistake is reported, not swallowed", async () => {
    expect((await admin.post("/faults", { fault: { kind: "explode" } })).body["error"]).toContain("explode");
    expect((await admin.patch("/portal/Assistant/nowhere", {})).status).toBe(400);
    expect((await admin.post("/portal/Assistant", { name: "x" })).status).toBe(422);
    expect((await admin.post("/portal/Unicorn", {})).status).toBe(400);
  });
});
