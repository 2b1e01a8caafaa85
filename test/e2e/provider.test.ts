import { ownId } from "../../src/model/object-ids.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { equal, isList, isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import { isReference } from "../../src/model/resource.ts";
import { everyField } from "../specification/every-field/specs.ts";
import { ASSISTANT, failureOf, omit, type ProviderWorld, startWorld, updateOf } from "./provider-fixture.ts";

let world: ProviderWorld;

async function restart(options: Parameters<typeof startWorld>[0]): Promise<void> {
  await world.stop();
  world = await startWorld(options);
}

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

describe("Assistant", () => {
  test("is created without tags, which are added one by one, and is read back as declared", async () => {
    const object = await world.create("Assistant", { ...ASSISTANT, tags: ["support", "a/b"] });
    expect(world.lines()).toEqual([
      "POST /ai/assistants",
      `POST /ai/assistants/${object.id}/tags`,
      `POST /ai/assistants/${object.id}/tags`,
    ]);
    expect(world.writes()[0]?.body).toEqual(ASSISTANT);
    expect(world.emulator.requests()[0]?.idempotencyKey).toMatch(/^key-/);
    expect(await world.read("Assistant", object.id)).toMatchObject({
      id: object.id,
      versionId: object.versionId,
      spec: { ...ASSISTANT, tags: ["support", "a/b"] },
    });
    expect(object.spec["tags"]).toEqual(["support", "a/b"]);
  });

  test("an update sends complete blocks that differ, with its version name, and promotes", async () => {
    const telephony = {
      time_limit_secs: 900,
      recording_settings: { enabled: false },
      user_idle_timeout_secs: 60,
    };
    const { id } = await world.made("Assistant", { ...ASSISTANT, telephony_settings: telephony });
    world.emulator.portal.edit(
      "Assistant",
      id,
      { version_name: "v7", transcription: { model: "deepgram/nova-3" } },
      { version: "same" },
    );
    const before = await world.read("Assistant", id);
    await world.change("Assistant", id, (spec) => ({
      ...spec,
      telephony_settings: { ...(spec["telephony_settings"] as JsonObject), time_limit_secs: 1200 },
    }));
    const [write, ...more] = world.writes();
    expect(more).toEqual([]);
    expect(write).toMatchObject({
      line: `POST /ai/assistants/${id}`,
      body: {
        telephony_settings: { ...telephony, time_limit_secs: 1200 },
        version_name: "v7",
        promote_to_main: true,
      },
    });
    expect(Object.keys(write?.body as JsonObject).sort()).toEqual([
      "promote_to_main",
      "telephony_settings",
      "version_name",
    ]);
    const after = await world.read("Assistant", id);
    const expected = { ...(before.spec["telephony_settings"] as JsonObject), time_limit_secs: 1200 };
    expect(after.spec).toEqual({ ...before.spec, telephony_settings: expected });
    expect(after.versionId).not.toBe(before.versionId);
  });

  test("tags change one by one, and tags that somebody else adds meanwhile are kept", async () => {
    const { id } = await world.made("Assistant", { ...ASSISTANT, tags: ["old", "kept"] });
    const live = (await world.read("Assistant", id)).spec;
    world.emulator.portal.edit("Assistant", id, { tags: ["old", "kept", "foreign"] }, { version: "same" });
    world.emulator.clearRequests();
    await world.provider.update(updateOf("Assistant", id, live, { ...live, tags: ["kept", "new"] }));
    expect(world.writes()).toEqual([
      { line: `POST /ai/assistants/${id}/tags`, body: { tag: "new" } },
      { line: `DELETE /ai/assistants/${id}/tags/old` },
    ]);
    expect((await world.read("Assistant", id)).spec["tags"]).toEqual(["kept", "foreign", "new"]);
  });

  test("an update that changes nothing sends nothing", async () => {
    const { id } = await world.made("Assistant", { ...ASSISTANT, tags: ["a"] });
    await world.change("Assistant", id, (spec) => spec);
    expect(world.lines()).toEqual([]);
  });

  test("inline and shared tools are separate", async () => {
    const webhook = { name: "lookup", description: "Looks up.", url: "https://x.example" };
    const tool = await world.made("Tool", { display_name: "Lookup", type: "webhook", webhook });
    const hangup = { type: "hangup", hangup: { description: "Bye" } };
    const { id } = await world.made("Assistant", { ...ASSISTANT, tools: [hangup], tool_ids: [tool.id] });
    const { spec } = await world.read("Assistant", id);
    expect(spec).toMatchObject({ tools: [hangup], tool_ids: [tool.id] });
    await world.change("Assistant", id, (live) => ({
      ...live,
      tools: [{ ...hangup, hangup: { description: "Ciao" } }],
    }));
    expect(world.writes()[0]?.body).toMatchObject({ tools: [{ ...hangup, hangup: { description: "Ciao" } }] });
    expect((await world.read("Assistant", id)).spec["tool_ids"]).toEqual([tool.id]);
    await world.change("Assistant", id, (live) => omit(live, ["tools", "tool_ids"]));
    expect(world.writes()[0]?.body).toMatchObject({ tools: [], tool_ids: [] });
    expect((await world.read("Assistant", id)).spec).toMatchObject({ tools: [], tool_ids: [] });
  });

  test("every field is read back as declared", async () => {
    await restart({ hazards: { referencesChecked: false } });
    for (const spec of (everyField["Assistant"] ?? []).map(withoutReferences).map(named)) {
      world.emulator.clearRequests();
      const { id } = await world.create("Assistant", spec);
      expect(world.writes()[0]?.body).toEqual(omit(spec, ["tags"]));
      // Attached tools that do not exist are not shown.
      expect(missing(spec, (await world.read("Assistant", id)).spec)).toEqual(
        spec["tool_ids"] ? ["/tool_ids/0"] : [],
      );
    }
  });

  test("the list and single reads agree", async () => {
    for (let count = 0; count < 30; count += 1)
      await world.made("Assistant", { ...ASSISTANT, name: `A${count}`, tags: ["x"] });
    const list = await world.provider.list("Assistant");
    expect(world.lines()).toEqual(["GET /ai/assistants"]);
    expect(list).toHaveLength(30);
    const [first] = list;
    expect(first).toEqual(await world.provider.read("Assistant", first?.id ?? ""));
  });

  test("a deletion can be repeated, and then nothing is read", async () => {
    const { id } = await world.made("Assistant", ASSISTANT);
    await world.provider.delete("Assistant", id);
    await world.provider.delete("Assistant", id);
    expect(await world.provider.read("Assistant", id)).toBeUndefined();
    expect(world.writes()).toHaveLength(2);
  });
});

test("parallel writes return their own request ids, one per attempt", async () => {
  const fault = { kind: "status", status: 429, headers: { "retry-after": "0" } } as const;
  world.emulator.inject({ match: { method: "POST", path: "/ai/assistants" }, fault });
  const specs = [{ name: "One" }, { name: "Two", tags: ["a", "b"] }];
  const told = specs.map((): string[] => []);
  const created = specs.map(async (spec, index) => {
    const provider = world.provider.traced?.((id) => told[index]?.push(id)) ?? world.provider;
    const request = { kind: "Assistant", spec: { ...ASSISTANT, ...spec }, idempotencyKey: `key-${index}` };
    return provider.read("Assistant", (await provider.create(request)).id);
  });
  const [one, two] = await Promise.all(created);
  const sent = world.emulator.requests().filter(({ method }) => method === "POST");
  expect(sent).toHaveLength(5);
  expect(told.flat().sort()).toEqual(sent.map(({ requestId }) => requestId).sort());
  const tags = sent.filter(({ path }) => path.endsWith(`${two?.id}/tags`)).map(({ requestId }) => requestId);
  expect(one?.id).not.toBe(two?.id);
  expect(told[1]).toEqual(expect.arrayContaining(tags));
});

describe("AssistantVersion", () => {
  test("is an update that is not promoted; main does not change", async () => {
    const telephony = { time_limit_secs: 900, user_idle_timeout_secs: 60 };
    const { id } = await world.made("Assistant", { ...ASSISTANT, telephony_settings: telephony });
    const main = await world.read("Assistant", id);
    const changes = { greeting: "Warmer!", telephony_settings: { time_limit_secs: 600 } };
    const version = await world.create(
      "AssistantVersion",
      { assistant: id, version_name: "warmer", changes },
      id,
    );
    expect(version.id.startsWith(`${id}/`)).toBe(true);
    expect(ownId(version.id)).toBe(version.id.slice(id.length + 1));
    expect(world.writes()).toMatchObject([
      {
        line: `POST /ai/assistants/${id}`,
        body: {
          greeting: "Warmer!",
          telephony_settings: { ...telephony, time_limit_secs: 600 },
          version_name: "warmer",
          promote_to_main: false,
        },
      },
    ]);
    expect(await world.read("Assistant", id)).toEqual(main);
    const live = await world.read("AssistantVersion", version.id);
    expect(live).toMatchObject({
      versionId: main.versionId,
      spec: { assistant: id, version_name: "warmer", changes: { ...ASSISTANT, greeting: "Warmer!" } },
    });
    expect(live.spec["changes"]).not.toHaveProperty("tags");
    expect(live.spec["changes"]).not.toHaveProperty("version_name");
  });

  test("main is not listed; a promoted version is still read and marked", async () => {
    const { id } = await world.made("Assistant", ASSISTANT);
    const changes = { greeting: "Warmer!" };
    const version = await world.made("AssistantVersion", { version_name: "warmer", changes }, id);
    expect((await world.provider.list("AssistantVersion", id)).map((one) => one.id)).toEqual([version.id]);
    world.emulator.portal.promote(id, ownId(version.id));
    expect((await world.provider.list("AssistantVersion", id)).map((one) => one.id)).not.toContain(version.id);
    expect(await world.read("AssistantVersion", version.id)).toMatchObject({
      versionId: ownId(version.id),
    });
  });

  test("an update sends what differs under the version's own name, and never to main", async () => {
    const { id } = await world.made("Assistant", ASSISTANT);
    const version = await world.made(
      "AssistantVersion",
      { version_name: "warmer", changes: { greeting: "Warmer!" } },
      id,
    );
    await world.change("AssistantVersion", version.id, (spec) => ({
      ...spec,
      changes: { ...(spec["changes"] as JsonObject), greeting: "Hotter!" },
    }));
    const [, versionId = ""] = version.id.split("/");
    expect(world.writes()).toEqual([
      {
        line: `POST /ai/assistants/${id}/versions/${versionId}`,
        body: { greeting: "Hotter!", version_name: "warmer" },
      },
    ]);
    world.emulator.portal.promote(id, versionId);
    const { spec } = await world.read("AssistantVersion", version.id);
    world.emulator.clearRequests();
    const failure = await failureOf(
      world.provider.update(
        updateOf("AssistantVersion", version.id, spec, { ...spec, changes: { greeting: "x" } }),
      ),
    );
    expect(failure).toMatchObject({ reason: "conflict", effect: "no" });
    expect(world.writes()).toEqual([]);
  });

  test("MCP servers of a version are read", async () => {
    const server = await world.made("McpServer", { name: "crm", type: "http", url: "https://x.example" });
    const { id } = await world.made("Assistant", ASSISTANT);
    const changes = { mcp_servers: [{ id: server.id, allowed_tools: ["a"] }] };
    const version = await world.made("AssistantVersion", { version_name: "crm", changes }, id);
    expect((await world.read("AssistantVersion", version.id)).spec["changes"]).toMatchObject(changes);
  });

  test("is deleted, also with its assistant", async () => {
    const { id } = await world.made("Assistant", ASSISTANT);
    const version = await world.made("AssistantVersion", { version_name: "warmer", changes: {} }, id);
    await world.provider.delete("AssistantVersion", version.id);
    expect(await world.provider.read("AssistantVersion", version.id)).toBeUndefined();
    await world.provider.delete("Assistant", id);
    expect(await world.provider.list("AssistantVersion", id)).toEqual([]);
    await world.provider.delete("AssistantVersion", version.id);
  });
});

describe("CanaryDeploy", () => {
  async function withVersion() {
    const { id } = await world.made("Assistant", ASSISTANT);
    const version = await world.made(
      "AssistantVersion",
      { version_name: "warmer", changes: { greeting: "W" } },
      id,
    );
    const rules = (weight: number) => [
      { match: [], serve: { rollout: [{ version_id: ownId(version.id), weight }] } },
    ];
    return { id, rules };
  }

  test("is created, replaced as a whole, and cleared", async () => {
    const { id, rules } = await withVersion();
    expect(await world.provider.read("CanaryDeploy", id)).toBeUndefined();
    expect(await world.provider.list("CanaryDeploy", id)).toEqual([]);
    world.emulator.clearRequests();
    const path = `/ai/assistants/${id}/canary-deploys`;
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await world.create("CanaryDeploy", { assistant: id, rules: rules(10) }, id)).toEqual({
      id,
      spec: { assistant: id, rules: rules(10) },
      createdAt: time,
      updatedAt: time,
    });
    await world.change("CanaryDeploy", id, (spec) => ({ ...spec, rules: rules(25) }));
    expect(world.writes()).toEqual([{ line: `PUT ${path}`, body: { rules: rules(25) } }]);
    expect((await world.read("CanaryDeploy", id)).spec).toEqual({ assistant: id, rules: rules(25) });
    world.emulator.clearRequests();
    await world.provider.delete("CanaryDeploy", id);
    expect(world.lines()).toEqual([`DELETE ${path}`]);
    expect(await world.provider.read("CanaryDeploy", id)).toBeUndefined();
    await world.provider.delete("CanaryDeploy", id);
  });

  test("a creation does not overwrite another canary, and accepts an equal one", async () => {
    const { id, rules } = await withVersion();
    world.emulator.portal.create("CanaryDeploy", { assistant_id: id, rules: rules(10) });
    const failure = await failureOf(world.create("CanaryDeploy", { assistant: id, rules: rules(25) }, id));
    expect(failure).toMatchObject({ reason: "conflict", effect: "no" });
    expect(await world.create("CanaryDeploy", { assistant: id, rules: rules(10) }, id)).toMatchObject({ id });
    expect(world.writes()).toEqual([]);
  });

  test("a response in the older form is read", async () => {
    await restart({ hazards: { legacyCanary: true } });
    const { id, rules } = await withVersion();
    await world.made("CanaryDeploy", { assistant: id, rules: rules(10) }, id);
    expect((await world.read("CanaryDeploy", id)).spec).toEqual({ assistant: id, rules: rules(10) });
  });
});

describe("AssistantTest", () => {
  const spec = {
    name: "Refund",
    destination: "+15550001111",
    instructions: "Ask for a refund.",
    rubric: [{ name: "Empathy", criteria: "Says sorry." }],
    assistant: "assistant-1",
  };

  test("is created, partly changed, and has no fields of the assistant", async () => {
    const object = await world.create("AssistantTest", spec);
    const sent = omit(spec, ["assistant"]);
    expect(world.writes()).toEqual([{ line: "POST /ai/assistants/tests", body: sent }]);
    expect((await world.read("AssistantTest", object.id)).spec).toMatchObject(sent);
    await world.change("AssistantTest", object.id, (live) => ({ ...live, instructions: "Ask twice." }));
    expect(world.writes()).toEqual([
      { line: `PUT /ai/assistants/tests/${object.id}`, body: { instructions: "Ask twice." } },
    ]);
    await world.provider.delete("AssistantTest", object.id);
    expect(await world.provider.read("AssistantTest", object.id)).toBeUndefined();
  });

  test("all pages are listed", async () => {
    for (let count = 0; count < 230; count += 1)
      await world.made("AssistantTest", { ...spec, name: `T${count}` });
    expect(new Set((await world.provider.list("AssistantTest")).map(({ id }) => id)).size).toBe(230);
    expect(world.lines()).toEqual(
      [1, 2, 3].map((page) => `GET /ai/assistants/tests?page[number]=${page}&page[size]=100`),
    );
  });
});

describe.each(["documented", "live"] as const)("with the envelopes that are %s", (envelope) => {
  beforeEach(() => restart({ envelope, hazards: { referencesChecked: false } }));

  test("McpServer: an update sends every field, and null clears", async () => {
    const spec = {
      name: "crm",
      type: "http",
      url: "https://x.example",
      api_key_ref: "crm-key",
      allowed_tools: ["a"],
    };
    const object = await world.create("McpServer", spec);
    expect((await world.read("McpServer", object.id)).spec).toEqual(spec);
    await world.change("McpServer", object.id, (live) => ({ ...live, url: "https://y.example" }));
    expect(world.writes()).toEqual([
      { line: `PUT /ai/mcp_servers/${object.id}`, body: { ...spec, url: "https://y.example" } },
    ]);
    await world.change("McpServer", object.id, (live) => omit(live, ["api_key_ref"]));
    expect((await world.read("McpServer", object.id)).spec).toEqual({
      ...spec,
      url: "https://y.example",
      api_key_ref: null,
    });
    expect((await world.provider.list("McpServer")).map(({ id }) => id)).toEqual([object.id]);
    await world.provider.delete("McpServer", object.id);
    expect(await world.provider.list("McpServer")).toEqual([]);
  });

  test("Tool: settings are sent whole with their type", async () => {
    const webhook = {
      name: "lookup",
      description: "Looks up.",
      url: "https://x.example",
      headers: [{ name: "X", value: "1" }],
    };
    const spec = { display_name: "Lookup", type: "webhook", timeout_ms: 700, webhook };
    const object = await world.create("Tool", spec);
    expect((await world.read("Tool", object.id)).spec).toEqual(spec);
    await world.change("Tool", object.id, (live) => ({
      ...live,
      webhook: { ...webhook, url: "https://y.example" },
    }));
    expect(world.writes()).toEqual([
      {
        line: `PATCH /ai/tools/${object.id}`,
        body: { type: "webhook", webhook: { ...webhook, url: "https://y.example" } },
      },
    ]);
    await world.change("Tool", object.id, (live) => ({ ...live, timeout_ms: 900 }));
    expect(world.writes()).toEqual([{ line: `PATCH /ai/tools/${object.id}`, body: { timeout_ms: 900 } }]);
    expect((await world.read("Tool", object.id)).spec).toMatchObject({
      timeout_ms: 900,
      webhook: { url: "https://y.example" },
    });
    expect(await world.provider.list("Tool")).toHaveLength(1);
    await world.provider.delete("Tool", object.id);
    expect(await world.provider.read("Tool", object.id)).toBeUndefined();
  });

  test.each(["Tool", "McpServer", "AssistantTest"])(
    "%s: every field is read back as declared",
    async (kind) => {
      for (const declared of everyField[kind as keyof typeof everyField] ?? []) {
        const { assistant: _, handoff, ...spec } = withoutReferences(declared);
        if (handoff !== undefined) continue;
        const object = await world.create(kind, spec);
        expect(missing(spec, (await world.read(kind, object.id)).spec)).toEqual([]);
      }
    },
  );
});

test("requests are counted", async () => {
  await world.create("McpServer", { name: "crm", type: "http", url: "https://x.example" });
  await world.provider.list("McpServer");
  const sent = world.emulator.requests();
  expect(world.provider.requestCount()).toEqual({
    reads: sent.filter(({ method }) => method === "GET").length,
    writes: sent.filter(({ method }) => method !== "GET").length,
    repeated: 0,
  });
});

/** References in a declaration as ids of objects, which need not exist where that is not checked. */
function withoutReferences(spec: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(spec).map(([key, value]) => [key, idsIn(value)]));
}

function named(spec: JsonObject): JsonObject {
  return { name: "Named", ...spec };
}

function idsIn(value: Json): Json {
  if (isReference(value)) return `id-of-${value.ref.replace("/", "-")}`;
  if (isList(value)) return value.map(idsIn);
  return isObject(value) ? withoutReferences(value) : value;
}

/** The paths of declared values that are not live. */
function missing(declared: Json, live: Json | undefined, at = ""): readonly string[] {
  if (declared === null && live === undefined) return [];
  if (declared === null || typeof declared !== "object") return equal(declared, live) ? [] : [at];
  if (live === null || typeof live !== "object") return [at];
  const members = Object.entries(declared) as [string, Json][];
  return members.flatMap(([key, value]) => missing(value, (live as Record<string, Json>)[key], `${at}/${key}`));
}
