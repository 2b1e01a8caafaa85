import { describe, expect, test } from "vitest";
import { ADDED_TAG, APPLY, BODY, CREATION } from "./edits.ts";
import { assistant, type Manifest, server, tool, version } from "./manifests.ts";
import { at, callsNothingForeign, comesInOrder, isInOrder, planned } from "./order.ts";
import { story, type Story } from "./story.ts";

const PRUNE = ["apply", "--yes", "--prune", "--allow-mass-change"] as const;
const OTHER = tool("other");
const LATE_LISTS = { milliseconds: 300_000, onlyLists: true };
const ref = (to: string) => ({ mcp_servers: [{ id: { ref: to } }] });

/** An assistant of one name at Telnyx, whatever its address is. */
function front(address: string, spec: Manifest["spec"] = {}, lifecycle?: Manifest["lifecycle"]): Manifest {
  return assistant(address, { name: "Front", ...spec }, lifecycle);
}

/** A creation takes effect, and the run is killed before it is answered. */
async function unanswered(...manifests: readonly Manifest[]): Promise<Story> {
  return killedIn(await story(), manifests);
}

/** The same, and the lists do not show it until they stop lagging. */
async function unlisted(...manifests: readonly Manifest[]): Promise<Story> {
  const told = await story();
  told.emulator.lag(LATE_LISTS);
  return killedIn(told, manifests);
}

async function killedIn(told: Story, manifests: readonly Manifest[]): Promise<Story> {
  await told.declare(...manifests, OTHER);
  await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
  return told;
}

describe("a creation without a response that is not listed yet is deleted with its manifest", () => {
  test.each([
    ["to an address with movedFrom", front("new", {}, { movedFrom: ["Assistant/old"] })],
    ["to the address with its name", front("new")],
    ["with other values", front("new", { greeting: "two" }, { movedFrom: ["Assistant/old"] })],
  ])("%s: it is created once", async (_, moved) => {
    const told = await unlisted(front("old"));
    await told.declare(moved, OTHER);
    await told.run(...APPLY);
    told.emulator.lag();
    await comesInOrder(told);
    expect(told.all("Assistant")).toHaveLength(1);
  });

  test("moved and moved back: it is created once", async () => {
    const told = await story();
    await told.declare(front("old"), OTHER);
    await told.killed({ side: "before", ...CREATION.Assistant }, ...APPLY);
    told.emulator.lag(LATE_LISTS);
    await told.declare(front("new", {}, { movedFrom: ["Assistant/old"] }), OTHER);
    await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
    await told.declare(front("old"), OTHER);
    await told.run(...APPLY);
    told.emulator.lag();
    await comesInOrder(told);
    expect(told.all("Assistant")).toHaveLength(1);
  });
});

test("a creation that refers to a moved resource is recognized", async () => {
  const told = await story();
  await told.declare(front("front", { tags: ["new"], ...ref("McpServer/crm") }), server("crm"));
  await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
  const { spec, ...rest } = server("billing", {}, { movedFrom: ["McpServer/crm"] });
  await told.declare(front("front", { tags: ["new"], ...ref("McpServer/billing") }), {
    ...rest,
    spec: { ...spec, name: "crm" },
  });
  await callsNothingForeign(told);
  await comesInOrder(told);
});

test("a repeated creation with a field that the server rewrites is not drift", async () => {
  const told = await story();
  await told.declare(front("front", { description: "one" }));
  await told.killed({ side: "before", ...CREATION.Assistant }, ...APPLY);
  told.emulator.inject({
    match: CREATION.Assistant,
    fault: { kind: "rewrite-field", field: "description" },
  });
  await told.run(...APPLY);
  await callsNothingForeign(told);
  await comesInOrder(told);
});

test("a creation with other values is not waited for if its object was deleted before its tags were added", async () => {
  const told = await story();
  await told.declare(front("front", { tags: ["one"] }));
  await told.killed({ side: "before", ...ADDED_TAG }, ...APPLY);
  told.emulator.portal.delete("Assistant", told.idOf("Assistant", "Front"));
  await told.declare(front("front", { greeting: "two" }));
  await comesInOrder(told);
});

test("a creation with other values and without a response is deleted and reported", async () => {
  const told = await story();
  told.emulator.lag(LATE_LISTS);
  await told.declare(front("front"));
  await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
  const id = told.idOf("Assistant", "Front");
  await told.declare(front("front", { greeting: "two" }));
  const { stdout } = await told.ends(0, ...APPLY);
  told.emulator.lag();
  expect(stdout).toContain(`destroyed  ${id} of an interrupted run`);
  expect(told.all("Assistant")).toHaveLength(1);
});

test("a creation with other values that somebody has edited, and that no list shows yet, is kept; a later plan shows the edit", async () => {
  const told = await unlisted(front("front"));
  const id = told.idOf("Assistant", "Front");
  told.emulator.portal.edit("Assistant", id, { instructions: "Theirs." });
  await told.declare(front("front", { greeting: "two" }), OTHER);
  const { stdout } = await told.ends(3, ...APPLY);
  expect(stdout).toContain("it has been changed since");
  expect(told.all("Assistant").map((one) => one.id)).toEqual([id]);
  told.emulator.lag();
  expect((await told.ends(0, "plan")).stdout).toContain("Theirs.");
  await comesInOrder(told);
  expect(told.all("Assistant").map((one) => one.id)).toEqual([id]);
});

test("a creation with other values that somebody has edited, and that no list shows yet, is not written to", async () => {
  const told = await unlisted(front("front", { tags: ["one"] }));
  const id = told.idOf("Assistant", "Front");
  told.emulator.portal.edit("Assistant", id, { instructions: "Theirs." });
  const before = told.all("Assistant");
  await told.declare(front("front", { greeting: "two" }), OTHER);
  await told.ends(3, ...APPLY);
  expect(told.all("Assistant")).toEqual(before);
});

test("a run that deletes an earlier creation and finds a foreign object of the name reports a write", async () => {
  const told = await story();
  const { emulator } = told;
  emulator.lag(LATE_LISTS);
  await told.declare(front("front"));
  await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
  const id = told.idOf("Assistant", "Front");
  await told.declare(front("front", { greeting: "two" }));
  // Between the plan and the first write, the lists show both.
  emulator.inject({
    match: { method: "GET", path: /\/ai\/assistants$/, nth: 3 },
    fault: { kind: "slow", milliseconds: 0 },
    onStrike() {
      emulator.portal.create("Assistant", { name: "Front", instructions: "Portal." });
      emulator.lag();
    },
  });
  const { stdout, stderr } = await told.ends(3, ...APPLY);
  expect(told.all("Assistant").map((one) => one.id)).not.toContain(id);
  expect(`${stdout}${stderr}`).toContain(`deleted before: ${id}, which an interrupted run created`);
  expect(`${stdout}${stderr}`).not.toContain("the object was written");
});

const THEIRS = { name: "Front", instructions: "Portal.", greeting: "Portal." };

test.each([
  ["as it was created", {}],
  ["edited", { greeting: "edited" }],
])(
  "a creation without an answer that is no longer declared, %s, is deleted with --prune, and not its namesake",
  async (_, edits) => {
    const told = await story();
    await told.declare(front("front"), server("crm"));
    await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
    const id = told.idOf("Assistant", "Front");
    told.emulator.portal.create("Assistant", THEIRS);
    told.emulator.portal.edit("Assistant", id, edits);
    await told.declare(server("crm"));
    await told.ends(0, ...PRUNE);
    await told.ends(0, ...PRUNE);
    expect(told.all("Assistant").map((one) => one.id)).not.toContain(id);
    expect(told.one("Assistant", "Front")?.raw).toMatchObject(THEIRS);
  },
);

test("an object that has the name of a creation that was not made is not written when it is declared again", async () => {
  const told = await story();
  await told.declare(front("front"), server("crm"));
  await told.killed({ side: "before", ...CREATION.Assistant }, ...APPLY);
  told.emulator.portal.create("Assistant", THEIRS);
  await told.declare(server("crm"));
  await told.ends(0, ...APPLY);
  await told.declare(front("front"), server("crm"));
  const { stderr, stdout } = await told.ends(4, ...APPLY);
  expect(`${stdout}${stderr}`).toContain("--adopt");
  expect(told.one("Assistant", "Front")?.raw).toMatchObject(THEIRS);
});

test("a run that deletes an earlier creation and is then refused does not report that nothing was written", async () => {
  const told = await story();
  await told.declare(front("front"));
  await told.killed({ side: "before", ...CREATION.Assistant }, ...APPLY);
  await told.declare(front("front", { greeting: "two" }));
  told.emulator.inject({
    match: { ...CREATION.Assistant, nth: 2 },
    fault: { kind: "status", status: 400 },
  });
  await told.ends(3, ...APPLY);
  await comesInOrder(told);
  expect(told.all("Assistant")).toHaveLength(1);
});

describe("a creation with other values that still exists after its deletion returned 404", () => {
  async function killedAndChanged(times: number): Promise<Story> {
    const told = await story();
    await told.declare(front("front"));
    await told.killed({ side: "before", ...CREATION.Assistant }, ...APPLY);
    await told.declare(front("front", { greeting: "two" }));
    told.emulator.inject({ match: { method: "DELETE" }, times, fault: { kind: "status", status: 404 } });
    return told;
  }

  test("once: is deleted in the same run", async () => {
    const told = await killedAndChanged(1);
    await told.ends(0, ...APPLY);
    expect(told.all("Assistant")).toHaveLength(1);
    await isInOrder(told);
  });

  test("each time: is not reported as destroyed, and no second one is created", async () => {
    const told = await killedAndChanged(50);
    const { stdout } = await told.ends(3, ...APPLY);
    expect(stdout).toContain(`the API still shows ${told.idOf("Assistant", "Front")} after its deletion`);
    expect(stdout).toContain("0 destroyed");
    expect(stdout).not.toContain("of an interrupted run");
    expect(told.all("Assistant")).toHaveLength(1);
    told.emulator.clearFaults();
    await comesInOrder(told);
    expect(told.all("Assistant")).toHaveLength(1);
  });
});

describe("a creation that is no longer declared", () => {
  test("is deleted by --prune, also if edited before it was found", async () => {
    const told = await unanswered(front("front"));
    told.emulator.portal.edit("Assistant", told.idOf("Assistant", "Front"), { instructions: "Theirs." });
    await told.declare(OTHER);
    await told.ends(0, ...PRUNE);
    await told.ends(0, ...PRUNE);
    expect(told.all("Assistant")).toEqual([]);
    await isInOrder(told);
  });

  test("is deleted by --prune if a later one of the address was not executed", async () => {
    const told = await unlisted(front("front"));
    await told.declare(front("front", { greeting: "two" }), OTHER);
    await told.killed({ side: "before", writes: true }, ...APPLY);
    told.emulator.lag();
    await told.declare(OTHER);
    await told.ends(0, ...PRUNE);
    await told.ends(0, ...PRUNE);
    expect(told.all("Assistant")).toEqual([]);
    await isInOrder(told);
  });

  test("does not change a foreign object with the same name", async () => {
    const told = await story();
    await told.declare(front("front"), OTHER);
    await told.killed({ side: "before", ...CREATION.Assistant }, ...APPLY);
    const theirs = told.emulator.portal.create("Assistant", { name: "Front", instructions: "Theirs." });
    const before = told.all("Assistant");
    await told.declare(OTHER);
    await told.ends(0, ...PRUNE);
    await told.ends(0, ...PRUNE);
    expect(told.all("Assistant")).toEqual(before);
    expect(before.map(({ id }) => id)).toEqual([theirs]);
    await isInOrder(told);
  });

  test("leaves no object beside it, although a deletion returns 404", async () => {
    const told = await story();
    await told.declare(front("front"), OTHER);
    await told.killed({ side: "before", ...CREATION.Assistant }, ...APPLY);
    const theirs = told.emulator.portal.create("Assistant", { name: "Front", instructions: "Theirs." });
    await told.declare(OTHER);
    told.emulator.inject({ match: { method: "DELETE" }, fault: { kind: "status", status: 404 } });
    await told.ends(0, ...PRUNE);
    await told.ends(0, ...PRUNE);
    expect(told.all("Assistant").map(({ id }) => id)).toEqual([theirs]);
    await isInOrder(told);
  });
});

describe.each([
  ["its manifest says so", { observe: true }, {}],
  ["its environment says so", undefined, { environments: { default: { observe: true } } }],
])(
  "a creation without a response whose manifest was renamed and that is observed now, because %s,",
  (_, lifecycle, project) => {
    const observe = (told: Story) =>
      told.declareIn(project, front("front", { name: "Other" }, lifecycle), OTHER);

    /** The object is in the plan, and no run writes to it. */
    async function isShown(told: Story, id: string): Promise<void> {
      const before = told.all("Assistant");
      await told.ends(0, ...PRUNE);
      const { changes } = await planned(told);
      expect(changes.find(({ address }) => address === "Assistant/front")).toMatchObject({
        action: "observe",
        id,
      });
      await told.ends(0, ...PRUNE);
      expect(told.all("Assistant")).toEqual(before);
    }

    test.each([
      ["as it was created", () => undefined],
      [
        "if it was edited before it was found",
        ({ emulator }: Story, id: string) =>
          emulator.portal.edit("Assistant", id, { greeting: "Theirs.", instructions: "Theirs." }),
      ],
      [
        "if somebody else created an object with its name",
        ({ emulator }: Story) => void emulator.portal.create("Assistant", THEIRS),
      ],
    ])("is shown %s", async (__, edit) => {
      const told = await unanswered(front("front"));
      const id = told.idOf("Assistant", "Front");
      await observe(told);
      edit(told, id);
      await isShown(told, id);
    });

    test("is shown when the lists have it", async () => {
      const told = await unlisted(front("front"));
      const id = told.idOf("Assistant", "Front");
      await observe(told);
      await told.ends(0, ...APPLY);
      told.emulator.lag();
      await isShown(told, id);
    });
  },
);

test.each([
  ["is no longer declared", []],
  [
    "is declared with another name",
    [version("trial", "front", { greeting: "two" }), version("spare", "front", { greeting: "two" })],
  ],
])(
  "a version without a response that was edited before it was found, and that %s, is reported as in doubt, and stays",
  async (_, [renamed, ...others]) => {
    const told = await story();
    await told.declare(assistant("front"), version("trial", "front"));
    await told.killed({ side: "after", ...BODY }, ...APPLY);
    const id = told.idOf("AssistantVersion", "trial");
    told.emulator.portal.edit("AssistantVersion", id, { greeting: "Theirs." });
    const next = renamed && { ...renamed, spec: { ...renamed.spec, version_name: "next" } };
    await told.declare(assistant("front"), ...(next === undefined ? [] : [next]), ...others);
    const { stderr } = await told.ends(0, ...PRUNE);
    expect(stderr).toContain(
      `AssistantVersion/trial: in doubt: ${id} has its name, but not its values or its time; if the run created it, delete it`,
    );
    expect(at(told.one("AssistantVersion", "trial"), "greeting")).toBe("Theirs.");
    await isInOrder(told);
  },
);

describe("a version gets another assistant, and the run is killed after the new version is made", () => {
  async function killedSuccessor() {
    const told = await story();
    await told.declare(assistant("front"), assistant("back"), version("warm", "front"));
    await told.ends(0, ...APPLY);
    await told.declare(assistant("front"), assistant("back"), version("warm", "back"));
    await told.killed({ side: "after", ...BODY }, ...APPLY);
    const parent = told.idOf("Assistant", "back");
    const made = told.all("AssistantVersion", "warm").filter(({ id }) => id.startsWith(parent));
    expect(made).toHaveLength(1);
    return { told, made: made[0]?.id ?? "" };
  }

  test("it is found, and the old one is deleted", async () => {
    const { told, made } = await killedSuccessor();
    await comesInOrder(told);
    expect(told.all("AssistantVersion", "warm").map(({ id }) => id)).toEqual([made]);
  });

  test("an edit of it is shown by a plan before it is overwritten, and the old one is deleted", async () => {
    const { told, made } = await killedSuccessor();
    told.emulator.portal.edit("AssistantVersion", made, { greeting: "Theirs." });
    expect((await told.ends(3, ...APPLY)).stdout).toContain("it has been changed since");
    expect((await told.ends(0, "plan")).stdout).toContain("Theirs.");
    await comesInOrder(told);
    expect(told.all("AssistantVersion", "warm").map(({ id }) => id)).toEqual([made]);
  });
});
