import { expect, test } from "vitest";
import { APPLY, BODY } from "./edits.ts";
import { assistant } from "./manifests.ts";
import { story } from "./story.ts";

test.each([
  ["changes a field", "ours", "new"],
  ["restores a foreign edit", "theirs", "ours"],
])("a run that is killed after a write and %s leaves no drift", async (_, live, declared) => {
  const told = await story();
  await told.declare(assistant("front", { greeting: "ours" }));
  await told.ends(0, ...APPLY);
  if (live !== "ours")
    told.emulator.portal.edit("Assistant", told.all("Assistant")[0]?.id ?? "", { greeting: live });
  await told.declare(assistant("front", { greeting: declared }));
  await told.killed({ ...BODY, side: "after" }, ...APPLY);
  const { stdout } = await told.ends(0, "drift");
  expect(stdout).toContain("No drift.");
  await told.ends(0, ...APPLY);
  expect((await told.ends(0, "drift")).stdout).toContain("No drift.");
});
