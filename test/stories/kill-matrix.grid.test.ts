import { expect, inject, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { scenario } from "../resilience/scenarios.ts";
import { everyNth } from "../grid.ts";
import type { BackendName } from "./backends.ts";
import { type Manifest, tool } from "./manifests.ts";
import { callsNothingForeign, isInOrder } from "./order.ts";
import { type Cut, type Moment, openStory, type Story } from "./story.ts";

/** Every kind of change, and how many writes it takes. */
const CHANGES = {
  "create things": 2,
  "create a circle": 7,
  "create a trial": 3,
  "update things": 2,
  "update an assistant": 3,
  "update of tags alone": 4,
  "update a trial": 2,
  "update under a trial": 3,
  prune: 6,
  "prune a trial": 2,
  "promote a trial": 1,
  "prune a circle": 3,
  replace: 2,
  move: 2,
  everything: 7,
} as const;

type Change = keyof typeof CHANGES;

const SEQUELS = ["the same apply", "a further edit", "a further edit, killed too", "a revert"] as const;
type Sequel = (typeof SEQUELS)[number];

interface Case {
  readonly change: Change;
  readonly at: Moment & { readonly nth: number };
  readonly sequel: Sequel;
}

/** Between any two writes of every change; after one is before the next. */
const CASES: readonly Case[] = (Object.entries(CHANGES) as [Change, number][]).flatMap(([change, writes]) =>
  Array.from({ length: writes + 1 }, (_, nth) =>
    SEQUELS.map((sequel): Case => {
      const at = nth === 0 ? { side: "before", nth: 1 } : { side: "after", nth };
      return { change, at: { ...at, writes: true } as Case["at"], sequel };
    }),
  ).flat(),
);

/** What moved away is moved back by another `movedFrom`, and not by a revert. */
const isFit = ({ change, sequel }: Case) => change !== "move" || sequel !== "a revert";

const FIT = CASES.filter(isFit);

/** Always there, so that a project is never without manifests. */
const OTHER = tool("other");
const FLAGS = ["--prune", "--allow-mass-change"] as const;
const APPLY = ["apply", "--yes", "--parallelism=1", ...FLAGS] as const;

const FURTHER: Readonly<Record<string, (spec: JsonObject, to: string) => JsonObject>> = {
  Assistant: (spec, to) => ({ ...spec, greeting: to, tags: [to] }),
  AssistantVersion: (spec, to) => ({ ...spec, changes: { greeting: to } }),
  AssistantTest: (spec, to) => ({ ...spec, instructions: to }),
  McpServer: (spec, to) => ({ ...spec, url: `https://${to}.example` }),
  Tool: (spec, to) => ({
    ...spec,
    webhook: { ...(spec["webhook"] as JsonObject), url: `https://${to}.example` },
  }),
  CanaryDeploy: (spec) => spec,
};

function further(manifests: readonly Manifest[], to: string): readonly Manifest[] {
  return manifests.map((one) => ({ ...one, spec: FURTHER[one.kind]?.(one.spec, to) ?? one.spec }));
}

const manifestsOf = (list: readonly JsonObject[]) => list as unknown as readonly Manifest[];

interface Part {
  readonly change: Change;
  readonly at: Moment | Cut;
  readonly sequel: Sequel;
  readonly backend?: BackendName;
}

/** Whether it came to be killed; a write there always is. */
async function play({ change, at, sequel, backend = "file" }: Part): Promise<boolean> {
  const { before, after } = scenario(change);
  const told = await openStory({ backend });
  try {
    const foreign = told.emulator.portal.create("Assistant", { name: "Foreign", instructions: "Not yours." });
    const untouched = JSON.stringify(told.all("Assistant").find(({ id }) => id === foreign));
    await told.declare(...manifestsOf(before), OTHER);
    await told.ends(0, ...APPLY);
    await told.declare(...manifestsOf(after), OTHER);
    const ended = await told.cutOff(at, ...APPLY);
    if (ended !== undefined && "step" in at) return false;
    expect(ended, "it was not killed").toBeUndefined();
    const wanted = await continued(told, sequel, manifestsOf(before), manifestsOf(after));
    await told.declare(...wanted, OTHER);
    await callsNothingForeign(told, ...FLAGS);
    await told.ends(0, ...APPLY);
    // What is found by its name alone is not deleted by the run that finds it.
    if (sequel === "a revert") await told.ends(0, ...APPLY);
    await isInOrder(told, ...FLAGS);
    nothingElseIsLive(told);
    expect(JSON.stringify(told.all("Assistant").find(({ id }) => id === foreign))).toBe(untouched);
    return true;
  } finally {
    await told.close();
  }
}

/** What is declared in the end. */
async function continued(
  told: Story,
  sequel: Sequel,
  before: readonly Manifest[],
  after: readonly Manifest[],
): Promise<readonly Manifest[]> {
  if (sequel === "a revert") return before;
  if (sequel === "the same apply") return after;
  if (sequel === "a further edit") return further(after, "further");
  await told.declare(...further(after, "further"), tool("other", { url: "https://further.example" }));
  await callsNothingForeign(told, ...FLAGS);
  await told.killed({ side: "after", writes: true }, ...APPLY);
  return further(after, "last");
}

/** Versions that an assistant has had are history. */
function nothingElseIsLive(told: Story): void {
  const kinds = ["Assistant", "Tool", "McpServer", "AssistantTest", "CanaryDeploy"] as const;
  for (const kind of kinds) {
    const declared = told.declared.filter((one) => one.kind === kind).length;
    expect(told.all(kind).length, kind).toBe(declared + (kind === "Assistant" ? 1 : 0));
  }
}

const MINUTES = { timeout: 10 * 60_000 };
/** A number that the sequels do not divide, so that each of them has its turn. */
const some = everyNth(41);

some.each(FIT)("$change, killed $at.side write $at.nth, then $sequel", MINUTES, async (one) => {
  await play(one);
});

const REMOTE = FIT.filter((_, index) => index % 45 === 20).flatMap((one) => [
  { ...one, backend: "git" as const },
  { ...one, backend: "http" as const },
]);

everyNth(5).each(REMOTE)(
  "$backend: $change, killed $at.side write $at.nth, then $sequel",
  MINUTES,
  async (one) => {
    await play(one);
  },
);

/** From one step on the files of the ledger to the next that is tried. */
const STRIDE = inject("isLong") ? 1 : 29;

test.each(["everything", "create a trial", "prune a circle"] as const)(
  `%s, killed between ${inject("isLong") ? "any" : "some"} two steps on the files of the ledger`,
  MINUTES,
  async (change) => {
    let step = 1;
    const sequelOf = () => SEQUELS[step % SEQUELS.length] ?? "a revert";
    while (await play({ change, at: { step }, sequel: sequelOf() })) step += STRIDE;
    expect(step).toBeGreaterThan(STRIDE);
  },
);

test.each(Object.entries(CHANGES))("%s takes %i writes", async (change, writes) => {
  const { before, after } = scenario(change);
  const told = await openStory();
  try {
    await told.declare(...manifestsOf(before), OTHER);
    await told.ends(0, ...APPLY);
    await told.declare(...manifestsOf(after), OTHER);
    told.emulator.clearRequests();
    await told.run("apply", "--yes", "--parallelism=1", ...FLAGS, "--on-conflict=overwrite");
    expect(told.emulator.requests().filter(({ wrote }) => wrote)).toHaveLength(writes);
  } finally {
    await told.close();
  }
});
