import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { APPLY } from "./edits.ts";
import { assistant, type Manifest, probe, server, tool, version } from "./manifests.ts";
import { comesInOrder, planned } from "./order.ts";
import { story, type Story } from "./story.ts";

interface Named {
  readonly kind: "Assistant" | "AssistantVersion" | "AssistantTest" | "McpServer" | "Tool";
  /** A resource at this address whose object has this name. */
  readonly make: (address: string, name: string) => Manifest;
  /** Somebody makes an object of this name. */
  readonly portal: (told: Story, name: string) => void;
}

const withName = (manifest: Manifest, key: string, name: string): Manifest => ({
  ...manifest,
  spec: { ...manifest.spec, [key]: name } as JsonObject,
});

const KINDS: readonly Named[] = [
  {
    kind: "Assistant",
    make: (address, name) => withName(assistant(address), "name", name),
    portal: ({ emulator }, name) => void emulator.portal.create("Assistant", { name, instructions: "Theirs." }),
  },
  {
    kind: "Tool",
    make: (address, name) => withName(tool(address), "display_name", name),
    portal: ({ emulator }, name) =>
      void emulator.portal.create("Tool", { display_name: name, type: "hangup", hangup: {} }),
  },
  {
    kind: "McpServer",
    make: (address, name) => withName(server(address), "name", name),
    portal: ({ emulator }, name) =>
      void emulator.portal.create("McpServer", { name, type: "sse", url: "https://their.example" }),
  },
  {
    kind: "AssistantTest",
    make: (address, name) => withName(probe(address), "name", name),
    portal: ({ emulator }, name) =>
      void emulator.portal.create("AssistantTest", {
        name,
        destination: "+15550002222",
        instructions: "Theirs.",
        rubric: [{ name: "Kind", criteria: "Kind." }],
      }),
  },
  {
    kind: "AssistantVersion",
    make: (address, name) => withName(version(address, "front"), "version_name", name),
    portal: (told, name) =>
      void told.emulator.portal.create("AssistantVersion", {
        assistant_id: told.idOf("Assistant", "front"),
        version_name: name,
        greeting: "Theirs.",
      }),
  },
];

const FRONT = assistant("front");
const PRUNE = ["apply", "--yes", "--prune", "--allow-mass-change"] as const;

const called = (told: Story, { kind }: Named, name: string) => told.all(kind, name).length;

async function refused(told: Story, address: string): Promise<void> {
  const before = JSON.stringify(told.emulator.state());
  const { refusals } = await planned(told);
  expect(refusals).toEqual([
    expect.objectContaining({ rule: "ambiguous", address, message: expect.stringContaining("same name") }),
  ]);
  await told.ends(4, ...APPLY);
  expect(JSON.stringify(told.emulator.state())).toBe(before);
}

describe.each(KINDS)("the rename of an object of kind $kind", (one) => {
  const { kind, make, portal } = one;

  test("to the name of an object outside of the ledger is refused", async () => {
    const told = await story();
    await told.declare(FRONT, make("one", "First"));
    await told.ends(0, ...APPLY);
    portal(told, "Second");
    await told.declare(FRONT, make("one", "Second"));
    await refused(told, `${kind}/one`);
    await told.declare(FRONT, make("one", "Third"));
    await comesInOrder(told);
    expect([called(told, one, "Second"), called(told, one, "Third")]).toEqual([1, 1]);
  });

  test("to the name of an object that was removed from the manifests is refused without --prune", async () => {
    const told = await story();
    await told.declare(FRONT, make("one", "First"), make("two", "Second"));
    await told.ends(0, ...APPLY);
    await told.declare(FRONT, make("one", "Second"));
    await refused(told, `${kind}/one`);
    await told.ends(0, ...PRUNE);
    await comesInOrder(told);
    expect([called(told, one, "First"), called(told, one, "Second")]).toEqual([0, 1]);
  });

  test("to a name that becomes free in the same plan is done", async () => {
    const told = await story();
    await told.declare(FRONT, make("one", "First"), make("two", "Second"));
    await told.ends(0, ...APPLY);
    await told.declare(FRONT, make("one", "Second"), make("two", "Third"));
    await comesInOrder(told);
    expect([called(told, one, "Second"), called(told, one, "Third")]).toEqual([1, 1]);
  });

  test("does not matter for edits of other fields", async () => {
    const told = await story();
    await told.declare(FRONT, make("one", "First"));
    await told.ends(0, ...APPLY);
    portal(told, "First");
    const { spec, ...rest } = make("one", "First");
    const edit = kind === "AssistantVersion" ? { changes: { greeting: "two" } } : EDITS[kind];
    await told.declare(FRONT, { ...rest, spec: { ...spec, ...edit } });
    await told.ends(0, ...APPLY);
    expect(called(told, one, "First")).toBe(2);
  });
});

const EDITS: Readonly<Record<string, JsonObject>> = {
  Assistant: { greeting: "two" },
  Tool: { webhook: { name: "one", description: "Two.", url: "https://two.example" } },
  McpServer: { url: "https://two.example" },
  AssistantTest: { instructions: "Two." },
};
