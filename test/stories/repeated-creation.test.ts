import { describe, expect, test } from "vitest";
import { APPLY, BODY, CREATION } from "./edits.ts";
import { assistant, type Kind, type Manifest, server, tool, version } from "./manifests.ts";
import { callsNothingForeign, comesInOrder, isInOrder, planned } from "./order.ts";
import { story, type Story } from "./story.ts";

const LATE_LISTS = { milliseconds: 300_000, onlyLists: true };
/** Longer than a run waits for a creation without a key. */
const WAITED = 20_000;

const FRONT = assistant("front");
const VERSION = version("wanted", "front");

async function withFront(): Promise<Story> {
  const told = await story();
  await told.declare(FRONT);
  await told.ends(0, ...APPLY);
  // The version is much younger than its assistant.
  told.clock.pass(86_400_000);
  told.emulator.lag(LATE_LISTS);
  return told;
}

/** A run is killed after it sent the creation, and the next one sends one again, because no list shows the object. */
async function madeTwice(again: Manifest = VERSION, first: Manifest = VERSION): Promise<Story> {
  const told = await withFront();
  await told.declare(FRONT, first);
  await told.killed({ side: "after", ...BODY }, ...APPLY);
  told.clock.pass(WAITED);
  await told.declare(FRONT, again);
  await told.ends(0, ...APPLY);
  expect(told.all("AssistantVersion")).toHaveLength(2);
  return told;
}

async function idIn(told: Story, address: string): Promise<string> {
  const { stdout } = await told.ends(0, "ledger", "show", address);
  return (JSON.parse(stdout) as { readonly id: string }).id;
}

/** Of the objects of a kind, one is in the ledger. The plan shows that the others are deleted, and an apply does it. */
async function othersAreTakenBack(told: Story, kind: Kind, address = `${kind}/wanted`): Promise<void> {
  told.emulator.lag();
  const own = await idIn(told, address);
  const others = told.all(kind).flatMap(({ id }) => (id === own ? [] : [id]));
  const plan = await callsNothingForeign(told);
  const deleted = plan.changes.filter(({ action }) => action === "delete").map(({ id }) => id);
  expect(deleted.toSorted()).toEqual(others.toSorted());
  await comesInOrder(told);
  expect(told.all(kind).map(({ id }) => id)).toEqual([own]);
}

describe("a version that was created twice, because no list showed it: one of them is deleted", () => {
  test("by two runs", async () => {
    await othersAreTakenBack(await madeTwice(), "AssistantVersion");
  });

  test("by one run, three times", async () => {
    const told = await withFront();
    await told.declare(FRONT, VERSION);
    told.emulator.inject({ match: BODY, times: 2, fault: { kind: "reset-after" } });
    await told.ends(0, ...APPLY);
    expect(told.all("AssistantVersion")).toHaveLength(3);
    await othersAreTakenBack(told, "AssistantVersion");
  });

  test("by two runs, with other values", async () => {
    const told = await madeTwice(version("wanted", "front", { greeting: "Changed." }));
    await othersAreTakenBack(told, "AssistantVersion");
  });

  test("by two runs, with an integer that no double can hold", async () => {
    const big = { dynamic_variables: { account: 12_345_678_901_234_567_890n } };
    await othersAreTakenBack(
      await madeTwice(version("wanted", "front", big), version("wanted", "front", big)),
      "AssistantVersion",
    );
  });

  test("by two runs, with another name", async () => {
    const told = await madeTwice({ ...version("other", "front"), metadata: { name: "wanted" } });
    await othersAreTakenBack(told, "AssistantVersion");
  });

  test("by two runs, the second one was killed as well", async () => {
    const told = await withFront();
    await told.declare(FRONT, VERSION);
    await told.killed({ side: "after", ...BODY }, ...APPLY);
    told.clock.pass(WAITED);
    await told.killed({ side: "after", ...BODY }, ...APPLY);
    expect(told.all("AssistantVersion")).toHaveLength(2);
    told.emulator.lag();
    await callsNothingForeign(told);
    await told.ends(0, ...APPLY);
    await comesInOrder(told);
    expect(told.all("AssistantVersion")).toHaveLength(1);
  });

  test("by two runs, and destroyed", async () => {
    const told = await madeTwice();
    await told.ends(0, "destroy", "--yes", "--target", "AssistantVersion/wanted");
    await told.declare(FRONT);
    told.emulator.lag();
    await comesInOrder(told);
    expect(told.all("AssistantVersion")).toEqual([]);
  });

  test("by two runs, and the other one is deleted in the portal", async () => {
    const told = await madeTwice();
    told.emulator.portal.delete("AssistantVersion", await idIn(told, "AssistantVersion/wanted"));
    told.emulator.lag();
    await comesInOrder(told);
    expect(told.all("AssistantVersion")).toHaveLength(1);
  });

  test("by two runs, and found hours later", async () => {
    const told = await madeTwice();
    told.clock.pass(10 * 3_600_000);
    await othersAreTakenBack(told, "AssistantVersion");
  });
});

describe("a version that lists show seconds after its run was killed is created once", () => {
  const SECONDS = { milliseconds: 30_000, onlyLists: true };

  test("also if that run began long before it", async () => {
    const told = await withFront();
    told.emulator.lag(SECONDS);
    await told.declare(FRONT, VERSION);
    await told.killed({ side: "after", ...BODY }, ...APPLY);
    told.clock.pass(WAITED);
    await told.ends(0, ...APPLY);
    expect(told.all("AssistantVersion")).toHaveLength(1);
    await comesInOrder(told);
  });

  test("also if that run went on with the creation of an earlier one", async () => {
    const told = await withFront();
    told.emulator.lag({ milliseconds: 3_000, onlyLists: true });
    await told.declare(FRONT, VERSION);
    await told.killed({ side: "before", ...BODY }, ...APPLY);
    told.clock.pass(WAITED);
    await told.killed({ side: "after", ...BODY }, ...APPLY);
    await told.ends(0, ...APPLY);
    expect(told.all("AssistantVersion")).toHaveLength(1);
    await comesInOrder(told);
  });
});

test("an assistant that is changed after its creation was resumed an hour later is created once", async () => {
  const told = await story();
  await told.declare(assistant("wanted", { greeting: "one" }));
  await told.killed({ side: "before", ...CREATION.Assistant }, ...APPLY);
  told.clock.pass(3_700_000);
  told.emulator.lag(LATE_LISTS);
  await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
  await told.declare(assistant("wanted", { greeting: "two" }));
  await told.ends(0, ...APPLY);
  told.emulator.lag();
  await comesInOrder(told);
  expect(told.all("Assistant")).toHaveLength(1);
});

describe("a version of the same name as one that was created twice is kept", () => {
  test("that somebody edited: it is in doubt", async () => {
    const told = await madeTwice();
    const own = await idIn(told, "AssistantVersion/wanted");
    const other = told.all("AssistantVersion").find(({ id }) => id !== own)?.id ?? "";
    told.emulator.portal.edit("AssistantVersion", other, { greeting: "Theirs." });
    told.emulator.lag();
    expect((await planned(told)).changes.map(({ action }) => action)).not.toContain("delete");
    const { stderr } = await told.ends(0, "apply", "--yes");
    expect(stderr).toContain(`AssistantVersion/wanted: in doubt: ${other} has its name`);
    expect(told.all("AssistantVersion")).toHaveLength(2);
  });

  test("that somebody makes later, with the same values: it is in doubt", async () => {
    const told = await madeTwice();
    told.emulator.lag();
    told.clock.pass(1_800_000);
    const assistant_id = told.idOf("Assistant", "front");
    const theirs = { assistant_id, version_name: "wanted", greeting: "I listen." };
    told.emulator.portal.create("AssistantVersion", theirs);
    const plan = await planned(told);
    expect(plan.changes.filter(({ action }) => action === "delete")).toHaveLength(1);
    await told.ends(0, "apply", "--yes");
    expect(told.all("AssistantVersion")).toHaveLength(2);
  });
});

describe("a creation under a key that the API forgot, and that no list showed", () => {
  test.each([
    ["Assistant", assistant("wanted", { tags: ["one"] })],
    ["Tool", tool("wanted")],
    ["McpServer", server("wanted")],
  ] as const)("%s: it was made twice, and one is deleted", async (kind, manifest) => {
    const told = await story();
    await told.declare(manifest);
    told.emulator.lag(LATE_LISTS);
    told.emulator.inject({
      match: CREATION[kind],
      fault: { kind: "status", status: 504, applied: "forgotten" },
    });
    await told.ends(0, ...APPLY);
    expect(told.all(kind)).toHaveLength(2);
    await othersAreTakenBack(told, kind);
  });
});

test("a server that was made at each attempt of two runs is deleted except for one", async () => {
  const told = await story();
  await told.declare(server("wanted"));
  told.emulator.lag(LATE_LISTS);
  const forgets = { kind: "status", status: 500, applied: "forgotten" } as const;
  told.emulator.inject({ match: CREATION.McpServer, times: 6, fault: forgets });
  await told.run(...APPLY);
  await told.ends(0, ...APPLY);
  expect(told.all("McpServer")).toHaveLength(7);
  await othersAreTakenBack(told, "McpServer");
});

test("a version that was created once after a lost request leaves nothing to do", async () => {
  const told = await withFront();
  await told.declare(FRONT, VERSION);
  told.emulator.inject({ match: BODY, fault: { kind: "reset-before" } });
  await told.ends(0, ...APPLY);
  told.emulator.lag();
  await isInOrder(told);
});
