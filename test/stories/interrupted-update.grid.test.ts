import { describe, expect } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { everyNth } from "../grid.ts";
import { ADDED_TAG, APPLY, BODY, EDITS, REMOVED_TAG } from "./edits.ts";
import { assistant, canary, tool, version } from "./manifests.ts";
import { at, callsNothingForeign, comesInOrder, isInOrder, planned } from "./order.ts";
import { story, type Story } from "./story.ts";

const test = everyNth(5);

const tagsOf = (told: Story) => [...((at(told.one("Assistant", "front"), "tags") ?? []) as string[])].sort();

describe.each(EDITS)("a run that was killed after it wrote $field", ({ manifests, write }) => {
  const killed = { side: "after", ...write } as const;

  test("is no conflict with another edit of the same field", async () => {
    const told = await story();
    await told.declare(...manifests("one"));
    await told.ends(0, ...APPLY);
    await told.declare(...manifests("two"));
    await told.killed(killed, ...APPLY);
    await told.declare(...manifests("three"));
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("is reverted when the edit is reverted", async () => {
    const told = await story();
    await told.declare(...manifests("one"));
    await told.ends(0, ...APPLY);
    await told.declare(...manifests("two"));
    await told.killed(killed, ...APPLY);
    await told.declare(...manifests("one"));
    await callsNothingForeign(told);
    await told.ends(2, "plan", "--detailed-exitcode");
    await comesInOrder(told);
  });

  test("and a second killed run with another edit are both reverted", async () => {
    const told = await story();
    await told.declare(...manifests("one"));
    await told.ends(0, ...APPLY);
    await told.declare(...manifests("two"));
    await told.killed(killed, ...APPLY);
    await told.declare(...manifests("three"));
    await told.killed(killed, ...APPLY);
    await callsNothingForeign(told);
    await told.declare(...manifests("one"));
    await callsNothingForeign(told);
    await comesInOrder(told);
  });
});

/** Greeting and tag change in one run, which is killed between the two. */
async function killedBetweenBodyAndTag(more: JsonObject = {}): Promise<Story> {
  const told = await story();
  await told.declare(assistant("front", { greeting: "one", tags: ["old"] }), tool("other"));
  await told.ends(0, ...APPLY);
  await told.declare(assistant("front", { greeting: "two", tags: ["old", "new"], ...more }), tool("other"));
  await told.killed({ side: "before", ...ADDED_TAG }, ...APPLY);
  return told;
}

describe("a run that was killed between the body of an assistant and its tags", () => {
  test("is finished by the same apply", async () => {
    const told = await killedBetweenBodyAndTag();
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("is no conflict with another edit of the body", async () => {
    const told = await killedBetweenBodyAndTag();
    await told.declare(assistant("front", { greeting: "three", tags: ["old", "new"] }), tool("other"));
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("is reverted by a revert", async () => {
    const told = await killedBetweenBodyAndTag();
    await told.declare(assistant("front", { greeting: "one", tags: ["old"] }), tool("other"));
    await callsNothingForeign(told);
    await told.ends(2, "plan", "--detailed-exitcode");
    await comesInOrder(told);
  });

  test("is cleared when the written field is no longer declared", async () => {
    const told = await killedBetweenBodyAndTag();
    await told.declare(assistant("front", { tags: ["old"] }), tool("other"));
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(at(told.one("Assistant", "front"), "greeting")).not.toBe("two");
  });

  test("reports a field that only it declared, if the API cannot clear it", async () => {
    const told = await killedBetweenBodyAndTag({ description: "Ours." });
    await told.declare(assistant("front", { greeting: "one", tags: ["old"] }), tool("other"));
    const plan = await callsNothingForeign(told);
    expect(plan.changes.flatMap(({ changes }) => changes.map(({ path }) => path))).toContain("/description");
    await comesInOrder(told);
  });

  test("is reverted for a field that only it declared", async () => {
    const told = await killedBetweenBodyAndTag({ dynamic_variables: { ours: "yes" } });
    await told.declare(assistant("front", { greeting: "one", tags: ["old"] }), tool("other"));
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(at(told.one("Assistant", "front"), "dynamic_variables", "ours")).toBeUndefined();
  });

  test.each([
    [["plan"]],
    [["drift"]],
    [["validate"]],
    [["plan", "--target", "Tool/other"]],
    [["apply", "--yes", "--target", "Tool/other"]],
  ])("is no conflict with another edit after %j", async (between) => {
    const told = await killedBetweenBodyAndTag();
    await told.ends(0, ...between);
    await told.declare(assistant("front", { greeting: "three", tags: ["old", "new"] }), tool("other"));
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("is no conflict after an apply that changes something else", async () => {
    const told = await killedBetweenBodyAndTag();
    const url = "https://tools.example/two";
    await told.declare(assistant("front", { greeting: "two", tags: ["old", "new"] }), tool("other", { url }));
    await told.ends(0, "apply", "--yes", "--target", "Tool/other");
    await told.declare(assistant("front", { greeting: "one", tags: ["old"] }), tool("other", { url }));
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("is reverted after a refused plan", async () => {
    const told = await killedBetweenBodyAndTag();
    const { id } = told.one("Assistant", "front") ?? { id: "" };
    told.emulator.portal.edit("Assistant", id, { instructions: "Theirs." });
    await told.declare(
      assistant("front", { greeting: "one", tags: ["old"], instructions: "Ours." }),
      tool("other"),
    );
    await told.ends(4, ...APPLY);
    const plan = await planned(told);
    expect(plan.changes.flatMap(({ changes }) => changes).filter((one) => one.class === "conflict")).toEqual([
      expect.objectContaining({ path: "/instructions" }),
    ]);
    await told.ends(0, "apply", "--yes", "--on-conflict=overwrite");
    await isInOrder(told);
  });

  test("leaves a portal edit of the same field a conflict", async () => {
    const told = await killedBetweenBodyAndTag();
    told.emulator.portal.edit("Assistant", told.idOf("Assistant", "front"), { greeting: "theirs" });
    await told.declare(assistant("front", { greeting: "three", tags: ["old", "new"] }), tool("other"));
    await told.ends(4, ...APPLY);
    expect(at(told.one("Assistant", "front"), "greeting")).toBe("theirs");
  });

  test("shows only a portal edit of another declared field as drift", async () => {
    const told = await killedBetweenBodyAndTag();
    told.emulator.portal.edit("Assistant", told.idOf("Assistant", "front"), { instructions: "Theirs." });
    const plan = await planned(told);
    const classes = plan.changes.flatMap(({ changes }) => changes).map((one) => [one.path, one.class]);
    expect(classes).toContainEqual(["/instructions", "drift"]);
    expect(classes.filter(([path]) => path === "/greeting")).toEqual([]);
    await comesInOrder(told);
  });
});

describe("tags of an assistant", () => {
  const SHRINKING = [
    ["all of them by an empty list", ["one", "two"], [], []],
    ["all of them by no list", ["one", "two"], undefined, []],
    ["some of them", ["one", "two", "three"], ["three"], ["three"]],
  ] as const;
  const front = (tags: readonly string[] | undefined) => assistant("front", tags === undefined ? {} : { tags });

  test.each(SHRINKING)("a run that removes %s is killed in the middle", async (_, before, after, left) => {
    const told = await story();
    await told.declare(front(before));
    await told.ends(0, ...APPLY);
    await told.declare(front(after));
    await told.killed({ side: "after", ...REMOVED_TAG }, ...APPLY);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(tagsOf(told)).toEqual([...left]);
  });

  test.each(SHRINKING)("a run that removes %s is killed halfway and reverted", async (_, before, after) => {
    const told = await story();
    await told.declare(front(before));
    await told.ends(0, ...APPLY);
    await told.declare(front(after));
    await told.killed({ side: "after", ...REMOVED_TAG }, ...APPLY);
    await told.declare(front(before));
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(tagsOf(told)).toEqual([...before].sort());
  });

  test("of other people are kept when the removal of a killed run is finished", async () => {
    const told = await story();
    await told.declare(front(["one", "two"]));
    await told.ends(0, ...APPLY);
    const id = told.idOf("Assistant", "front");
    told.emulator.portal.edit("Assistant", id, { tags: ["one", "theirs", "two"] }, { version: "same" });
    await told.declare(front([]));
    await told.killed({ side: "after", ...REMOVED_TAG }, ...APPLY);
    await comesInOrder(told);
    expect(tagsOf(told)).toEqual(["theirs"]);
  });

  test("that a killed run added are removed with the edit", async () => {
    const told = await story();
    await told.declare(front(["old"]));
    await told.ends(0, ...APPLY);
    await told.declare(front(["new", "old"]));
    await told.killed({ side: "after", ...ADDED_TAG }, ...APPLY);
    await told.declare(front(["old"]));
    await told.ends(2, "plan", "--detailed-exitcode");
    await comesInOrder(told);
    expect(tagsOf(told)).toEqual(["old"]);
  });

  test("that a killed run added are removed when the list is no longer declared", async () => {
    const told = await story();
    await told.declare(front(undefined));
    await told.ends(0, ...APPLY);
    const id = told.idOf("Assistant", "front");
    told.emulator.portal.edit("Assistant", id, { tags: ["theirs"] }, { version: "same" });
    await told.declare(front(["new"]));
    await told.killed({ side: "after", ...ADDED_TAG }, ...APPLY);
    await told.declare(front(undefined));
    await comesInOrder(told);
    expect(tagsOf(told)).toEqual(["theirs"]);
  });

  test("of other people are kept beside those of a killed run", async () => {
    const told = await story();
    await told.declare(front(["old"]));
    await told.ends(0, ...APPLY);
    await told.declare(front(["new", "newer", "old"]));
    await told.killed({ side: "after", ...ADDED_TAG }, ...APPLY);
    const id = told.idOf("Assistant", "front");
    told.emulator.portal.edit("Assistant", id, { tags: [...tagsOf(told), "theirs"] }, { version: "same" });
    await told.declare(front(["old"]));
    await comesInOrder(told);
    expect(tagsOf(told)).toEqual(["old", "theirs"]);
  });

  test("that two killed runs added are removed", async () => {
    const told = await story();
    await told.declare(front(["old"]));
    await told.ends(0, ...APPLY);
    await told.declare(front(["new", "newer", "old"]));
    await told.killed({ side: "after", ...ADDED_TAG }, ...APPLY);
    await told.killed({ side: "after", ...ADDED_TAG }, ...APPLY);
    await told.declare(front(["old"]));
    await comesInOrder(told);
    expect(tagsOf(told)).toEqual(["old"]);
  });
});

describe("a run that was killed after its write ended its own canary", () => {
  const trial = (greeting: string, weight = 10) => [
    assistant("front", { greeting }),
    version("trial", "front"),
    canary("share", "front", "trial", weight),
  ];

  async function ended(): Promise<Story> {
    const told = await story();
    await told.declare(...trial("one"));
    await told.ends(0, ...APPLY);
    await told.declare(...trial("two"));
    await told.killed({ side: "after", ...BODY }, ...APPLY);
    expect(told.all("CanaryDeploy")).toEqual([]);
    return told;
  }

  test("is no drift, and the canary is restored", async () => {
    const told = await ended();
    await callsNothingForeign(told);
    await told.ends(0, "drift");
    await comesInOrder(told);
    expect(told.all("CanaryDeploy")).toHaveLength(1);
  });

  test.each([
    ["the edit is reverted", trial("one")],
    ["the canary is edited, too", trial("two", 20)],
    ["the edit is reverted and the canary edited", trial("one", 20)],
    ["the canary is removed from the manifests", trial("two").slice(0, 2)],
  ])("is no drift when %s", async (_, manifests) => {
    const told = await ended();
    await told.declare(...manifests);
    await callsNothingForeign(told);
    await comesInOrder(told);
  });
});
