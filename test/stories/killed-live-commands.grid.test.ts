import { expect } from "vitest";
import { everyNth } from "../grid.ts";
import { APPLY } from "./edits.ts";
import { assistant, canary, type Manifest, tool, version } from "./manifests.ts";
import { callsNothingForeign, isInOrder } from "./order.ts";
import { type Cut, type Moment, story, type Story } from "./story.ts";

const OTHER = tool("other");
const TRIAL = [version("trial", "front", { greeting: "Trial." }), canary("share", "front", "trial")];
const front = (greeting: string, tags: readonly string[] = ["x"]) => assistant("front", { greeting, tags });

/** Commands that write live without a plan, and keep the ledger informed. */
const COMMANDS: readonly (readonly [string, (told: Story) => readonly string[]])[] = [
  [
    "versions promote --now",
    (told) => ["versions", "promote", "Assistant/front", ownVersion(told), "--now", "--yes"],
  ],
  ["versions delete", (told) => ["versions", "delete", "Assistant/front", ...formerVersions(told), "--yes"]],
  ["versions prune", () => ["versions", "prune", "Assistant/front", "--keep", "0", "--yes"]],
];

const SEQUELS: readonly (readonly [string, readonly Manifest[]])[] = [
  ["the same manifests", [front("One."), ...TRIAL]],
  ["a further edit", [front("Three.", ["z"]), ...TRIAL]],
  ["the version removed", [front("One.")]],
  ["the version promoted in the manifests", [front("Trial.")]],
];

const MOMENTS: readonly (Moment | Cut)[] = [
  { side: "before", writes: true },
  { side: "after", writes: true },
  { side: "after", writes: true, nth: 2 },
  ...[1, 4, 7, 10, 13, 16, 19].map((step) => ({ step })),
];

const CASES = COMMANDS.flatMap(([command, args]) =>
  MOMENTS.flatMap((at) =>
    SEQUELS.map(([sequel, manifests]) => ({ command, args, at, when: JSON.stringify(at), sequel, manifests })),
  ),
);

const ownVersion = (told: Story) => told.all("AssistantVersion", "trial")[0]?.id.split("/")[1] ?? "";

/** Those that updates have left behind. */
const formerVersions = (told: Story) =>
  told.all("AssistantVersion").flatMap(({ id, name }) => (name === "trial" ? [] : [id.split("/")[1] ?? ""]));

everyNth(17).each(CASES)(
  "$command, killed at $when: nobody else did it, and apply continues with $sequel",
  async ({ args, at, manifests }) => {
    const told = await story();
    for (const greeting of ["One.", "Two.", "One."]) {
      await told.declare(front(greeting), ...TRIAL, OTHER);
      await told.ends(0, ...APPLY);
    }
    const ended = await told.cutOff(at, ...args(told));
    if (ended !== undefined) expect(ended.code, ended.stderr).toBe(0);
    await told.declare(...manifests, OTHER);
    await told.ends(0, "drift");
    await callsNothingForeign(told, "--prune");
    await told.ends(0, ...APPLY, "--prune", "--allow-mass-change");
    await isInOrder(told);
  },
);
