import { expect, test } from "vitest";
import { APPLY, CREATION } from "./edits.ts";
import { assistant, ref, tool } from "./manifests.ts";
import { comesInOrder } from "./order.ts";
import { story } from "./story.ts";

const MANIFESTS = [assistant("front", { tool_ids: [ref("Tool/made")] }), tool("made"), tool("other")];

test("destroy after a killed creation deletes the created object and its key", async () => {
  const told = await story();
  await told.declare(tool("other"));
  await told.ends(0, ...APPLY);
  await told.declare(...MANIFESTS);
  await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
  await told.ends(0, "destroy", "--yes");
  expect(["Assistant", "Tool"].flatMap((kind) => told.all(kind as "Tool"))).toEqual([]);
  const { stderr } = await told.ends(0, "destroy", "--yes");
  expect(stderr).not.toContain("did not finish");
  await comesInOrder(told);
});

test("destroy of a killed creation that the API does not delete writes nothing, and says so", async () => {
  const told = await story();
  await told.declare(assistant("front", { tags: ["one"] }));
  await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
  const before = told.all("Assistant");
  const fault = { kind: "status", status: 400, code: "10015" } as const;
  told.emulator.inject({ match: { method: "DELETE" }, fault });
  await told.ends(1, "destroy", "--yes");
  expect(told.all("Assistant")).toEqual(before);
});
