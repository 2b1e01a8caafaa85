import { beforeAll, expect } from "vitest";
import { builtProgram, type Program } from "../resilience/program.ts";
import { everyNth } from "../grid.ts";
import { ADDED_TAG, APPLY, BODY, CREATION } from "./edits.ts";
import { assistant, tool } from "./manifests.ts";
import { callsNothingForeign, comesInOrder } from "./order.ts";
import { type Moment, story, type Story } from "./story.ts";

const test = everyNth(3);

let program: Program;
beforeAll(async () => {
  program = await builtProgram();
});

/** A process of its own, ended by the system while this request waits for its answer. */
async function killed(told: Story, { side, ...match }: Moment, ...args: readonly string[]): Promise<void> {
  const fault = { kind: side === "before" ? "timeout-before" : "timeout-after" } as const;
  const struck = new Promise<void>((resolve) => told.emulator.inject({ match, fault, onStrike: resolve }));
  const { child, ended } = program.start(told.folder, args, { env: told.env });
  await Promise.race([struck, ended]);
  // What takes effect does so right after the strike.
  await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGKILL");
  expect((await ended).signal).toBe("SIGKILL");
  told.clock.pass(120_000);
}

const STORIES = [
  ["after the body of an assistant, before its tags", { side: "before", ...ADDED_TAG }],
  ["after a creation", { side: "after", ...CREATION.Tool }],
  ["after a tag", { side: "after", ...ADDED_TAG }],
  ["before anything", { side: "before", ...BODY }],
] as const;

test.each(STORIES)("a process that is killed %s is no conflict with a revert", async (_, at) => {
  const told = await story();
  await told.declare(assistant("front", { greeting: "one", tags: ["old"] }), tool("other"));
  await told.ends(0, ...APPLY);
  const after = assistant("front", { greeting: "two", tags: ["new", "old"] });
  await told.declare(after, tool("other"), tool("made"));
  await killed(told, at, ...APPLY);
  await told.declare(assistant("front", { greeting: "one", tags: ["old"] }), tool("other"));
  await callsNothingForeign(told);
  await told.ends(0, ...APPLY, "--prune", "--allow-mass-change");
  // What is found by its name alone is not deleted by the run that finds it.
  await told.ends(0, ...APPLY, "--prune", "--allow-mass-change");
  await comesInOrder(told);
  expect(told.all("Tool", "made")).toEqual([]);
});

test.each(STORIES)("a process that is killed %s is no conflict with a further edit", async (_, at) => {
  const told = await story();
  await told.declare(assistant("front", { greeting: "one", tags: ["old"] }), tool("other"));
  await told.ends(0, ...APPLY);
  await told.declare(
    assistant("front", { greeting: "two", tags: ["new", "old"] }),
    tool("other"),
    tool("made"),
  );
  await killed(told, at, ...APPLY);
  await told.declare(
    assistant("front", { greeting: "three", tags: ["newer", "old"] }),
    tool("other"),
    tool("made", { url: "https://tools.example/two" }),
  );
  await callsNothingForeign(told);
  await comesInOrder(told);
  expect(told.all("Tool", "made")).toHaveLength(1);
});
