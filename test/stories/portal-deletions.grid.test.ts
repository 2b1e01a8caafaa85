import { describe, expect } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import type { Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { everyNth } from "../grid.ts";
import { APPLY } from "./edits.ts";
import { assistant, canary, type Manifest, probe, ref, server, tool, version } from "./manifests.ts";
import { comesInOrder, pathsOf, planned } from "./order.ts";
import { story, type Story } from "./story.ts";

const test = everyNth(5);

interface Deletion {
  readonly what: string;
  readonly manifests: readonly Manifest[];
  readonly act: (portal: Emulator["portal"], told: Story) => void;
}

const hangup = { type: "hangup", hangup: {} };
/** The server describes it. */
const transfer = {
  type: "transfer",
  transfer: { from: "+15550100001", targets: [{ name: "desk", to: "+15550100002" }] },
};
const webhook = {
  type: "webhook",
  webhook: { name: "look", description: "Looks.", url: "https://tools.example/look" },
};
const handoff = (...to: readonly string[]) => ({
  type: "handoff",
  handoff: { ai_assistants: to.map((name) => ({ name, id: ref(`Assistant/${name}`) })) },
});

const onFront =
  (patch: JsonObject): Deletion["act"] =>
  (portal, told) =>
    portal.edit("Assistant", told.idOf("Assistant", "front"), patch);

/** Nothing is changed but that something of ours is gone. */
const DELETIONS: readonly Deletion[] = [
  {
    what: "the only inline tool, which the server described",
    manifests: [assistant("front", { tools: [transfer] })],
    act: onFront({ tools: [] }),
  },
  {
    what: "the only inline tool, with an empty block",
    manifests: [assistant("front", { tools: [hangup] })],
    act: onFront({ tools: [] }),
  },
  {
    what: "the only inline tool, declared whole",
    manifests: [assistant("front", { tools: [webhook] })],
    act: onFront({ tools: [] }),
  },
  {
    what: "one of two inline tools",
    manifests: [assistant("front", { tools: [hangup, webhook] })],
    act: onFront({ tools: [webhook] }),
  },
  {
    what: "one of two inline tools, which the server described",
    manifests: [assistant("front", { tools: [transfer, webhook] })],
    act: onFront({ tools: [webhook] }),
  },
  {
    what: "both of two inline tools",
    manifests: [assistant("front", { tools: [hangup, webhook] })],
    act: onFront({ tools: [] }),
  },
  {
    what: "the only shared tool of an assistant",
    manifests: [assistant("front", { tool_ids: [ref("Tool/t")] }), tool("t")],
    act: onFront({ tool_ids: [] }),
  },
  {
    what: "the only shared tool of an assistant that has an inline one",
    manifests: [assistant("front", { tools: [hangup], tool_ids: [ref("Tool/t")] }), tool("t")],
    act: onFront({ tool_ids: [] }),
  },
  {
    what: "a shared tool itself",
    manifests: [assistant("front", { tool_ids: [ref("Tool/t")] }), tool("t")],
    act: (portal, told) => portal.delete("Tool", told.idOf("Tool", "t")),
  },
  {
    what: "the only MCP server of an assistant",
    manifests: [assistant("front", { mcp_servers: [{ id: ref("McpServer/m") }] }), server("m")],
    act: onFront({ mcp_servers: [] }),
  },
  {
    what: "the allowed tools of an MCP server",
    manifests: [
      assistant("front", { mcp_servers: [{ id: ref("McpServer/m"), allowed_tools: ["a"] }] }),
      server("m"),
    ],
    act: (portal, told) =>
      portal.edit("Assistant", told.idOf("Assistant", "front"), {
        mcp_servers: [{ id: told.idOf("McpServer", "m") }],
      }),
  },
  {
    what: "one of two assistants of a handoff",
    manifests: [assistant("front", { tools: [handoff("one", "two")] }), assistant("one"), assistant("two")],
    act: (portal, told) =>
      portal.edit("Assistant", told.idOf("Assistant", "front"), {
        tools: [
          { type: "handoff", handoff: { ai_assistants: [{ name: "two", id: told.idOf("Assistant", "two") }] } },
        ],
      }),
  },
  {
    what: "the only dynamic variable",
    manifests: [assistant("front", { dynamic_variables: { name: "x" } })],
    act: onFront({ dynamic_variables: { name: null } }),
  },
  { what: "all tags", manifests: [assistant("front", { tags: ["a", "b"] })], act: onFront({ tags: [] }) },
  {
    what: "one of two tags",
    manifests: [assistant("front", { tags: ["a", "b"] })],
    act: onFront({ tags: ["a"] }),
  },
  {
    what: "the greeting",
    manifests: [assistant("front", { greeting: "Hi." })],
    act: onFront({ greeting: "" }),
  },
  {
    what: "the description",
    manifests: [assistant("front", { description: "It." })],
    act: onFront({ description: null }),
  },
  {
    what: "a block",
    manifests: [assistant("front", { telephony_settings: { time_limit_secs: 600 } })],
    act: onFront({ telephony_settings: { time_limit_secs: null } }),
  },
  {
    what: "one of two criteria of a test",
    manifests: [
      probe("p", {
        rubric: [
          { name: "A", criteria: "a" },
          { name: "B", criteria: "b" },
        ],
      }),
    ],
    act: (portal, told) =>
      portal.edit("AssistantTest", told.idOf("AssistantTest", "p"), { rubric: [{ name: "B", criteria: "b" }] }),
  },
  {
    what: "the set of an MCP server",
    manifests: [server("m", { allowed_tools: ["a"] })],
    act: (portal, told) => portal.edit("McpServer", told.idOf("McpServer", "m"), { allowed_tools: null }),
  },
  {
    what: "a version's only tool, which the server described",
    manifests: [assistant("front"), version("v", "front", { tools: [transfer] })],
    act: (portal, told) => portal.edit("AssistantVersion", told.idOf("AssistantVersion", "v"), { tools: [] }),
  },
  {
    what: "a version's only tool",
    manifests: [assistant("front"), version("v", "front", { tools: [hangup] })],
    act: (portal, told) => portal.edit("AssistantVersion", told.idOf("AssistantVersion", "v"), { tools: [] }),
  },
  {
    what: "a version",
    manifests: [assistant("front"), version("v", "front")],
    act: (portal, told) => portal.delete("AssistantVersion", told.idOf("AssistantVersion", "v")),
  },
  {
    what: "a canary",
    manifests: [assistant("front"), version("v", "front"), canary("c", "front", "v")],
    act: (portal, told) => portal.delete("CanaryDeploy", told.idOf("Assistant", "front")),
  },
];

async function deleted({ manifests, act }: Deletion): Promise<Story> {
  const told = await story();
  await told.declare(...manifests);
  await told.ends(0, ...APPLY);
  act(told.emulator.portal, told);
  return told;
}

describe("a deletion in the portal", () => {
  test.each(DELETIONS)("$what is drift and no conflict, and is put back", async (deletion) => {
    const told = await deleted(deletion);
    const plan = await planned(told);
    expect(pathsOf(plan, "conflict")).toEqual([]);
    expect(plan.refusals).toEqual([]);
    await told.ends(2, "drift");
    await comesInOrder(told);
  });

  test.each(DELETIONS)("$what is no conflict with what a killed run had put back", async (deletion) => {
    const told = await deleted(deletion);
    await told.killed({ side: "after", writes: true }, ...APPLY);
    const plan = await planned(told);
    expect(pathsOf(plan, "conflict")).toEqual([]);
    await comesInOrder(told);
  });
});
