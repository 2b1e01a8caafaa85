import { describe, expect, test as every } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { everyNth } from "../grid.ts";
import { ADDED_TAG, APPLY, BODY, CREATION } from "./edits.ts";
import { assistant, canary, type Manifest, probe, server, tool, version } from "./manifests.ts";
import { at, callsNothingForeign, comesInOrder, isInOrder, type PlanShown, planned } from "./order.ts";
import { type Moment, story, type Story } from "./story.ts";

const test = everyNth(5);

type Simple = "Assistant" | "Tool" | "McpServer" | "AssistantTest";

interface Made {
  readonly kind: Simple;
  readonly manifest: Manifest;
  /** What somebody makes in the portal under the same name. */
  readonly same: JsonObject;
  readonly different: JsonObject;
}

const RUBRIC = [{ name: "Kind", criteria: "It is kind." }];
const PROBE = { name: "wanted", destination: "+15550100000", instructions: "Ask.", rubric: RUBRIC };
const WEBHOOK = { name: "wanted", description: "Helps.", url: "https://tools.example/one" };

const MADE: readonly Made[] = [
  {
    kind: "Assistant",
    manifest: assistant("wanted", { greeting: "ours" }),
    same: { name: "wanted", instructions: "Answer.", greeting: "ours" },
    different: { name: "wanted", instructions: "Theirs.", greeting: "theirs" },
  },
  {
    kind: "Tool",
    manifest: tool("wanted"),
    same: { display_name: "wanted", type: "webhook", webhook: WEBHOOK },
    different: {
      display_name: "wanted",
      type: "webhook",
      webhook: { ...WEBHOOK, url: "https://theirs.example" },
    },
  },
  {
    kind: "McpServer",
    manifest: server("wanted"),
    same: { name: "wanted", type: "http", url: "https://mcp.example/one" },
    different: { name: "wanted", type: "http", url: "https://theirs.example" },
  },
  {
    kind: "AssistantTest",
    manifest: probe("wanted"),
    same: PROBE,
    different: { ...PROBE, instructions: "Theirs." },
  },
];

const OTHER = tool("other");
const PRUNE = ["apply", "--yes", "--prune", "--allow-mass-change"] as const;
const actionsOf = ({ changes, refusals }: PlanShown) => ({
  actions: changes.map(({ address, action }) => `${action} ${address}`),
  refusals: refusals.map(({ rule, address }) => `${rule} ${address}`),
});

/** A run is killed before its creation takes effect, and then somebody makes an object of that name. */
async function namesakeAfterKill({ kind, manifest }: Made, theirs: JsonObject): Promise<[Story, string]> {
  const told = await story();
  await told.declare(manifest);
  await told.killed({ side: "before", ...CREATION[kind] }, ...APPLY);
  return [told, told.emulator.portal.create(kind, theirs)];
}

/** What the plan says where no run was killed. */
async function ordinaryPlan({ kind, manifest }: Made, theirs: JsonObject): Promise<PlanShown> {
  const told = await story();
  told.emulator.portal.create(kind, theirs);
  await told.declare(manifest);
  return planned(told);
}

/** Nobody is told that this project created it. */
function saysNotCreated({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
  expect(`${stdout}\n${stderr}`).not.toMatch(/wanted\S*[ :]+created/);
}

describe.each(MADE)("$kind: an object that somebody made after a run was killed", (made) => {
  const { kind, manifest, same, different } = made;

  test.each([
    ["like the declared one", same],
    ["unlike the declared one", different],
  ])("%s, is planned as if no run had been killed", async (_, theirs) => {
    const [told] = await namesakeAfterKill(made, theirs);
    expect(actionsOf(await planned(told))).toEqual(actionsOf(await ordinaryPlan(made, theirs)));
  });

  test("is adopted and not reported as created", async () => {
    const [told, id] = await namesakeAfterKill(made, same);
    const plan = await planned(told);
    expect(plan.changes).toContainEqual(expect.objectContaining({ action: "adopt", id }));
    saysNotCreated(await told.ends(0, ...APPLY));
    await isInOrder(told);
  });

  test.each([[["apply", "--yes", "--prune", "--allow-mass-change"]], [["destroy", "--yes"]]])(
    "is not deleted by %j without a manifest",
    async (command) => {
      const [told, id] = await namesakeAfterKill(made, same);
      await told.declare(OTHER);
      saysNotCreated(await told.run(...command));
      expect(told.all(kind).map((one) => one.id)).toContain(id);
    },
  );

  test("is not deleted by destroy", async () => {
    const [told, id] = await namesakeAfterKill(made, different);
    saysNotCreated(await told.run("destroy", "--yes"));
    expect(told.all(kind).map((one) => one.id)).toContain(id);
  });

  test("is not drift when its manifest was reverted", async () => {
    const [told, id] = await namesakeAfterKill(made, different);
    const before = told.all(kind);
    await told.declare(OTHER);
    await comesInOrder(told);
    expect(told.all(kind).find((one) => one.id === id)).toEqual(before.find((one) => one.id === id));
  });

  test("is not overwritten by a run whose creation was refused temporarily", async () => {
    const told = await story();
    await told.declare(manifest);
    let id = "";
    told.emulator.inject({
      match: CREATION[kind],
      fault: { kind: "status", status: 502 },
      onStrike: () => {
        id = told.emulator.portal.create(kind, different);
      },
    });
    const ran = await told.run(...APPLY);
    const theirs = told.all(kind).find((one) => one.id === id);
    expect(theirs?.raw).toMatchObject(kind === "Tool" ? { tool_definition: different["webhook"] } : different);
    // Only beside one of its own it may say that all is done.
    expect(told.all(kind, "wanted")).toHaveLength(ran.code === 0 ? 2 : 1);
  });
});

describe("a shared tool of another type that somebody created after a kill", () => {
  const theirs = { display_name: "wanted", type: "hangup", hangup: { description: "Theirs." } };
  const made = MADE[1] as Made;

  test("is planned as if no run had been killed", async () => {
    const [told] = await namesakeAfterKill(made, theirs);
    expect(actionsOf(await planned(told))).toEqual(actionsOf(await ordinaryPlan(made, theirs)));
  });

  test.each([[APPLY], [["apply", "--yes", "--on-conflict=overwrite"]], [["destroy", "--yes"]]])(
    "is not changed by %j",
    async (command) => {
      const [told, id] = await namesakeAfterKill(made, theirs);
      const before = told.all("Tool").find((one) => one.id === id);
      await told.run(...command);
      expect(told.all("Tool").find((one) => one.id === id)).toEqual(before);
    },
  );
});

describe("a child of an assistant that somebody created after a kill", () => {
  const wanted = [assistant("front"), version("wanted", "front"), canary("wanted", "front", "wanted")];

  async function until(count: number, at: Moment): Promise<Story> {
    const told = await story();
    await told.declare(...wanted.slice(0, count - 1));
    await told.ends(0, ...APPLY);
    await told.declare(...wanted.slice(0, count));
    await told.killed(at, ...APPLY);
    return told;
  }

  every("a version is adopted, and not deleted by the run that finds it", async () => {
    const told = await until(2, { side: "before", ...BODY });
    const id = told.emulator.portal.create("AssistantVersion", {
      assistant_id: told.idOf("Assistant", "front"),
      version_name: "wanted",
      greeting: "theirs",
    });
    const plan = await planned(told);
    expect(plan.changes).toContainEqual(expect.objectContaining({ action: "adopt", id }));
    await told.declare(assistant("front"));
    await told.run("apply", "--yes", "--prune", "--allow-mass-change");
    expect(told.all("AssistantVersion").map((one) => one.id)).toContain(id);
  });

  test("a canary is adopted and not ended", async () => {
    const told = await until(3, { side: "before", ...CREATION.CanaryDeploy });
    const assistant_id = told.idOf("Assistant", "front");
    const version_id = told.idOf("AssistantVersion", "wanted").split("/")[1] ?? "";
    const rules = [{ serve: { rollout: [{ version_id, weight: 77 }] } }];
    told.emulator.portal.create("CanaryDeploy", { assistant_id, rules });
    const plan = await planned(told);
    expect(plan.changes).toContainEqual(
      expect.objectContaining({ action: "adopt", address: "CanaryDeploy/wanted" }),
    );
    await told.declare(...wanted.slice(0, 2));
    await told.run("apply", "--yes", "--prune", "--allow-mass-change");
    expect(at(told.all("CanaryDeploy")[0], "rules")).toEqual(rules);
  });
});

interface Born {
  readonly what: string;
  readonly before: readonly Manifest[];
  readonly manifest: Manifest;
  readonly at: Moment;
}

const BORN: readonly Born[] = [
  {
    what: "an assistant without its tags",
    before: [],
    manifest: assistant("wanted", { tags: ["one", "two"] }),
    at: { side: "before", ...ADDED_TAG },
  },
  {
    what: "an assistant with one of its tags",
    before: [],
    manifest: assistant("wanted", { tags: ["one", "two"] }),
    at: { side: "after", ...ADDED_TAG },
  },
  {
    what: "an assistant",
    before: [],
    manifest: assistant("wanted"),
    at: { side: "after", ...CREATION.Assistant },
  },
  { what: "a tool", before: [], manifest: tool("wanted"), at: { side: "after", ...CREATION.Tool } },
  {
    what: "an MCP server",
    before: [],
    manifest: server("wanted"),
    at: { side: "after", ...CREATION.McpServer },
  },
  { what: "a test", before: [], manifest: probe("wanted"), at: { side: "after", ...CREATION.AssistantTest } },
  {
    what: "a version",
    before: [assistant("front")],
    manifest: version("wanted", "front"),
    at: { side: "after", ...BODY },
  },
  {
    what: "a canary",
    before: [assistant("front"), version("trial", "front")],
    manifest: canary("wanted", "front", "trial"),
    at: { side: "after", ...CREATION.CanaryDeploy },
  },
];

async function born({ before, manifest, at: moment }: Born): Promise<Story> {
  const told = await story();
  await told.declare(...before, OTHER);
  await told.ends(0, ...APPLY);
  await told.declare(...before, OTHER, manifest);
  await told.killed(moment, ...APPLY);
  return told;
}

describe.each(BORN)("$what that a killed run made", (one) => {
  const { before, manifest } = one;
  const { kind } = manifest;
  const ids = (told: Story) =>
    told.all(kind).flatMap(({ id, name }) => (kind === "CanaryDeploy" || name === "wanted" ? [id] : []));

  test("is counted by the next apply", async () => {
    const told = await born(one);
    await comesInOrder(told);
  });

  test("and that was deleted in the portal is created again after at most one failed apply", async () => {
    const told = await born(one);
    told.emulator.portal.delete(kind, ids(told)[0] ?? "");
    const first = await told.run(...APPLY);
    expect([0, 3], first.stderr).toContain(first.code);
    await told.ends(0, ...APPLY);
    await isInOrder(told);
  });

  test("and that was deleted in the portal is created again after a plan, a drift and another apply", async () => {
    const told = await born(one);
    told.emulator.portal.delete(kind, ids(told)[0] ?? "");
    await told.run("plan");
    await told.run("drift");
    await told.ends(0, "apply", "--yes", "--target", "Tool/other");
    await told.run(...APPLY);
    await told.ends(0, ...APPLY);
    await isInOrder(told);
  });

  test("is found after another apply", async () => {
    const told = await born(one);
    const url = "https://tools.example/two";
    await told.declare(...before, tool("other", { url }), manifest);
    await told.ends(0, "apply", "--yes", "--target", "Tool/other");
    await comesInOrder(told);
  });

  test("is reported when its manifest was reverted, and deleted by the second prune at the latest", async () => {
    const told = await born(one);
    await told.declare(...before, OTHER);
    const plan = await planned(told, "--prune");
    expect(plan.changes.map(({ address }) => address)).toContain(`${kind}/wanted`);
    await told.ends(0, ...PRUNE);
    await told.ends(0, ...PRUNE);
    expect(ids(told)).toEqual([]);
    await isInOrder(told);
  });

  test("is still known after an apply without --prune when its manifest was reverted", async () => {
    const told = await born(one);
    await told.declare(...before, OTHER);
    await told.ends(0, ...APPLY);
    await told.ends(0, ...APPLY);
    await told.ends(0, "drift");
    await told.ends(0, ...PRUNE);
    expect(ids(told)).toEqual([]);
  });

  test("is updated to a changed manifest", async () => {
    const told = await born(one);
    const changes = { labels: { team: "voice" } };
    await told.declare(...before, OTHER, { ...manifest, metadata: { ...manifest.metadata, ...changes } });
    await comesInOrder(told);
  });
});

describe.each(BORN.slice(0, 6))("$what that a killed run made", (one) => {
  const { manifest } = one;

  every("and that somebody deleted and made otherwise is adopted when that is asked for", async () => {
    const told = await born(one);
    const kind = manifest.kind as Simple;
    told.emulator.portal.delete(kind, told.idOf(kind, "wanted"));
    const id = told.emulator.portal.create(kind, MADE.find((made) => made.kind === kind)?.different ?? {});
    const plan = await planned(told);
    expect(plan.changes).toContainEqual(expect.objectContaining({ action: "adopt", id }));
    expect(plan.refusals).toMatchObject([{ rule: "adoption" }]);
    await told.ends(4, "apply", "--yes");
    await told.ends(0, "apply", "--yes", "--adopt");
    await isInOrder(told);
  });

  every("under a key of its own is found by a manifest that differs", async () => {
    const told = await born(one);
    const spec = { ...manifest.spec };
    if (manifest.kind === "Tool") spec["timeout_ms"] = 7000;
    else if (manifest.kind === "McpServer") spec["allowed_tools"] = ["new"];
    else spec["instructions"] = "Changed.";
    await told.declare(OTHER, { ...manifest, spec });
    await comesInOrder(told);
  });
});

describe("a creation that a killed run did not start", () => {
  const DROPPED = [
    ["a reference", { mcp_servers: [{ id: { ref: "McpServer/m" } }] }],
    ["a greeting", { greeting: "old" }],
    ["tags", { tags: ["old"] }],
    ["dynamic variables", { dynamic_variables: { old: "yes" } }],
    ["inline tools", { tools: [{ type: "hangup", hangup: {} }] }],
  ] as const;
  const SIDES = [
    ["before its first write", { side: "before", writes: true }],
    ["before it was sent", { side: "before", ...CREATION.Assistant }],
    ["after it was sent", { side: "after", ...CREATION.Assistant }],
  ] as const;

  describe.each(SIDES)("killed %s", (_, at) => {
    test.each(DROPPED)("has no %s that is not declared any more", async (__, spec) => {
      const told = await story();
      await told.declare(server("m"), assistant("wanted", spec));
      await told.killed(at, ...APPLY);
      await told.declare(server("m"), assistant("wanted"));
      await comesInOrder(told);
      const [key = ""] = Object.keys(spec);
      const empty = [undefined, null, "", [], {}].map((value) => JSON.stringify(value));
      expect(empty).toContain(JSON.stringify(told.one("Assistant", "wanted")?.raw[key]));
    });
  });
});

test("an object that a killed run created instead of an older creation is not deleted if another manifest adopts it", async () => {
  const told = await story();
  await told.declare(assistant("wanted"));
  await told.killed({ side: "before", writes: true }, ...APPLY);
  const moved: Manifest = { ...assistant("wanted"), metadata: { name: "zebra" } };
  const other: Manifest = { ...assistant("other"), metadata: { name: "wanted" } };
  await told.declare(moved, other);
  // The first write sends the older creation once more, so that it can be taken back.
  await told.killed({ side: "after", writes: true }, ...APPLY);
  await comesInOrder(told);
});

describe("an assistant that hands off to itself, created by a run that was killed before the second step", () => {
  const handsOver = (name: string, called: string): Manifest => {
    const targets = [{ name: "Itself", id: { ref: `Assistant/${name}` } }];
    const handoff = { type: "handoff", handoff: { ai_assistants: targets } };
    return assistant(name, { name: called, tools: [handoff] });
  };

  every.each([
    ["is renamed by its manifest", [assistant("one", { name: "Second" })], 1],
    [
      "and its name under another address are distinguished",
      [assistant("one", { name: "Second" }), assistant("two", { name: "First" })],
      2,
    ],
  ])("%s", async (_, manifests, count) => {
    const told = await story();
    await told.declare(handsOver("one", "First"));
    await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
    await told.declare(...manifests);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(told.all("Assistant").length).toBe(count);
  });
});
