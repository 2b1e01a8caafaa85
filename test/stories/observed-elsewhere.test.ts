import { describe, expect, test } from "vitest";
import { APPLY } from "./edits.ts";
import { assistant, canary, type Manifest, version } from "./manifests.ts";
import { planned } from "./order.ts";
import { story, type Story } from "./story.ts";

const PRUNE = [...APPLY, "--prune", "--allow-mass-change"] as const;
const OBSERVE = { observe: true };

/** These are applied, and then those are declared. */
async function after(applied: readonly Manifest[], declared: readonly Manifest[]): Promise<Story> {
  const told = await story();
  await told.declare(...applied);
  await told.ends(0, ...APPLY);
  await told.declare(...declared);
  return told;
}

/** The write is refused, and nothing is written. */
async function isRefused(told: Story, address: string, args: readonly string[] = APPLY): Promise<void> {
  const { refusals } = await planned(
    told,
    ...args.filter((arg) => arg === "--prune" || arg.startsWith("--target")),
  );
  expect(refusals).toMatchObject([{ rule: "observed", address }]);
  told.emulator.clearRequests();
  await told.ends(4, ...args);
  expect(told.emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
}

describe("an object with the name of an observed manifest is at another address of the ledger", () => {
  const seen = assistant("seen", { name: "front" }, OBSERVE);

  test("and is not renamed", async () => {
    const told = await after([assistant("front")], [assistant("front", { name: "new" }), seen]);
    await isRefused(told, "Assistant/front");
    await isRefused(told, "Assistant/front", [...APPLY, "--target=Assistant/front"]);
    await told.ends(0, "ledger", "move", "Assistant/front", "Assistant/seen");
    await told.ends(0, ...APPLY);
    expect(
      told
        .all("Assistant")
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["front", "new"]);
  });

  test("and is not deleted by --prune", async () => {
    const told = await after([assistant("front"), assistant("other")], [assistant("other"), seen]);
    await isRefused(told, "Assistant/front", PRUNE);
  });

  test.each([
    ["left the manifests", [seen]],
    ["has another name now", [assistant("front", { name: "new" }), seen]],
  ])("and is not deleted by destroy if its manifest %s", async (_, declared) => {
    const told = await after([assistant("front")], declared);
    told.emulator.clearRequests();
    await told.ends(4, "destroy", "--yes");
    expect(told.emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

test("a canary that serves an observed version of another assistant is not created", async () => {
  const assistants = [assistant("front"), assistant("other")];
  const share = canary("share", "other", "trial");
  const told = await after(
    [...assistants, version("trial", "front"), canary("share", "front", "trial")],
    [...assistants, version("trial", "other", undefined, OBSERVE), share],
  );
  await isRefused(told, "CanaryDeploy/share");
  await isRefused(told, "CanaryDeploy/share", [...APPLY, "--target=CanaryDeploy/share"]);
  await told.declare(...assistants, version("trial", "front", undefined, OBSERVE), share);
  await told.ends(1, "validate");
  await told.declare(...assistants, version("trial", "other"), share);
  await told.ends(0, ...APPLY);
  expect(told.all("CanaryDeploy").map(({ id }) => id)).toEqual([told.idOf("Assistant", "other")]);
});

test("a version under an observed assistant is not deleted if its manifest gets another parent", async () => {
  const other = assistant("other");
  const told = await after(
    [assistant("front"), other, version("trial", "front")],
    [assistant("front", {}, OBSERVE), other, version("trial", "other")],
  );
  await isRefused(told, "AssistantVersion/trial");
  await isRefused(told, "AssistantVersion/trial", [...APPLY, "--target=AssistantVersion/trial"]);
  await told.ends(0, "ledger", "forget", "AssistantVersion/trial");
  await told.ends(0, ...APPLY);
  expect(told.all("AssistantVersion")).toHaveLength(2);
});
