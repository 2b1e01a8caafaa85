import { expect, test } from "vitest";
import { ADDED_TAG, APPLY, BODY } from "./edits.ts";
import { assistant, type Manifest, ref, tool } from "./manifests.ts";
import { at, callsNothingForeign, comesInOrder, planned } from "./order.ts";
import { story, type Story } from "./story.ts";

const PRUNE = ["apply", "--yes", "--prune", "--allow-mass-change"] as const;
const OTHER = tool("other");

/** The same assistant under another address. */
function renamed(spec: Manifest["spec"], lifecycle?: Manifest["lifecycle"]): Manifest {
  return { ...assistant("front", spec, lifecycle), metadata: { name: "desk" } };
}

/** A run is killed when the body of an assistant is written and its tag is not. */
async function cutOff(): Promise<Story> {
  const told = await story();
  await told.declare(assistant("front", { greeting: "one" }), OTHER);
  await told.ends(0, ...APPLY);
  await told.declare(assistant("front", { greeting: "two", tags: ["new"] }), OTHER);
  await told.killed({ side: "before", ...ADDED_TAG }, ...APPLY);
  return told;
}

async function hasOneAddress(told: Story): Promise<void> {
  const { stdout } = await told.ends(0, "ledger", "list");
  expect(stdout.match(/^Assistant\/\S+/gm)).toEqual(["Assistant/desk"]);
}

test.each(["two", "three"])(
  "an object that movedFrom moves after a kill has one entry, and is kept: %s",
  async (greeting) => {
    const told = await cutOff();
    const id = told.idOf("Assistant", "front");
    await told.declare(renamed({ greeting }, { movedFrom: ["Assistant/front"] }), OTHER);
    await callsNothingForeign(told);
    await told.ends(0, ...APPLY);
    await told.ends(0, ...APPLY);
    await hasOneAddress(told);
    await told.ends(0, ...PRUNE);
    expect(told.idOf("Assistant", "front")).toBe(id);
    await comesInOrder(told);
  },
);

test("a killed move leaves one entry", async () => {
  const told = await cutOff();
  await told.declare(renamed({ greeting: "three", tags: ["x"] }, { movedFrom: ["Assistant/front"] }), OTHER);
  await told.killed({ side: "after", ...BODY }, ...APPLY);
  await told.declare(renamed({ greeting: "four" }, { movedFrom: ["Assistant/front"] }), OTHER);
  await callsNothingForeign(told);
  await told.ends(0, ...APPLY);
  await told.ends(0, ...APPLY);
  await hasOneAddress(told);
  await comesInOrder(told);
});

test("ledger move after a kill: values of the run are managed at the new address", async () => {
  const told = await cutOff();
  const id = told.idOf("Assistant", "front");
  await told.ends(0, "ledger", "move", "Assistant/front", "Assistant/desk");
  await told.declare(renamed({ greeting: "three" }), OTHER);
  await callsNothingForeign(told);
  await told.ends(0, ...PRUNE);
  await hasOneAddress(told);
  expect(told.idOf("Assistant", "front")).toBe(id);
  await comesInOrder(told);
});

test("ledger move after a kill: a reference of the run is managed, and reverted", async () => {
  const told = await story();
  const others = [ref("Tool/other")];
  await told.declare(assistant("front", { tool_ids: others }), OTHER);
  await told.ends(0, ...APPLY);
  await told.declare(assistant("front", { tool_ids: [...others, ref("Tool/ticket")] }), OTHER, tool("ticket"));
  await told.killed({ side: "after", ...BODY }, ...APPLY);
  await told.ends(0, "ledger", "move", "Tool/ticket", "Tool/note");
  const note = { ...tool("ticket"), metadata: { name: "note" } };
  await told.declare(assistant("front", { tool_ids: others }), OTHER, note);
  await callsNothingForeign(told);
  await comesInOrder(told);
});

test("ledger forget after a kill: the object is kept, and not pruned", async () => {
  const told = await cutOff();
  const id = told.idOf("Assistant", "front");
  await told.ends(0, "ledger", "forget", "Assistant/front");
  await told.declare(OTHER);
  expect((await planned(told, "--prune")).changes.map(({ address }) => address)).not.toContain(
    "Assistant/front",
  );
  await told.ends(0, ...PRUNE);
  expect(told.idOf("Assistant", "front")).toBe(id);
  expect(at(told.one("Assistant", "front"), "greeting")).toBe("two");
});
