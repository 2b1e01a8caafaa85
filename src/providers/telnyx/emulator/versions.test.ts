import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../model/json.ts";
import { emulatorForTests, rawClient } from "../../../../test/e2e/raw-client.ts";
import { startEmulator } from "./emulator.ts";
import type { Hazards } from "./options.ts";

const { api } = await emulatorForTests();
const BASICS = { name: "Front desk", instructions: "Be brief.", greeting: "one" };

async function assistantWithVersion(client = api) {
  const { body: main } = await client.post("/ai/assistants", BASICS);
  const at = `/ai/assistants/${main.id}`;
  const { body: beside } = await client.post(at, {
    greeting: "two",
    promote_to_main: false,
    version_name: "B",
  });
  return { at, main: String(main["version_id"]), beside: String(beside["version_id"]) };
}

async function withHazards(hazards: Partial<Hazards>, act: (client: typeof api) => Promise<void>) {
  const emulator = await startEmulator({ hazards });
  try {
    await act(rawClient(emulator.url));
  } finally {
    await emulator.close();
  }
}

const rollout = (version: string, weight = 10) => ({
  rules: [{ match: [], serve: { rollout: [{ version_id: version, weight }] } }],
});

describe("versions", () => {
  test("an update that is not promoted is based on main and does not change it", async () => {
    const { at, main, beside } = await assistantWithVersion();
    expect((await api.get(at)).body).toMatchObject({ version_id: main, greeting: "one" });
    const { body } = await api.get(`${at}/versions/${beside}`);
    expect(body).toMatchObject({ version_id: beside, version_name: "B", greeting: "two", name: "Front desk" });
    expect((await api.get(`${at}/versions`)).body["data"]).toMatchObject([
      { version_id: beside },
      { version_id: main },
    ]);
  });

  test("an update goes live under a new version id by default", async () => {
    const { at, main } = await assistantWithVersion();
    const { body } = await api.post(at, { greeting: "three" });
    expect(body["version_id"]).not.toBe(main);
    expect((await api.get(at)).body["version_id"]).toBe(body["version_id"]);
    expect((await api.get(`${at}/versions/${main}`)).body["greeting"]).toBe("one");
  });

  test("with the hazard off, main is edited in place", () =>
    withHazards({ updateMakesVersion: false, versionNameResets: false }, async (client) => {
      const { at, main } = await assistantWithVersion(client);
      await client.post(at, { version_name: "named" });
      const { body } = await client.post(at, { greeting: "three" });
      expect(body).toMatchObject({ version_id: main, greeting: "three", version_name: "named" });
    }));

  test("a version is edited in place; main is refused", async () => {
    const { at, main, beside } = await assistantWithVersion();
    const { body } = await api.post(`${at}/versions/${beside}`, { greeting: "2b", promote_to_main: true });
    expect(body).toMatchObject({ version_id: beside, greeting: "2b", version_name: "New assistant" });
    expect((await api.get(at)).body["version_id"]).toBe(main);
    expect((await api.post(`${at}/versions/${main}`, { greeting: "x" })).status).toBe(400);
    expect((await api.delete(`${at}/versions/${main}`)).status).toBe(400);
    expect((await api.post(`${at}/versions/nowhere`, {})).status).toBe(404);
  });

  test("MCP servers of a version are returned only on request", async () => {
    const { at, beside } = await assistantWithVersion();
    expect((await api.get(`${at}/versions/${beside}`)).body).not.toHaveProperty("mcp_servers");
    const { body } = await api.get(`${at}/versions/${beside}?include_mcp_servers=true`);
    expect(body["mcp_servers"]).toEqual([]);
  });

  test("promotion changes main and ends the canary; delete returns 204", async () => {
    const { at, main, beside } = await assistantWithVersion();
    await api.post(`${at}/canary-deploys`, rollout(beside));
    expect((await api.post(`${at}/versions/${beside}/promote`)).body["version_id"]).toBe(beside);
    expect((await api.get(`${at}/canary-deploys`)).status).toBe(404);
    const gone = await api.delete(`${at}/versions/${main}`);
    expect([gone.status, gone.text]).toEqual([204, ""]);
  });
});

describe("canary", () => {
  test("create, replace and delete have the documented statuses", async () => {
    const { at, beside } = await assistantWithVersion();
    const canary = `${at}/canary-deploys`;
    expect((await api.get(canary)).status).toBe(404);
    expect((await api.put(canary, rollout(beside))).status).toBe(404);
    expect((await api.delete(canary)).status).toBe(404);
    expect((await api.post(canary, rollout(beside))).status).toBe(200);
    expect((await api.post(canary, rollout(beside))).status).toBe(400);
    const { status, body } = await api.put(canary, rollout(beside, 50));
    expect([status, body["rules"]]).toEqual([200, rollout(beside, 50).rules]);
    expect((await api.delete(canary)).status).toBe(204);
  });

  test.each<[string, (version: string) => JsonObject, number]>([
    ["weights of 100", (version) => rollout(version, 100), 422],
    ["a weight over 100", (version) => rollout(version, 101), 422],
    ["neither version nor rollout", () => ({ rules: [{ serve: {} }] }), 422],
    [
      "both version and rollout",
      (version) => ({ rules: [{ serve: { version_id: version, rollout: [] } }] }),
      422,
    ],
    ["a clause without values", (version) => clause(version, []), 422],
    ["an unknown version", () => rollout("nowhere"), 400],
  ])("%s is refused", async (_what, body, status) => {
    const { at, beside } = await assistantWithVersion();
    expect((await api.post(`${at}/canary-deploys`, body(beside))).status).toBe(status);
    expect((await api.get(`${at}/canary-deploys`)).status).toBe(404);
  });

  test("a body in the older form creates a canary without rules", async () => {
    const { at, beside } = await assistantWithVersion();
    const { body } = await api.post(`${at}/canary-deploys`, {
      versions: [{ version_id: beside, percentage: 5 }],
    });
    expect(body["rules"]).toEqual([]);
  });

  test("an update of main ends the canary, and an update beside main does not", async () => {
    const { at, beside } = await assistantWithVersion();
    await api.post(`${at}/canary-deploys`, rollout(beside));
    await api.post(at, { greeting: "x", promote_to_main: false });
    expect((await api.get(`${at}/canary-deploys`)).status).toBe(200);
    await api.post(at, { greeting: "y" });
    expect((await api.get(`${at}/canary-deploys`)).status).toBe(404);
  });

  test("with the hazards off, the canary survives and has the older form", () =>
    withHazards({ canarySurvivesUpdate: true, legacyCanary: true }, async (client) => {
      const { at, beside } = await assistantWithVersion(client);
      await client.post(`${at}/canary-deploys`, rollout(beside));
      await client.post(at, { greeting: "y" });
      const { body } = await client.get(`${at}/canary-deploys`);
      expect(body).toMatchObject({ versions: [{ version_id: beside, percentage: 10 }] });
      expect(body).not.toHaveProperty("rules");
    }));

  test("a version that a canary serves cannot be deleted", async () => {
    const { at, beside } = await assistantWithVersion();
    await api.post(`${at}/canary-deploys`, rollout(beside));
    expect((await api.delete(`${at}/versions/${beside}`)).status).toBe(400);
    await api.delete(`${at}/canary-deploys`);
    expect((await api.delete(`${at}/versions/${beside}`)).status).toBe(204);
  });
});

function clause(version: string, values: readonly string[]): JsonObject {
  return { rules: [{ match: [{ attribute: "a", operator: "in", values }], serve: { version_id: version } }] };
}
