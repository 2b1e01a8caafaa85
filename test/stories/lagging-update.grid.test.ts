import { expect } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { everyNth } from "../grid.ts";
import { ADDED_TAG, APPLY, BODY, type Edit, EDITS, REMOVED_TAG, type Value } from "./edits.ts";
import { assistant, type Manifest, tool } from "./manifests.ts";
import { callsNothingForeign, isInOrder } from "./order.ts";
import { story, type Story } from "./story.ts";

const front = (field: string, specs: Readonly<Record<Value, JsonObject>>, write: Edit["write"]): Edit => ({
  field,
  manifests: (value) => [assistant("front", specs[value])],
  write,
});

const LATE: readonly Edit[] = [
  ...EDITS,
  front(
    "an added tag",
    { one: { tags: ["x"] }, two: { tags: ["x", "y"] }, three: { tags: ["x", "z"] } },
    ADDED_TAG,
  ),
  front(
    "an emptied set of tags",
    { one: { tags: ["x"] }, two: { tags: [] }, three: { tags: ["z"] } },
    REMOVED_TAG,
  ),
  front("a greeting that is added", { one: {}, two: { greeting: "two" }, three: { greeting: "three" } }, BODY),
  front(
    "a greeting that is removed",
    { one: { greeting: "one" }, two: {}, three: { greeting: "three" } },
    BODY,
  ),
  front(
    "an added inline tool",
    { one: { tools: [] }, two: { tools: [{ type: "hangup", hangup: { description: "Two." } }] }, three: {} },
    BODY,
  ),
  front("a name", { one: { name: "one" }, two: { name: "two" }, three: { name: "three" } }, BODY),
];

const ENDS = ["the run is killed", "the answer is lost", "it is answered"] as const;

const OTHER = tool("other");

/** Declares this beside the other tool, and applies it while reads are late. */
async function apply(told: Story, manifests: readonly Manifest[], ...args: readonly string[]): Promise<void> {
  await told.declare(...manifests, OTHER);
  const { code, stdout, stderr } = await told.run(...APPLY, ...args);
  expect([0, 3], stdout + stderr).toContain(code);
}

const observed = (one: Manifest): Manifest => ({ ...one, lifecycle: { observe: true } });

/** What happens before the write can be read, and which value is declared when it can. */
const SEQUELS: readonly (readonly [string, (told: Story, manifests: Edit["manifests"]) => Promise<Value>])[] = [
  [
    "reverted and applied",
    async (told, manifests) => {
      await apply(told, manifests("one"));
      return "one";
    },
  ],
  [
    "reverted and applied with other changes, then edited",
    async (told, manifests) => {
      await apply(told, [...manifests("one"), tool("another")]);
      return "three";
    },
  ],
  [
    "reverted, and only another resource is applied",
    async (told, manifests) => {
      await apply(told, manifests("one"), "--target", "Tool/other");
      return "one";
    },
  ],
  [
    "removed and applied, then reverted",
    async (told) => {
      await apply(told, []);
      return "one";
    },
  ],
  [
    "applied again, then reverted and applied",
    async (told, manifests) => {
      await apply(told, manifests("two"));
      await apply(told, manifests("one"));
      return "one";
    },
  ],
  [
    "edited and applied, then reverted and applied",
    async (told, manifests) => {
      await apply(told, manifests("three"));
      await apply(told, manifests("one"));
      return "one";
    },
  ],
  [
    "reverted and observed, then managed",
    async (told, manifests) => {
      await apply(told, manifests("one").map(observed));
      return "one";
    },
  ],
];

const CASES = LATE.flatMap((edit) =>
  ENDS.flatMap((end) => SEQUELS.map(([sequel, between]) => Object.assign({ end, sequel, between }, edit))),
);

everyNth(37).each(CASES)(
  "an update that cannot be read for minutes is nobody else's edit: $field, $end, $sequel",
  async ({ manifests, write, end, between }) => {
    const told = await story();
    await told.declare(...manifests("one"), OTHER);
    await told.ends(0, ...APPLY);
    await told.declare(...manifests("two"), OTHER);
    told.emulator.lag({ milliseconds: 600_000 });
    if (end === "the run is killed") await told.killed({ side: "after", ...write }, ...APPLY);
    else {
      if (end === "the answer is lost") told.emulator.inject({ match: write, fault: { kind: "reset-after" } });
      await told.ends(3, ...APPLY);
    }
    const value = await between(told, manifests);
    await told.declare(...manifests(value), OTHER);
    told.emulator.lag();
    await callsNothingForeign(told);
    await told.ends(0, ...APPLY, "--prune", "--allow-mass-change");
    await isInOrder(told);
  },
);
