import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../model/json.ts";
import { ProviderError } from "../../model/provider.ts";
import type { Runtime } from "../../model/runtime.ts";
import { OptionsError } from "./errors.ts";
import { createTelnyxProvider, type TelnyxProvider } from "./provider.ts";

const runtime: Runtime = { now: () => new Date(), random: () => 0, uuid: () => "", sleep: async () => {} };

const open: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Arrived {
  readonly line: string;
  readonly key: string | undefined;
  readonly text: string;
  readonly body: unknown;
}

/** Answers by verb, path and query; 404 for all else. */
async function serving(answers: Readonly<Record<string, unknown>>) {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const line = `${request.method} ${decodeURIComponent(request.url ?? "").replace("/v2", "")}`;
    const key = request.headers["idempotency-key"];
    arrived.push({
      line,
      key: Array.isArray(key) ? key[0] : key,
      text,
      body: text === "" ? undefined : JSON.parse(text),
    });
    const answer = answers[line];
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer ?? { detail: "Not Found" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const provider = createTelnyxProvider({ apiKey: "KEY-1", baseUrl: `http://127.0.0.1:${port}/v2/`, runtime });
  open.push(
    () => void server.close(),
    () => provider.close(),
  );
  return { provider, arrived, lines: () => arrived.map(({ line }) => line), port };
}

function update(provider: TelnyxProvider, kind: string, id: string, live: JsonObject, change: JsonObject) {
  return provider.update({ kind, id, live, target: { ...live, ...change }, blocks: Object.keys(change) });
}

async function failureOf(work: Promise<unknown>) {
  const error = await work.catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(ProviderError);
  return (error as ProviderError).failure;
}

describe("the options of the provider", () => {
  test("are checked before any request", () => {
    const build = (options: { apiKey?: string; baseUrl?: string }) => () =>
      createTelnyxProvider({ apiKey: "KEY-1", runtime, ...options });
    expect(build({ apiKey: "" })).toThrow(OptionsError);
    expect(build({ baseUrl: "http://api.telnyx.com/v2" })).toThrow(OptionsError);
  });

  test("name the target without the key", async () => {
    const { provider, port } = await serving({});
    expect(provider.target.baseUrl).toBe(`http://127.0.0.1:${port}/v2`);
    expect(provider.target.account).toMatch(/^[0-9a-f]{16}$/);
    const other = createTelnyxProvider({ apiKey: "KEY-1", runtime });
    expect(other.target).toEqual({ ...provider.target, baseUrl: "https://api.telnyx.com/v2" });
    await other.close();
  });

  test("an unknown kind is a bug", async () => {
    const { provider } = await serving({});
    await expect(provider.list("Insight")).rejects.toThrow("the provider has no kind Insight");
  });
});

describe("ids", () => {
  test("are escaped in paths", async () => {
    const { provider, lines } = await serving({});
    expect(await provider.read("Tool", "a/../b?c#d")).toBeUndefined();
    expect(lines()).toEqual(["GET /ai/tools/b?c#d"]);
  });

  test.each(["", ".", "..", "x/.."])("%o is not an id", async (id) => {
    const { provider, lines } = await serving({});
    expect(await failureOf(provider.delete("Tool", id))).toMatchObject({ reason: "invalid", effect: "no" });
    expect(lines()).toEqual([]);
  });

  test("a response without an id is an error; a write may have taken effect", async () => {
    const { provider } = await serving({
      "GET /ai/tools/t": { name: "x" },
      "POST /ai/mcp_servers": { name: "x" },
    });
    expect(await failureOf(provider.read("Tool", "t"))).toMatchObject({ reason: "protocol", effect: "no" });
    const creation = provider.create({ kind: "McpServer", spec: { name: "x" }, idempotencyKey: "k" });
    expect(await failureOf(creation)).toMatchObject({ reason: "protocol", effect: "unknown" });
  });

  test("an empty response to a read does not mean that the object is missing", async () => {
    const { provider } = await serving({ "GET /ai/tools/t": "" });
    expect(await failureOf(provider.read("Tool", "t"))).toMatchObject({ reason: "protocol" });
  });
});

describe("shared tools in answers that do not mark them", () => {
  const ASSISTANT = {
    id: "a",
    tools: [
      { type: "hangup", hangup: {}, id: "row" },
      { type: "x", x: {}, id: "t1" },
    ],
  };
  const ANSWERS = {
    "GET /ai/assistants": { data: [ASSISTANT, { ...ASSISTANT, id: "b" }] },
    "GET /ai/assistants/a": ASSISTANT,
    "GET /ai/tools?page[number]=1&page[size]=100": {
      data: [{ id: "t1", type: "x" }],
      meta: { total_pages: 1 },
    },
    "DELETE /ai/tools/t9": {},
  };

  test("are known from their list, which is read once", async () => {
    const { provider, lines } = await serving(ANSWERS);
    const [first] = await provider.list("Assistant");
    expect(first?.spec).toEqual({ tools: [{ type: "hangup", hangup: {} }], tool_ids: ["t1"] });
    expect((await provider.read("Assistant", "a"))?.spec).toEqual(first?.spec);
    const listings = () => lines().filter((line) => line.startsWith("GET /ai/tools"));
    expect(listings()).toHaveLength(1);
    await provider.delete("Tool", "t9");
    await provider.read("Assistant", "a");
    expect(listings()).toHaveLength(2);
  });

  test("a failure to list them is reported and not cached", async () => {
    const { provider, lines } = await serving({ "GET /ai/assistants/a": ASSISTANT });
    await failureOf(provider.read("Assistant", "a"));
    await failureOf(provider.read("Assistant", "a"));
    expect(lines().filter((line) => line.startsWith("GET /ai/tools"))).toHaveLength(2);
  });
});

describe("writes", () => {
  test("a masked secret is never overwritten with its mask", async () => {
    const { provider, arrived } = await serving({});
    const refer = { targets: [{ name: "x", sip_address: "sip:a@b", sip_auth_password: "****" }] };
    const live = {
      tools: [
        { type: "refer", refer },
        { type: "hangup", hangup: {} },
      ],
    };
    const failure = await failureOf(
      update(provider, "Assistant", "a", live, { tools: live.tools.slice(0, 1) }),
    );
    expect(failure).toMatchObject({ reason: "invalid", effect: "no" });
    expect(failure.message).toContain("/tools/0/refer/targets/0/sip_auth_password");
    expect(arrived).toEqual([]);
  });

  test("integers of any size are written digit for digit", async () => {
    const { provider, arrived } = await serving({ "POST /ai/assistants/a": { id: "a" } });
    await update(provider, "Assistant", "a", {}, { dynamic_variables: { n: 12345678901234567n } });
    expect(arrived[0]?.text).toBe('{"dynamic_variables":{"n":12345678901234567},"promote_to_main":true}');
  });

  test("a body that is too large for an idempotency key is sent without one", async () => {
    const { provider, arrived } = await serving({ "POST /ai/assistants": { id: "a" } });
    const create = (instructions: string) =>
      provider.create({ kind: "Assistant", spec: { name: "x", instructions }, idempotencyKey: "k" });
    await create("short");
    await create("é".repeat(130 * 1024));
    expect(arrived.map(({ key }) => key)).toEqual(["k", undefined]);
  });

  test("a field that is no longer declared is cleared if the API has a value for that", async () => {
    const { provider, arrived } = await serving({ "POST /ai/assistants/a": { id: "a" } });
    const blocks = ["greeting", "mcp_servers", "description"];
    await provider.update({ kind: "Assistant", id: "a", live: { version_name: "v" }, target: {}, blocks });
    expect(arrived[0]?.body).toEqual({
      greeting: "",
      mcp_servers: [],
      version_name: "v",
      promote_to_main: true,
    });
  });

  test("a version is not created or changed if the API does not say which version is main", async () => {
    const { provider, lines } = await serving({ "GET /ai/assistants/a": { id: "a", name: "x" } });
    const spec = { version_name: "v", changes: {} };
    const creation = provider.create({ kind: "AssistantVersion", parentId: "a", spec, idempotencyKey: "k" });
    expect(await failureOf(creation)).toMatchObject({ reason: "protocol", effect: "no" });
    const change = update(provider, "AssistantVersion", "a/v1", spec, { changes: { greeting: "x" } });
    expect(await failureOf(change)).toMatchObject({ reason: "protocol", effect: "no" });
    expect(lines().filter((line) => line.startsWith("POST"))).toEqual([]);
  });

  test("a response that shows main instead of the new version is an error", async () => {
    const main = { id: "a", version_id: "v1", name: "x" };
    const { provider } = await serving({ "GET /ai/assistants/a": main, "POST /ai/assistants/a": main });
    const spec = { version_name: "v", changes: {} };
    const creation = provider.create({ kind: "AssistantVersion", parentId: "a", spec, idempotencyKey: "k" });
    expect(await failureOf(creation)).toMatchObject({ reason: "protocol", effect: "unknown" });
  });

  test("a deletion that the API did not do is not a success", async () => {
    const { provider } = await serving({
      "DELETE /ai/assistants/a": { id: "a", object: "assistant", deleted: false },
      "GET /ai/assistants/a": { id: "a" },
    });
    expect(await failureOf(provider.delete("Assistant", "a"))).toMatchObject({ reason: "protocol" });
  });
});

test.each([
  ["as a JSON string", JSON.stringify("<Response/>")],
  ["as it is", "<Response/>"],
])("TeXML %s gives the same text", async (_, answer) => {
  const { provider } = await serving({ "GET /ai/assistants/a/texml": answer });
  expect(await provider.texml("a")).toBe("<Response/>");
  expect(await provider.texml("b")).toBeUndefined();
});

test.each<[object, object]>([
  [
    { created_at: "2026-01-01T00:00:00Z", version_created_at: "2026-01-02T10:00:00.5+02:00" },
    { createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-02T10:00:00.5+02:00" },
  ],
  [{ updated_at: "2026-01-02T00:00:00.123456" }, { updatedAt: "2026-01-02T00:00:00.123456Z" }],
  [
    { updated_at: "2026-01-03T00:00:00Z", version_created_at: "2026-01-02T00:00:00Z" },
    { updatedAt: "2026-01-03T00:00:00Z" },
  ],
  [{ created_at: "yesterday", updated_at: 7, version_created_at: "2026-13-45T99:00:00Z" }, {}],
  [{}, {}],
])("the timestamps of %j are %j", async (given, expected) => {
  const { provider } = await serving({ "GET /ai/assistants": { data: [{ id: "a", name: "A", ...given }] } });
  const [object] = await provider.list("Assistant");
  const { id: _, spec: __, ...times } = object ?? { id: "", spec: {} };
  expect(times).toEqual(expected);
});

test.each<[string, unknown]>([
  ["an error", { errors: [{ code: "10007" }] }],
  ["an empty object", {}],
  ["rules that are no list", { assistant_id: "a-1", rules: null }],
  ["a list with something that is no rule", { assistant_id: "a-1", rules: ["spring"] }],
])("an answer with %s is no canary, and does not mean that there is none", async (_, answer) => {
  const { provider } = await serving({ "GET /ai/assistants/a-1/canary-deploys": answer });
  expect(await failureOf(provider.list("CanaryDeploy", "a-1"))).toMatchObject({ reason: "protocol" });
  expect(await failureOf(provider.read("CanaryDeploy", "a-1"))).toMatchObject({ reason: "protocol" });
});
