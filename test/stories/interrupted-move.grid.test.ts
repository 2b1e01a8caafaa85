import { describe, expect, test as every } from "vitest";
import { everyNth } from "../grid.ts";
import { APPLY, BODY, CREATION } from "./edits.ts";
import { assistant, type Manifest, tool, version } from "./manifests.ts";
import { callsNothingForeign, comesInOrder, isInOrder } from "./order.ts";
import { type Moment, story, type Story } from "./story.ts";

const test = everyNth(5);

interface Move {
  readonly what: string;
  readonly at: (name: string, value: string, from?: string) => Manifest;
  readonly write: Omit<Moment, "side">;
  readonly creation: Omit<Moment, "side">;
}

const movedFrom = (kind: string, from: string | undefined) =>
  from === undefined ? undefined : { movedFrom: [`${kind}/${from}`] };

/** The object keeps its name at Telnyx whatever its address is. */
const MOVES: readonly Move[] = [
  {
    what: "an assistant",
    at: (name, greeting, from) => ({
      ...assistant(name, { name: "Same", greeting }, movedFrom("Assistant", from)),
    }),
    write: BODY,
    creation: CREATION.Assistant,
  },
  {
    what: "a shared tool",
    at: (name, value, from) => {
      const { spec, ...rest } = tool(
        name,
        { name: "same", url: `https://${value}.example` },
        movedFrom("Tool", from),
      );
      return { ...rest, spec: { ...spec, display_name: "Same" } };
    },
    write: { method: "PATCH", path: /^\/ai\/tools\// },
    creation: CREATION.Tool,
  },
];

const OTHER = tool("other");
const once = (told: Story) => told.all("Assistant").length + told.all("Tool").length;

describe.each(MOVES)("$what that is moved by a run that is killed", ({ at, write, creation }) => {
  const SIDES = ["before", "after"] as const;

  async function moved(side: "before" | "after"): Promise<Story> {
    const told = await story();
    await told.declare(at("old", "one"), OTHER);
    await told.ends(0, ...APPLY);
    await told.declare(at("new", "two", "old"), OTHER);
    await told.killed({ side, ...write }, ...APPLY);
    return told;
  }

  test.each(SIDES)("%s its write comes to its new address with the same again", async (side) => {
    const told = await moved(side);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(once(told)).toBe(2);
  });

  test.each(SIDES)("%s its write is no conflict with a further edit", async (side) => {
    const told = await moved(side);
    await told.declare(at("new", "three", "old"), OTHER);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(once(told)).toBe(2);
  });

  test.each(SIDES)("%s its write and on to a third address stays one object", async (side) => {
    const told = await moved(side);
    const { lifecycle: _, ...last } = at("newest", "two");
    await told.declare({ ...last, lifecycle: { movedFrom: [`${last.kind}/new`, `${last.kind}/old`] } }, OTHER);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(once(told)).toBe(2);
  });

  test.each(SIDES)("%s its write and moved back stays one object", async (side) => {
    const told = await moved(side);
    await told.declare(at("old", "one", "new"), OTHER);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(once(told)).toBe(2);
  });

  test.each(SIDES)("%s its write and reverted is never made twice", async (side) => {
    const told = await moved(side);
    await told.declare(at("old", "one"), OTHER);
    const { code } = await told.run(...APPLY);
    // Without a word on the way back it may be refused.
    expect([0, 4]).toContain(code);
    expect(once(told)).toBe(2);
    if (code === 0) await isInOrder(told);
  });

  test("after another killed run created it stays one object", async () => {
    const told = await story();
    await told.declare(at("old", "one"), OTHER);
    await told.killed({ side: "after", ...creation }, ...APPLY);
    await told.declare(at("new", "two", "old"), OTHER);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(once(told)).toBe(2);
  });

  test("after two killed runs stays one object", async () => {
    const told = await story();
    await told.declare(at("old", "one"), OTHER);
    await told.killed({ side: "after", ...creation }, ...APPLY);
    await told.declare(at("new", "two", "old"), OTHER);
    await told.killed({ side: "after", writes: true }, ...APPLY);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(once(told)).toBe(2);
  });
});

describe.each(MOVES)("$what that a failed or killed run made, and that is moved", ({ at, creation }) => {
  const PRUNE = [...APPLY, "--prune", "--allow-mass-change"] as const;
  const drop = { kind: "drop-field", field: "description" } as const;

  test.each([
    ["plain", APPLY],
    ["with --prune", PRUNE],
  ])("by killed runs stays one object under its new address, %s", async (_, last) => {
    const told = await story();
    const described = (one: Manifest) => ({
      ...one,
      spec: { ...one.spec, ...(one.kind === "Assistant" ? { description: "x" } : {}) },
    });
    await told.declare(described(at("old", "one")), OTHER);
    told.emulator.inject({ match: creation, times: "always", fault: drop });
    await told.run(...APPLY);
    told.emulator.clearFaults();
    await told.declare(described(at("new", "one", "old")), OTHER);
    for (const side of ["after", "before"] as const) {
      await told.cutOff({ side, writes: true }, ...APPLY);
      await told.ends(0, ...last);
      await isInOrder(told);
      expect(once(told)).toBe(2);
    }
  });

  test("after a creation without a response, with --prune, stays one object", async () => {
    const told = await story();
    await told.declare(at("old", "one"), OTHER);
    await told.killed({ side: "after", ...creation }, ...APPLY);
    await told.declare(at("new", "one", "old"), OTHER);
    await told.ends(0, ...PRUNE);
    await isInOrder(told);
    expect(once(told)).toBe(2);
  });
});

describe.each(MOVES)("$what that a killed run did not come to make, and that is moved", ({ at, creation }) => {
  every.each([
    ["once", 0],
    ["twice", 1],
  ])("stays one object after %s", async (_, more) => {
    const told = await story();
    await told.declare(at("old", "one"), OTHER);
    await told.killed({ side: "before", ...creation }, ...APPLY);
    await told.declare(at("new", "two", "old"), OTHER);
    for (let times = 0; times < more; times += 1) await told.killed({ side: "before", writes: true }, ...APPLY);
    await comesInOrder(told);
    expect(once(told)).toBe(2);
  });
});

describe.each(MOVES)("$what that is moved during an open creation, and whose address is used again", (move) => {
  const { at, creation } = move;
  const another = (name: string): Manifest => {
    const { spec, ...rest } = at(name, "other");
    return { ...rest, spec: { ...spec, ["name" in spec ? "name" : "display_name"]: "Another" } };
  };

  /** The first run did not make it, the second did, and neither knows. */
  async function moved(): Promise<Story> {
    const told = await story();
    await told.declare(at("a", "one"), OTHER);
    await told.killed({ side: "before", ...creation }, ...APPLY);
    await told.declare(at("b", "two", "a"), OTHER);
    await told.killed({ side: "after", ...creation }, ...APPLY);
    return told;
  }

  every.each(["before", "after"] as const)(
    "stays one object when a run is killed %s each write",
    async (side) => {
      const told = await moved();
      await told.declare(another("a"), at("b", "two"), OTHER);
      for (let nth = 1; nth < 4; nth += 1) await told.cutOff({ side, writes: true, nth }, ...APPLY);
      await callsNothingForeign(told);
      await comesInOrder(told);
      expect(once(told)).toBe(3);
    },
  );

  every("stays one object when a run is killed after the look-up by key, and it changes", async () => {
    const told = await moved();
    await told.declare(another("a"), at("b", "two"), OTHER);
    await told.killed({ side: "after", writes: true }, ...APPLY);
    await told.declare(another("a"), at("b", "three"), OTHER);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(once(told)).toBe(3);
  });
});

test("an assistant that a killed run did not create is moved with its version", async () => {
  const told = await story();
  const versionOf = (name: string) => version("trial", name);
  await told.declare(assistant("old", { name: "Same" }), versionOf("old"));
  await told.killed({ side: "before", writes: true }, ...APPLY);
  await told.declare(assistant("new", { name: "Same" }, { movedFrom: ["Assistant/old"] }), versionOf("new"));
  await callsNothingForeign(told);
  await comesInOrder(told);
});
