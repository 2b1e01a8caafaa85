import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { APPLY, BODY, CREATION } from "./edits.ts";
import { assistant, type Manifest, probe, server, tool, version } from "./manifests.ts";
import { at, callsNothingForeign, comesInOrder, isInOrder, planned } from "./order.ts";
import { story, type Story } from "./story.ts";

interface Pair {
  readonly kind: string;
  /** Two fields that one request writes, and others. */
  readonly make: (sticks: string, drops: string) => Manifest;
  readonly drops: string;
  readonly write: { readonly method: string; readonly path: RegExp };
}

const PAIRS: readonly Pair[] = [
  {
    kind: "fields of an assistant",
    make: (greeting, description) => assistant("front", { greeting, description }),
    drops: "description",
    write: BODY,
  },
  {
    kind: "a member of a block of an assistant, and a field",
    make: (greeting, voice) => assistant("front", { greeting, voice_settings: { voice } }),
    drops: "voice_settings",
    write: BODY,
  },
  {
    kind: "members of one block",
    make: (name, other) => assistant("front", { dynamic_variables: { name, other } }),
    drops: "/dynamic_variables/other",
    write: BODY,
  },
  {
    kind: "members of a shared tool",
    make: (value, description) => tool("ticket", { url: `https://${value}.example`, description }),
    drops: "/webhook/description",
    write: { method: "PATCH", path: /^\/ai\/tools\// },
  },
  {
    kind: "fields of an MCP server",
    make: (value, allowed) => server("crm", { url: `https://${value}.example`, allowed_tools: [allowed] }),
    drops: "allowed_tools",
    write: { method: "PUT", path: /^\/ai\/mcp_servers\// },
  },
  {
    kind: "fields of a test",
    make: (instructions, description) => probe("greets", { instructions, description }),
    drops: "description",
    write: { method: "PUT", path: /^\/ai\/assistants\/tests\// },
  },
];

/** Both fields change in one write, and only the first of them sticks. */
async function half({ make, drops, write }: Pair): Promise<Story> {
  const told = await story();
  await told.declare(make("one", "one"));
  await told.ends(0, ...APPLY);
  await told.declare(make("two", "two"));
  told.emulator.inject({ match: write, times: "always", fault: { kind: "drop-field", field: drops } });
  await told.ends(3, ...APPLY);
  told.emulator.clearFaults();
  return told;
}

describe.each(PAIRS)("of $kind, one did not stick", (pair) => {
  const { make } = pair;

  test("the same apply fixes everything", async () => {
    const told = await half(pair);
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("another edit of the stored value is no conflict", async () => {
    const told = await half(pair);
    await told.declare(make("three", "two"));
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("another edit of the value that was not stored is no conflict", async () => {
    const told = await half(pair);
    await told.declare(make("two", "three"));
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("a revert reverts the stored value", async () => {
    const told = await half(pair);
    await told.declare(make("one", "one"));
    await callsNothingForeign(told);
    await told.ends(2, "plan", "--detailed-exitcode");
    await comesInOrder(told);
  });
});

describe("an assistant whose body was not stored", () => {
  async function withoutBody(): Promise<Story> {
    const told = await story();
    await told.declare(assistant("front", { greeting: "one", tags: ["old"] }));
    await told.ends(0, ...APPLY);
    await told.declare(assistant("front", { greeting: "two", tags: ["new"] }));
    told.emulator.inject({
      match: BODY,
      times: "always",
      fault: { kind: "drop-field", field: "greeting" },
    });
    await told.ends(3, ...APPLY);
    told.emulator.clearFaults();
    return told;
  }

  test.each([
    ["another edit of its tags", assistant("front", { greeting: "two", tags: ["newer"] })],
    ["a revert", assistant("front", { greeting: "one", tags: ["old"] })],
    ["a revert of its tags to none", assistant("front", { greeting: "one", tags: [] })],
  ])("%s is no conflict", async (_, manifest) => {
    const told = await withoutBody();
    await told.declare(manifest);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(at(told.one("Assistant", "front"), "tags")).toEqual(manifest.spec["tags"]);
  });
});

describe("a creation with a field that was not stored", () => {
  async function born(): Promise<Story> {
    const told = await story();
    await told.declare(assistant("front", { greeting: "one", description: "one" }));
    told.emulator.inject({
      match: CREATION.Assistant,
      times: "always",
      fault: { kind: "drop-field", field: "description" },
    });
    await told.ends(3, ...APPLY);
    told.emulator.clearFaults();
    return told;
  }

  test("is finished by the same apply", async () => {
    const told = await born();
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("is no conflict with another edit", async () => {
    const told = await born();
    await told.declare(assistant("front", { greeting: "two", description: "two" }));
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("clears applied values that are no longer declared", async () => {
    const told = await born();
    await told.declare(assistant("front", { description: "one" }));
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(at(told.one("Assistant", "front"), "greeting")).not.toBe("one");
  });

  test("is managed: it is deleted with its manifest", async () => {
    const told = await born();
    await told.declare(tool("other"));
    await told.ends(0, "apply", "--yes", "--prune", "--allow-mass-change");
    expect(told.all("Assistant")).toEqual([]);
  });
});

describe("a declared value that a write sends unchanged and the server rewrites", () => {
  const MADE: readonly (readonly [string, (value: string) => Manifest, Pair["write"], string])[] = [
    [
      "a field of an object that is sent as a whole",
      (value) => server("crm", { allowed_tools: [value] }),
      { method: "PUT", path: /^\/ai\/mcp_servers\// },
      "url",
    ],
    [
      "a member of the block that is written",
      (value) => assistant("front", { dynamic_variables: { other: "same", value } }),
      BODY,
      "/dynamic_variables/other",
    ],
  ];

  test.each(MADE)("%s: it is no edit of somebody else", async (_, make, match, field) => {
    const told = await story();
    await told.declare(make("one"));
    await told.ends(0, ...APPLY);
    await told.declare(make("two"));
    told.emulator.inject({ match, times: 1, fault: { kind: "rewrite-field", field } });
    await told.ends(3, ...APPLY);
    await callsNothingForeign(told);
    await told.declare(make("one"));
    await callsNothingForeign(told);
    await comesInOrder(told);
  });
});

describe("a foreign edit of an undeclared value during a write", () => {
  const EDITS: readonly (readonly [
    string,
    () => Manifest[],
    () => Manifest[],
    Which,
    JsonObject,
    JsonObject,
  ])[] = [
    [
      "another field of an assistant",
      () => [assistant("front", { greeting: "one" })],
      () => [assistant("front", { greeting: "two" })],
      (told) => [told.idOf("Assistant", "front"), "Assistant"],
      { description: "Before." },
      { description: "Theirs." },
    ],
    [
      "another member of the block that is written",
      () => [assistant("front", { voice_settings: { voice: "one" } })],
      () => [assistant("front", { voice_settings: { voice: "two" } })],
      (told) => [told.idOf("Assistant", "front"), "Assistant"],
      { voice_settings: { voice_speed: 1.25 } },
      { voice_settings: { voice_speed: 1.5 } },
    ],
    [
      "another field of an MCP server",
      () => [server("crm", { url: "https://one.example" })],
      () => [server("crm", { url: "https://two.example" })],
      (told) => [told.idOf("McpServer", "crm"), "McpServer"],
      { allowed_tools: ["before"] },
      { allowed_tools: ["theirs"] },
    ],
    [
      "another field of a test",
      () => [probe("greets", { instructions: "one" })],
      () => [probe("greets", { instructions: "two" })],
      (told) => [told.idOf("AssistantTest", "greets"), "AssistantTest"],
      { description: "Before." },
      { description: "Theirs." },
    ],
  ];

  type Which = (told: Story) => readonly [string, "Assistant" | "McpServer" | "AssistantTest"];

  test.each(EDITS)(
    "%s: the run succeeds, and the edit is kept",
    async (_, before, after, which, first, patch) => {
      const told = await story();
      await told.declare(...before());
      await told.ends(0, ...APPLY);
      const [id, kind] = which(told);
      told.emulator.portal.edit(kind, id, first);
      await told.ends(0, ...APPLY);
      await told.declare(...after());
      const edit = () => told.emulator.portal.edit(kind, id, patch, { version: "same" });
      let isWritten = false;
      told.emulator.inject({
        match: { method: kind === "Assistant" ? "POST" : "PUT" },
        fault: { kind: "slow", milliseconds: 0 },
        onStrike: () => {
          isWritten = true;
        },
      });
      // The first read after the write.
      const watch = () =>
        told.emulator.inject({
          match: { method: "GET", path: new RegExp(`/${id}$`) },
          fault: { kind: "slow", milliseconds: 0 },
          onStrike: () => (isWritten ? edit() : watch()),
        });
      watch();
      await told.ends(0, ...APPLY);
      told.emulator.clearFaults();
      expect(told.one(kind, told.declared[0]?.metadata.name ?? "")?.raw).toMatchObject(patch);
      const plan = await planned(told);
      expect(plan.changes.flatMap(({ changes }) => changes)).toEqual([]);
      await isInOrder(told);
    },
  );
});

describe("an element with server defaults, added by a write that cannot be read yet", () => {
  const transfer = (to: string): JsonObject => ({
    type: "transfer",
    transfer: { from: "+15550100001", targets: [{ name: "desk", to }] },
  });
  const ELEMENTS: readonly (readonly [string, readonly JsonObject[]])[] = [
    ["the only one of its list", [transfer("+15550100002")]],
    ["one of two of its list", [transfer("+15550100002"), { type: "hangup", hangup: {} }]],
  ];
  const before = assistant("front", { greeting: "one" });

  async function added(tools: readonly JsonObject[]): Promise<Story> {
    const told = await story();
    await told.declare(before);
    await told.ends(0, ...APPLY);
    await told.declare(assistant("front", { greeting: "one", tools }));
    told.emulator.lag({ milliseconds: 300_000 });
    await told.ends(3, ...APPLY);
    told.emulator.lag();
    return told;
  }

  test.each(ELEMENTS)("%s: its removal is no drift", async (_, tools) => {
    const told = await added(tools);
    await told.declare(before);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(at(told.one("Assistant", "front"), "tools")).toEqual([]);
  });

  test.each(ELEMENTS)("%s: its removal by a run that is killed is no drift", async (_, tools) => {
    const told = await added(tools);
    await told.declare(before);
    await told.killed({ side: "before", ...BODY }, ...APPLY);
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test.each(ELEMENTS)("%s: a change of it, and then its removal, are no drift", async (_, tools) => {
    const told = await added(tools);
    await told.declare(assistant("front", { greeting: "one", tools: [transfer("+15550100003")] }));
    await callsNothingForeign(told);
    await comesInOrder(told);
    await told.declare(before);
    await callsNothingForeign(told);
    await comesInOrder(told);
  });
});

describe("an inline tool with only a type, removed by a write that cannot be read yet", () => {
  test.each([["hangup"], ["skip_turn"]])("%s: its removal is recognized as this project's", async (type) => {
    const told = await story();
    await told.declare(assistant("front", { greeting: "one", tools: [{ type, [type]: {} }] }));
    await told.ends(0, ...APPLY);
    await told.declare(assistant("front", { greeting: "one" }));
    told.emulator.lag({ milliseconds: 300_000 });
    await told.ends(3, ...APPLY);
    told.emulator.lag();
    await told.declare(tool("other"));
    await callsNothingForeign(told);
  });
});

test("a live version that is given up is forgotten once, also if a write of it is still open", async () => {
  const told = await story();
  await told.declare(assistant("front"), version("warm", "front"));
  told.emulator.inject({ match: BODY, times: 9, fault: { kind: "drop-field", field: "greeting" } });
  await told.ends(0, "apply", "--yes", "--target", "Assistant/front");
  await told.ends(3, ...APPLY);
  await told.declare(assistant("front", {}, { observe: true }));
  const forgotten = async () =>
    (await planned(told)).changes.filter(({ action }) => action === "forget").map(({ address }) => address);
  expect(await forgotten()).toEqual(["AssistantVersion/warm"]);
  await told.ends(0, "apply", "--yes");
  expect(await forgotten()).toEqual([]);
});
