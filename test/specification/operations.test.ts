import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject, property, type Json } from "../../src/model/json.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import type { TelnyxProvider } from "../../src/providers/telnyx/provider.ts";
import { startWorld, type ProviderWorld } from "../e2e/provider-fixture.ts";

/** As in the test of the fields: only an unset variable skips the suite. */
const SPECIFICATION = process.env["ROLLCALL_OPENAPI"] || undefined;
const OURS = /^\/ai\/(?:assistants|mcp_servers)(?:\/|$)/;

/** What no command sends, and why. */
const NOT_USED: Readonly<Record<string, string>> = {
  "POST /ai/assistants/tests/test-suites/{}/runs": "`rollcall test` starts each test of a suite by itself",
  "PUT /ai/assistants/{}/tools/{}": "tools are attached by `tool_ids` of the assistant, in one write",
  "DELETE /ai/assistants/{}/tools/{}": "tools are detached by `tool_ids` of the assistant, in one write",
};

/** What the ports of actions send: everything is called once, and the emulator writes down what arrives. */
const ACTIONS: Readonly<Record<string, (provider: TelnyxProvider) => Promise<unknown>>> = {
  chat: ({ chats }) => chats.say("a", { conversationId: "c", text: "x" }),
  sms: ({ textMessages }) => textMessages.send("a", { from: "+13125550100", to: "+13125550199" }, "k"),
  "tool test": ({ toolCalls }) =>
    toolCalls.call({ assistantId: "a", toolId: "t", arguments: {}, variables: {} }),
  "events list": ({ events }) => events.list("a", {}),
  "events get": ({ events }) => events.read("a", "e"),
  "events create": ({ events }) =>
    events.create("a", { channel: "sms_chat", at: "2045-01-01T00:00:00Z", from: "+1", to: "+2" }, "k"),
  "events delete": ({ events }) => events.delete("a", "e"),
  "tags list": ({ tags }) => tags.all(),
  "tags add": ({ tags }) => tags.add("a", "x"),
  "tags remove": ({ tags }) => tags.remove("a", "x"),
  "versions promote": async ({ promote }) => promote?.("AssistantVersion", "a/v"),
  enhance: ({ enhancer }) => enhancer.enhance("a", {}),
  clone: ({ copies }) => copies.clone("a", "k"),
  migrate: ({ copies }) => copies.import({ provider: "vapi", secret: "s", ids: [], idempotencyKey: "k" }),
  "get --texml": ({ texml }) => texml("a"),
  test: ({ tests }) => tests.start("t", undefined, "k"),
  "test: its result": ({ tests }) => tests.read("t", "r"),
  "test runs": ({ testHistory }) => testHistory.runs("t", 1),
  "test runs of a suite": ({ testHistory }) => testHistory.suiteRuns("s", 1),
  "test suites": ({ testHistory }) => testHistory.suites(),
};

/** What the manifests of a kind need. */
const ROUTED = new Set(
  kinds.flatMap(({ routes: { collection, item, update } }) => [
    `GET ${plain(collection)}`,
    `POST ${plain(collection)}`,
    `GET ${plain(item)}`,
    `${update} ${plain(item)}`,
    `DELETE ${plain(item)}`,
  ]),
);

function plain(path: string): string {
  return path.replaceAll(/\{\w+\}/g, "{}");
}

function operationsIn(specification: Json): readonly string[] {
  const paths = property(specification, "paths") ?? {};
  return Object.entries(isObject(paths) ? paths : {}).flatMap(([path, item]) =>
    OURS.test(path) && isObject(item)
      ? Object.keys(item)
          .filter((key) => /^(?:get|post|put|patch|delete)$/.test(key))
          .map((method) => `${method.toUpperCase()} ${plain(path)}`)
      : [],
  );
}

/** The operation of a request: of several that fit, the one with the most fixed segments. */
function operationOf(request: { readonly method: string; readonly path: string }, all: readonly string[]) {
  const segments = request.path.split("/");
  const fits = all.filter((operation) => {
    const [method, path = ""] = operation.split(" ");
    const own = path.split("/");
    const isSame = own.length === segments.length && own.every((one, i) => one === "{}" || one === segments[i]);
    return method === request.method && isSame;
  });
  const free = (operation: string) => operation.split("{}").length;
  return fits.toSorted((a, b) => free(a) - free(b))[0];
}

describe.skipIf(SPECIFICATION === undefined)("the operations of the official specification", () => {
  let world: ProviderWorld;
  let operations: readonly string[] = [];
  const acted = new Set<string>();

  beforeAll(async () => {
    operations = operationsIn(JSON.parse(readFileSync(SPECIFICATION ?? "", "utf8")) as Json);
    world = await startWorld();
    for (const call of Object.values(ACTIONS)) await call(world.provider).catch(() => undefined);
    for (const request of world.emulator.requests()) {
      const operation = operationOf(request, operations);
      if (operation !== undefined) acted.add(operation);
    }
  });
  afterAll(() => world.stop());

  const isUsed = (operation: string) => ROUTED.has(operation) || acted.has(operation);

  test("are read", () => {
    expect(operations.length).toBeGreaterThan(40);
  });

  test("are used, or listed as not used", () => {
    expect(operations.filter((one) => !isUsed(one) && !Object.hasOwn(NOT_USED, one))).toEqual([]);
  });

  test("are listed as not used only if they exist", () => {
    expect(Object.keys(NOT_USED).filter((one) => !operations.includes(one) || isUsed(one))).toEqual([]);
  });
});
