import { describe, expect } from "vitest";
import { everyNth } from "../grid.ts";
import { APPLY } from "./edits.ts";
import { assistant, canary, type Manifest, probe, ref, server, tool, version } from "./manifests.ts";
import { callsNothingForeign, comesInOrder } from "./order.ts";
import { story, type Story } from "./story.ts";

const test = everyNth(5);

const handoff = (to: string) => ({
  type: "handoff",
  handoff: { ai_assistants: [{ name: to, id: ref(`Assistant/${to}`) }] },
});

interface Removal {
  readonly what: string;
  readonly manifests: readonly Manifest[];
  /** What stays declared. */
  readonly left: readonly Manifest[];
  /** How many writes it takes. */
  readonly writes: number;
}

const OTHER = tool("other");

const REMOVALS: readonly Removal[] = [
  {
    what: "two assistants that hand off to each other",
    manifests: [assistant("a", { tools: [handoff("b")] }), assistant("b", { tools: [handoff("a")] })],
    left: [],
    writes: 3,
  },
  {
    what: "three assistants that hand off in a circle",
    manifests: [
      assistant("a", { tools: [handoff("b")] }),
      assistant("b", { tools: [handoff("c")] }),
      assistant("c", { tools: [handoff("a")] }),
    ],
    left: [],
    writes: 4,
  },
  {
    what: "an assistant with its shared tool and MCP server",
    manifests: [
      assistant("a", { tool_ids: [ref("Tool/t")], mcp_servers: [{ id: ref("McpServer/m") }] }),
      tool("t"),
      server("m"),
    ],
    left: [],
    writes: 3,
  },
  {
    what: "a shared tool, while the assistant that used it stays",
    manifests: [assistant("a", { tool_ids: [ref("Tool/t")] }), tool("t")],
    left: [assistant("a", { tool_ids: [] })],
    writes: 2,
  },
  {
    what: "an assistant, while the one that handed off to it stays",
    manifests: [assistant("a", { tools: [handoff("b")] }), assistant("b")],
    left: [assistant("a", { tools: [] })],
    writes: 2,
  },
  {
    what: "a canary, its version and a test",
    manifests: [assistant("a"), version("v", "a"), canary("c", "a", "v"), probe("p")],
    left: [assistant("a")],
    writes: 3,
  },
  {
    what: "an assistant with its version and canary",
    manifests: [assistant("a"), version("v", "a"), canary("c", "a", "v")],
    left: [],
    writes: 3,
  },
];

const PRUNE = ["apply", "--yes", "--prune", "--allow-mass-change", "--parallelism=1"] as const;

async function cutOff({ manifests, left }: Removal, nth: number, side: "before" | "after"): Promise<Story> {
  const told = await story();
  await told.declare(...manifests, OTHER);
  await told.ends(0, ...APPLY);
  await told.declare(...left, OTHER);
  await told.killed({ side, writes: true, nth }, ...PRUNE);
  return told;
}

const points = (writes: number) => Array.from({ length: writes }, (_, index) => index + 1);

describe.each(REMOVALS)("a prune of $what", (removal) => {
  const { manifests, left, writes } = removal;

  test.each(points(writes))("that is killed after write %i is finished by the next", async (nth) => {
    const told = await cutOff(removal, nth, "after");
    await callsNothingForeign(told, "--prune", "--allow-mass-change");
    await told.ends(0, ...PRUNE);
    expect(told.all("Assistant")).toHaveLength(left.length);
    await comesInOrder(told);
  });

  test.each(points(writes))("that is killed after write %i and reverted is undone", async (nth) => {
    const told = await cutOff(removal, nth, "after");
    await told.declare(...manifests, OTHER);
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test.each(points(writes))(
    "that is killed after write %i and reverted with an edit is undone",
    async (nth) => {
      const told = await cutOff(removal, nth, "after");
      const [first, ...rest] = manifests;
      if (first === undefined) return;
      const edited = { ...first, spec: { ...first.spec, instructions: "Edited." } };
      await told.declare(edited, ...rest, OTHER);
      await callsNothingForeign(told);
      await comesInOrder(told);
    },
  );
});

describe.each(REMOVALS.filter(({ left }) => left.length === 0))("a destroy of $what", (removal) => {
  const { manifests, writes } = removal;

  test.each(points(writes + 1))("that is killed before write %i and called off is undone", async (nth) => {
    const told = await story();
    await told.declare(...manifests, OTHER);
    await told.ends(0, ...APPLY);
    await told.killed({ side: "before", writes: true, nth }, "destroy", "--yes", "--parallelism=1");
    await callsNothingForeign(told);
    await comesInOrder(told);
  });
});
