import { describe, test } from "vitest";
import { ADDED_TAG, APPLY, BODY, CREATION } from "./edits.ts";
import { assistant, canary, type Manifest, ref, tool, version } from "./manifests.ts";
import { isInOrder } from "./order.ts";
import { type Moment, story, type Story } from "./story.ts";

const FIRST: readonly Manifest[] = [assistant("front", { greeting: "one", tags: ["old"] }), tool("t")];
const SECOND: readonly Manifest[] = [
  assistant("front", { greeting: "two", tags: ["new", "old"], tool_ids: [ref("Tool/t")] }),
  tool("t", { url: "https://tools.example/two" }),
  tool("u"),
  version("v", "front"),
  canary("c", "front", "v"),
];

const MOMENTS: readonly (readonly [string, Moment])[] = [
  ["before its first write", { side: "before", writes: true }],
  ["after its first write", { side: "after", writes: true }],
  ["after a creation", { side: "after", ...CREATION.Tool }],
  ["before a creation", { side: "before", ...CREATION.Tool }],
  ["between a body and its tags", { side: "before", ...ADDED_TAG }],
  ["after an update", { side: "after", ...BODY }],
  ["before its last write", { side: "before", ...CREATION.CanaryDeploy }],
  ["after its last write", { side: "after", ...CREATION.CanaryDeploy }],
];

async function cutOff(moment: Moment): Promise<Story> {
  const told = await story();
  await told.declare(...FIRST);
  await told.ends(0, ...APPLY);
  await told.declare(...SECOND);
  await told.killed(moment, ...APPLY);
  return told;
}

describe.each(MOMENTS)("a plan that is saved after a run was killed %s", (_, moment) => {
  test("is applied if nothing has changed", async () => {
    const told = await cutOff(moment);
    await told.ends(0, "plan", "--out", "plan.json");
    await told.ends(0, "apply", "plan.json", "--parallelism=1");
    await isInOrder(told);
  });

  test("is applied after commands that only read", async () => {
    const told = await cutOff(moment);
    await told.ends(0, "plan", "--out", "plan.json");
    await told.run("drift");
    await told.ends(0, "validate");
    await told.ends(0, "plan");
    await told.ends(0, "apply", "plan.json");
    await isInOrder(told);
  });
});

test("a plan that is saved after a failed run is applied if nothing has changed", async () => {
  const told = await story();
  await told.declare(...FIRST);
  await told.ends(0, ...APPLY);
  await told.declare(...SECOND);
  told.emulator.inject({ match: BODY, times: "always", fault: { kind: "drop-field", field: "greeting" } });
  await told.ends(3, ...APPLY);
  told.emulator.clearFaults();
  await told.ends(0, "plan", "--out", "plan.json");
  await told.ends(0, "apply", "plan.json");
  await isInOrder(told);
});

test("a plan with --prune that is saved after a killed prune is applied if nothing has changed", async () => {
  const told = await story();
  await told.declare(...FIRST, tool("one"), tool("two"));
  await told.ends(0, ...APPLY);
  await told.declare(...FIRST);
  const prune = ["--prune", "--allow-mass-change"];
  await told.killed({ side: "after", method: "DELETE" }, ...APPLY, ...prune);
  await told.ends(0, "plan", "--out", "plan.json", ...prune);
  await told.ends(0, "apply", "plan.json");
  await isInOrder(told);
});

test("a plan that is saved before the write of a killed run is refused", async () => {
  const told = await story();
  await told.declare(...FIRST);
  await told.ends(0, ...APPLY);
  await told.declare(...SECOND);
  await told.ends(0, "plan", "--out", "plan.json");
  await told.killed({ side: "after", ...BODY }, ...APPLY);
  await told.ends(4, "apply", "plan.json");
});

test("a killed apply of a saved plan is finished by an apply", async () => {
  const told = await story();
  await told.declare(...FIRST);
  await told.ends(0, ...APPLY);
  await told.declare(...SECOND);
  await told.ends(0, "plan", "--out", "plan.json");
  await told.killed({ side: "before", ...ADDED_TAG }, "apply", "plan.json", "--parallelism=1");
  await told.ends(0, ...APPLY);
  await isInOrder(told);
});
