import Telnyx from "telnyx";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";

/** The official SDK as the client: proof that the emulator speaks the protocol that the SDK was generated from. */
let emulator: Emulator;
let client: Telnyx;

beforeAll(async () => {
  emulator = await startEmulator({ seed: 7 });
  client = new Telnyx({ apiKey: "KEY0123", baseURL: emulator.url, maxRetries: 0 });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const BASICS = { name: "Front desk", instructions: "Be brief." };
const WEBHOOK = { name: "lookup", description: "Look a customer up.", url: "https://example.com/lookup" };
const RUBRIC = [
  { name: "Politeness", criteria: "Says thank you." },
  { name: "Accuracy", criteria: "Names the right price." },
];
const TEST = { name: "refund", destination: "+15550001111", instructions: "Ask for a refund.", rubric: RUBRIC };

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function failure(call: Promise<unknown>): Promise<InstanceType<typeof Telnyx.APIError>> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Telnyx.APIError) return error;
  throw new Error(`expected an API error, got ${String(error)}`);
}

describe("assistants", () => {
  test("create, retrieve, list, update and delete", async () => {
    const { ai } = client;
    const created = await ai.assistants.create({
      ...BASICS,
      greeting: "",
      tools: [{ type: "webhook", webhook: WEBHOOK }],
      voice_settings: { voice: "Telnyx.KokoroTTS.af" },
    });
    expect(created.id).toMatch(/^assistant-[0-9a-f-]{36}$/);
    expect(created.model).toBe("moonshotai/Kimi-K2.6");
    expect(created.greeting).toBe("");
    expect(created.telephony_settings?.default_texml_app_id).toMatch(/^\d+$/);
    expect(created.tools?.[0]).toMatchObject({ type: "webhook", shared: false, webhook: { method: "POST" } });

    const updated = await ai.assistants.update(created.id, { greeting: "Hello!", version_name: "v2" });
    expect(updated).toMatchObject({ id: created.id, greeting: "Hello!", instructions: "Be brief." });
    expect(updated.version_id).not.toBe(created.version_id);
    expect(await ai.assistants.retrieve(created.id)).toEqual(updated);
    expect((await ai.assistants.list()).data).toEqual([updated]);

    const gone = await ai.assistants.delete(created.id);
    expect(gone).toEqual({ id: created.id, object: "assistant", deleted: true });
    expect((await failure(ai.assistants.retrieve(created.id))).status).toBe(404);
    expect((await ai.assistants.list()).data).toEqual([]);
  });

  test("clone does not copy telephony settings", async () => {
    const { assistants } = client.ai;
    const created = await assistants.create({ ...BASICS, telephony_settings: { time_limit_secs: 60 } });
    const clone = await assistants.clone(created.id);
    expect(clone.id).not.toBe(created.id);
    expect(clone.instructions).toBe(created.instructions);
    expect(clone.telephony_settings?.time_limit_secs).toBe(1800);
    expect(await assistants.getTexml(clone.id)).toContain(clone.id);
  });

  test("deleted assistants can be seen and restored", async () => {
    const { id } = await client.ai.assistants.create(BASICS);
    await client.ai.assistants.delete(id);
    // The installed SDK is older than these endpoints.
    const deleted = await client.get<{ data: { id: string; deleted_at: string }[]; meta: object }>(
      "/ai/assistants/deleted",
    );
    expect(deleted.data.map((one) => one.id)).toEqual([id]);
    expect(deleted.meta).toMatchObject({ total_results: 1, page_number: 1 });
    const seen = await client.get<{ permanently_deleted_at: string }>(`/ai/assistants/${id}/deleted`);
    expect(Date.parse(seen.permanently_deleted_at)).toBeGreaterThan(Date.now());
    await client.post(`/ai/assistants/${id}/restore`);
    expect((await client.ai.assistants.retrieve(id)).id).toBe(id);
  });

  test("a validation error and a missing key are typed errors", async () => {
    // @ts-expect-error instructions are required
    const invalid = await failure(client.ai.assistants.create({ name: "x" }));
    expect(invalid).toBeInstanceOf(Telnyx.UnprocessableEntityError);
    expect(invalid.error).toEqual({
      detail: [{ type: "missing", loc: ["body", "instructions"], msg: "Field required" }],
    });
    const keyless = new Telnyx({ apiKey: " ", baseURL: emulator.url, maxRetries: 0 });
    const refused = await failure(keyless.ai.assistants.list());
    expect(refused).toBeInstanceOf(Telnyx.AuthenticationError);
  });

  test("an idempotency key replays the first response", async () => {
    const params = { ...BASICS, "Idempotency-Key": "5f0c7b1e-aaaa-4bbb-8ccc-0123456789ab" };
    const first = await client.ai.assistants.create(params);
    const { data: second, response } = await client.ai.assistants.create(params).withResponse();
    expect(second).toEqual(first);
    expect(response.headers.get("idempotent-replayed")).toBe("true");
    expect((await client.ai.assistants.list()).data).toHaveLength(1);
    const misused = await failure(client.ai.assistants.create({ ...params, name: "Other" }));
    expect(misused).toBeInstanceOf(Telnyx.UnprocessableEntityError);
    expect(misused.error).toMatchObject({ errors: [{ code: "10027" }] });
  });
});

describe("versions and canary", () => {
  test("a version beside main, promoted later", async () => {
    const { assistants } = client.ai;
    const main = await assistants.create({ ...BASICS, tags: ["a"] });
    const beside = await assistants.update(main.id, { greeting: "Hi", promote_to_main: false });
    const versionId = String(beside.version_id);
    expect(versionId).not.toBe(main.version_id);
    expect((await assistants.retrieve(main.id)).version_id).toBe(main.version_id);

    const { data } = await assistants.versions.list(main.id);
    expect(data.map((one) => one.version_id)).toEqual([versionId, main.version_id]);
    const bare = await assistants.versions.retrieve(versionId, { assistant_id: main.id });
    expect(bare).not.toHaveProperty("mcp_servers");
    const whole = await assistants.versions.retrieve(versionId, {
      assistant_id: main.id,
      include_mcp_servers: true,
    });
    expect(whole.mcp_servers).toEqual([]);

    const edited = await assistants.versions.update(versionId, { assistant_id: main.id, greeting: "Hey" });
    expect(edited).toMatchObject({ version_id: versionId, greeting: "Hey" });
    const touched = assistants.versions.update(String(main.version_id), {
      assistant_id: main.id,
      greeting: "",
    });
    expect((await failure(touched)).status).toBe(400);

    const promoted = await assistants.versions.promote(versionId, { assistant_id: main.id });
    expect(promoted.version_id).toBe(versionId);
    await assistants.versions.delete(String(main.version_id), { assistant_id: main.id });
    expect((await assistants.versions.list(main.id)).data).toHaveLength(1);
  });

  test("a canary from creation to promotion", async () => {
    const { assistants } = client.ai;
    const { canaryDeploys } = assistants;
    const main = await assistants.create(BASICS);
    const { version_id: versionId = "" } = await assistants.update(main.id, {
      greeting: "Hi",
      promote_to_main: false,
    });
    expect((await failure(canaryDeploys.retrieve(main.id))).status).toBe(404);
    const rules = [
      {
        match: [{ attribute: "telnyx_end_user_target", operator: "in" as const, values: ["+15550001111"] }],
        serve: { version_id: versionId },
      },
      { match: [], serve: { rollout: [{ version_id: versionId, weight: 10 }] } },
    ];
    const created = await canaryDeploys.create(main.id, { rules });
    expect(created).toMatchObject({ assistant_id: main.id, rules });
    const replaced = await canaryDeploys.update(main.id, { rules: rules.slice(1) });
    expect(replaced.rules).toEqual(rules.slice(1));
    expect(await canaryDeploys.retrieve(main.id)).toEqual(replaced);

    const full = [{ serve: { rollout: [{ version_id: versionId, weight: 100 }] } }];
    expect((await failure(canaryDeploys.update(main.id, { rules: full }))).status).toBe(422);
    await canaryDeploys.delete(main.id);
    expect((await failure(canaryDeploys.retrieve(main.id))).status).toBe(404);

    await canaryDeploys.create(main.id, { rules });
    await assistants.versions.promote(versionId, { assistant_id: main.id });
    expect((await failure(canaryDeploys.retrieve(main.id))).status).toBe(404);
  });
});

test("tags of an assistant and of the account", async () => {
  const { assistants } = client.ai;
  const { id } = await assistants.create({ ...BASICS, tags: ["support"] });
  expect(await assistants.tags.add(id, { tag: "night shift/2" })).toEqual({
    tags: ["support", "night shift/2"],
  });
  expect(await assistants.tags.list()).toEqual({ tags: ["night shift/2", "support"] });
  expect(await assistants.tags.remove("night shift/2", { assistant_id: id })).toEqual({ tags: ["support"] });
  expect((await assistants.retrieve(id)).tags).toEqual(["support"]);
});

describe("tests and runs", () => {
  test("create, update, page through and delete", async () => {
    const { tests } = client.ai.assistants;
    for (let index = 0; index < 45; index += 1)
      await tests.create({ ...TEST, name: `test ${index}`, test_suite: index % 2 === 0 ? "even" : "odd" });
    const all = await collect(tests.list());
    expect(all.map(({ name }) => name)).toEqual(Array.from({ length: 45 }, (_, index) => `test ${index}`));
    expect(await collect(tests.list({ test_suite: "odd" }))).toHaveLength(22);
    expect((await failure(Promise.resolve(tests.list({ "page[size]": 101 })))).status).toBe(422);
    expect((await tests.testSuites.list()).data).toEqual(["even", "odd"]);

    const [first] = all;
    const id = String(first?.test_id);
    expect(first?.telnyx_conversation_channel).toBe("web_chat");
    const changed = await tests.update(id, { description: "Now with words" });
    expect(changed).toMatchObject({ name: "test 0", description: "Now with words", rubric: RUBRIC });
    await tests.delete(id);
    expect((await failure(tests.retrieve(id))).status).toBe(404);
  });

  test("a run changes its status and gets the result of the rule", async () => {
    const { tests } = client.ai.assistants;
    const { test_id: id } = await tests.create(TEST);
    emulator.testRule({ test: "refund", criteria: { Accuracy: "failed" }, logs: "wrong price" });
    const run = await tests.runs.trigger(id);
    const seen: string[] = [run.status];
    let last = run;
    while (!["passed", "failed", "error"].includes(last.status)) {
      last = await tests.runs.retrieve(run.run_id, { test_id: id });
      seen.push(last.status);
    }
    expect(seen).toEqual(["pending", "starting", "running", "failed"]);
    expect(last.detail_status).toEqual([
      { name: "Politeness", status: "passed" },
      { name: "Accuracy", status: "failed" },
    ]);
    expect((await collect(tests.runs.list(id))).map(({ run_id }) => run_id)).toEqual([run.run_id]);
    expect((await failure(tests.runs.trigger(id, { destination_version_id: "nowhere" }))).status).toBe(400);
  });

  test("a suite starts one run per test", async () => {
    const { tests } = client.ai.assistants;
    for (const name of ["a", "b"]) await tests.create({ ...TEST, name, test_suite: "nightly/1" });
    const runs = await tests.testSuites.runs.trigger("nightly/1");
    expect(runs).toHaveLength(2);
    const batch = String(runs[0]?.test_suite_run_id);
    const listed = await collect(tests.testSuites.runs.list("nightly/1", { test_suite_run_id: batch }));
    expect(listed.map(({ run_id }) => run_id).toSorted()).toEqual(runs.map(({ run_id }) => run_id).toSorted());
  });
});

describe("MCP servers, tools, insights, secrets and the catalogue", () => {
  test("MCP servers are listed bare, page by page", async () => {
    const { mcpServers } = client.ai;
    for (let index = 0; index < 25; index += 1)
      await mcpServers.create({ name: `crm ${index}`, type: "http", url: `https://mcp.example.com/${index}` });
    const all = await collect(mcpServers.list());
    expect(all).toHaveLength(25);
    const id = String(all[0]?.id);
    const changed = await mcpServers.update(id, { name: "crm", allowed_tools: ["lookup"] });
    expect(changed).toMatchObject({ id, name: "crm", allowed_tools: ["lookup"], type: "http" });
    expect(await mcpServers.retrieve(id)).toEqual(changed);
    await mcpServers.delete(id);
    expect((await failure(mcpServers.retrieve(id))).status).toBe(404);
    const custom = mcpServers.create({ name: "x", type: "custom", url: "https://mcp.example.com" });
    expect((await failure(custom)).error).toMatchObject({ errors: [{ code: "10015" }] });
  });

  test("attached shared tools are among the tools of the assistant", async () => {
    const { ai } = client;
    const tool = await ai.tools.create({ display_name: "Lookup", type: "webhook", webhook: WEBHOOK });
    expect(tool).toMatchObject({ type: "webhook", timeout_ms: 5000, tool_definition: WEBHOOK });
    const patched = await ai.tools.update(tool.id, { display_name: "Look up" });
    expect(patched).toMatchObject({ id: tool.id, display_name: "Look up", tool_definition: WEBHOOK });
    expect(await collect(ai.tools.list({ "filter[type]": "webhook" }))).toEqual([patched]);

    const { id } = await ai.assistants.create(BASICS);
    await ai.assistants.tools.add(tool.id, { assistant_id: id });
    const { tools } = await ai.assistants.retrieve(id);
    expect(tools).toMatchObject([{ type: "webhook", shared: true, tool_id: tool.id, webhook: WEBHOOK }]);
    const tried = await ai.assistants.tools.test(tool.id, { assistant_id: id, arguments: { id: 1 } });
    expect(tried.data).toMatchObject({ success: true, status_code: 200 });
    expect((await failure(ai.tools.delete(tool.id))).status).toBe(400);
    await ai.assistants.tools.remove(tool.id, { assistant_id: id });
    await ai.tools.delete(tool.id);
    expect(await collect(ai.tools.list())).toEqual([]);
  });

  test("an edit of a tool in the portal is seen as one over the API, in the form of requests and of answers", async () => {
    const { ai } = client;
    const tool = await ai.tools.create({ display_name: "Lookup", type: "webhook", webhook: WEBHOOK });
    const url = "https://example.com/portal";
    for (const [patch, definition] of [
      [{ webhook: { url } }, { ...WEBHOOK, url }],
      [{ tool_definition: { description: "Portal" } }, { ...WEBHOOK, url, description: "Portal" }],
      [{ retrieval: { bucket_ids: ["other"] } }, { ...WEBHOOK, url, description: "Portal" }],
    ] as const) {
      emulator.portal.edit("Tool", tool.id, patch);
      const now = await ai.tools.retrieve(tool.id);
      expect(now).toMatchObject({ type: "webhook", display_name: "Lookup", tool_definition: definition });
      expect(Object.keys(now).toSorted()).toEqual(Object.keys(tool).toSorted());
      expect(await collect(ai.tools.list())).toEqual([now]);
    }
    emulator.portal.edit("Tool", tool.id, { type: "retrieval", retrieval: { bucket_ids: ["faq"] } });
    const changed = await ai.tools.retrieve(tool.id);
    expect(changed).toMatchObject({ type: "retrieval", tool_definition: { bucket_ids: ["faq"] } });
    expect(changed.tool_definition).not.toHaveProperty("url");
    await ai.tools.delete(tool.id);
  });

  test("an edit in the portal in the form of answers reaches a canary and a group, and keeps no secret", async () => {
    const { ai } = client;
    const { portal } = emulator;
    const { id } = await ai.assistants.create(BASICS);
    const version = portal.create("AssistantVersion", { assistant_id: id, greeting: "B" }).split("/")[1] ?? "";
    portal.create("CanaryDeploy", { assistant_id: id, rules: [{ serve: { version_id: version } }] });
    portal.edit("CanaryDeploy", id, { versions: [{ version_id: version, percentage: 7 }] });
    expect(await ai.assistants.canaryDeploys.retrieve(id)).toMatchObject({
      rules: [{ serve: { rollout: [{ version_id: version, weight: 7 }] } }],
    });
    const { insights, insightGroups } = ai.conversations;
    const { data: group } = await insightGroups.insightGroups({ name: "Portal" });
    const { data: insight } = await insights.create({ name: "Mood", instructions: "Judge the mood." });
    portal.edit("InsightGroup", group.id, { insights: [{ id: insight.id }] });
    expect((await insightGroups.retrieve(group.id)).data.insights).toEqual([insight]);
    await insights.delete(insight.id);
    expect((await insightGroups.retrieve(group.id)).data.insights).toEqual([]);
    await insightGroups.delete(group.id);
    const value = ["tok", "en"].join("");
    const secret = portal.create("IntegrationSecret", { identifier: "crm", type: "bearer", token: value });
    portal.edit("IntegrationSecret", secret, { token: value });
    expect(JSON.stringify(await collect(client.integrationSecrets.list()))).not.toContain(`"${value}"`);
    portal.delete("IntegrationSecret", secret);
    portal.delete("Assistant", id);
  });

  test("insights are assigned to groups", async () => {
    const { insights, insightGroups } = client.ai.conversations;
    const { data: group } = await insightGroups.insightGroups({ name: "Quality" });
    const { data: insight } = await insights.create({ name: "Mood", instructions: "Judge the mood." });
    expect(insight).toMatchObject({ insight_type: "custom", webhook: "" });
    await insightGroups.insights.assign(insight.id, { group_id: group.id });
    expect((await insightGroups.retrieve(group.id)).data.insights).toEqual([insight]);
    expect((await insights.update(insight.id, { name: "Tone" })).data.name).toBe("Tone");
    await insightGroups.insights.deleteUnassign(insight.id, { group_id: group.id });
    expect((await insightGroups.update(group.id, { name: "Tone" })).data).toMatchObject({ insights: [] });
    expect(await collect(insightGroups.retrieveInsightGroups())).toHaveLength(1);
    expect(await collect(insights.list())).toHaveLength(1);
    await insights.delete(insight.id);
    await insightGroups.delete(group.id);
  });

  test("the value of a secret is not returned", async () => {
    const { integrationSecrets } = client;
    const { data } = await integrationSecrets.create({ identifier: "crm", type: "bearer", token: "s3cret" });
    expect(data).toMatchObject({ identifier: "crm", record_type: "integration_secret" });
    const listed = await collect(integrationSecrets.list());
    expect(JSON.stringify([data, listed, emulator.state(), emulator.requests()])).not.toContain("s3cret");
    await integrationSecrets.delete(data.id);
    expect((await failure(integrationSecrets.delete(data.id))).status).toBe(404);
  });

  test("integrations, connections and models are listed", async () => {
    const { ai } = client;
    emulator.portal.create("Integration", {
      id: "salesforce",
      name: "salesforce",
      display_name: "Salesforce",
      description: "",
      logo_url: "",
      status: "connected",
      available_tools: ["query"],
    });
    emulator.portal.create("IntegrationConnection", {
      id: "connection-1",
      integration_id: "salesforce",
      allowed_tools: ["query"],
    });
    expect((await ai.integrations.list()).data).toHaveLength(1);
    expect(await ai.integrations.retrieve("salesforce")).toMatchObject({ status: "connected" });
    expect((await ai.integrations.connections.list()).data).toHaveLength(1);
    const { data } = await ai.integrations.connections.retrieve("connection-1");
    expect(data.integration_id).toBe("salesforce");
    await ai.integrations.connections.delete("connection-1");
    expect((await ai.integrations.connections.list()).data).toEqual([]);
    expect((await ai.openai.listModels()).data.map(({ id }) => id)).toContain("moonshotai/Kimi-K2.6");
  });
});
