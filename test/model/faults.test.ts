import fc from "fast-check";
import { expect, test } from "vitest";
import { ProviderError } from "../../src/model/provider.ts";
import { PATIENCE, search } from "../reconcile/arbitrary.ts";
import { type Act, story } from "./acts.ts";
import {
  failures,
  ledgerIsClean,
  liveIsDesired,
  moment,
  noDuplicate,
  noForeignChange,
  nothingLeft,
  reportCoversLog,
} from "./check.ts";
import { emulatorsForModel, TEMPERS } from "./emulators.ts";
import { perform } from "./perform.ts";
import { trouble, type Trouble } from "./trouble.ts";
import { type Applied, apply, newWorld, type World } from "./world.ts";

const emulators = await emulatorsForModel();

type ApplyAct = Extract<Act, { readonly do: "apply" }>;

const choicesOf = ({ prune }: ApplyAct) => ({ prune, onConflict: "refuse" }) as const;

/** An apply in trouble may fail, in all honesty; it does no harm. */
async function applyIn(world: World, act: ApplyAct, now: Trouble): Promise<void> {
  const before = await moment(world);
  world.emulator.clearRequests();
  for (const fault of now.what === "faults" ? now.faults : []) world.emulator.inject(fault);
  const applied = await attempt(world, act, now);
  world.emulator.clearFaults();
  const after = await moment(world);
  noForeignChange(before, after, false);
  noDuplicate(world, after);
  noConflict(applied);
  if (now.what !== "kill") reportCoversLog(applied, world.emulator.requests(), before);
}

async function attempt(world: World, act: ApplyAct, now: Trouble): Promise<Applied> {
  try {
    return await apply(world, choicesOf(act), now.what === "kill" ? now.kill : undefined);
  } catch (error) {
    if (error instanceof ProviderError) return {};
    throw error;
  }
}

/** Nobody but us was at work: whatever differs is our own. */
function noConflict({ plan }: Applied): void {
  const conflicts = plan?.changes.flatMap(({ address, changes }) =>
    changes.filter((change) => change.class === "conflict").map(({ label }) => `${address} ${label}`),
  );
  expect(conflicts ?? [], "conflicts with ourselves").toEqual([]);
}

/** With the trouble over, one apply is enough. */
async function converge(world: World, act: ApplyAct): Promise<string> {
  const applied = await apply(world, choicesOf(act));
  const after = await moment(world);
  noDuplicate(world, after);
  noConflict(applied);
  expect(failures(applied)).toEqual([]);
  if (applied.outcome?.status === "refused") return "refused";
  ledgerIsClean(world, after);
  liveIsDesired(world, after);
  await nothingLeft(world, choicesOf(act));
  return applied.outcome?.status ?? "killed";
}

test(
  "whatever goes wrong during an apply, the next one puts everything in its place",
  async () => {
    const ends = new Map<string, number>();
    const troubles = fc.array(trouble, { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...TEMPERS),
        story(false, 6),
        troubles,
        fc.boolean(),
        async (temper, acts, all, prune) => {
          const world = newWorld(emulators[temper]);
          let applies = 0;
          for (const act of acts) {
            if (act.do === "apply")
              await applyIn(world, act, all[applies++ % all.length] ?? { what: "nothing" });
            else await perform(world, act);
          }
          const end = await converge(world, { do: "apply", prune, overwrite: false });
          ends.set(end, (ends.get(end) ?? 0) + 1);
        },
      ),
      search(60),
    );
    expect(ends.get("done")).toBeGreaterThan(30);
  },
  PATIENCE,
);
