import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { APPLY, BODY } from "./edits.ts";
import { assistant, type Manifest, tool } from "./manifests.ts";
import { at, comesInOrder } from "./order.ts";
import { type Moment, story, type Story } from "./story.ts";

const PRUNE = ["apply", "--yes", "--prune", "--allow-mass-change"] as const;
const BEFORE = [assistant("front", { greeting: "one" }), tool("other")];

/**
 * A run is killed, and its log stays where it ran. Others, who have the ledger file without it, go on, and then their
 * file comes here.
 */
async function goesOnElsewhere(killedAt: Moment, manifests: readonly Manifest[], runs: number): Promise<Story> {
  const told = await story();
  const [file, log, copy] = ["default.json", "default.log.jsonl", "copy.json"].map((name) =>
    join(told.folder, ".rollcall", name),
  ) as [string, string, string];
  await told.declare(...BEFORE);
  await told.ends(0, ...APPLY);
  copyFileSync(file, copy);
  await told.declare(...manifests);
  await told.killed(killedAt, ...APPLY);
  const left = readFileSync(log);
  rmSync(log);
  copyFileSync(copy, file);
  for (let run = 0; run < runs; run += 1) {
    await told.declare(
      assistant("front", { greeting: "one" }),
      tool("other", { url: `https://${run}.example` }),
    );
    await told.ends(0, ...APPLY);
  }
  writeFileSync(log, left);
  return told;
}

test.each([1, 3])(
  "a write of a killed run is reverted after %i runs on another copy of the ledger",
  async (runs) => {
    const told = await goesOnElsewhere(
      { side: "after", ...BODY },
      [assistant("front", { greeting: "one", dynamic_variables: { left: "over" } }), tool("other")],
      runs,
    );
    await comesInOrder(told);
    expect(at(told.one("Assistant", "front"), "dynamic_variables")).not.toMatchObject({ left: "over" });
  },
);

test("an object of a killed run is known after runs on another copy of the ledger, and --prune deletes it", async () => {
  const manifests = [
    assistant("front", { greeting: "one", description: "Last." }),
    tool("other"),
    tool("made"),
  ];
  const told = await goesOnElsewhere({ side: "after", method: "POST", path: /^\/ai\/tools$/ }, manifests, 4);
  await told.ends(0, ...PRUNE);
  await told.ends(0, ...PRUNE);
  expect(told.all("Tool", "made")).toEqual([]);
  await comesInOrder(told);
});
