import fc from "fast-check";
import { expect, test } from "vitest";
import { PATIENCE, search } from "../reconcile/arbitrary.ts";
import { type Act, story } from "./acts.ts";
import {
  failures,
  ledgerIsClean,
  liveIsDesired,
  moment,
  noDuplicate,
  noEditLost,
  noForeignChange,
  nothingLeft,
  reportMatchesLog,
} from "./check.ts";
import { emulatorsForModel, TEMPERS } from "./emulators.ts";
import { perform } from "./perform.ts";
import { apply, newWorld, type World } from "./world.ts";

const emulators = await emulatorsForModel();

async function applyAndCheck(world: World, act: Extract<Act, { readonly do: "apply" }>): Promise<string> {
  const choices = {
    prune: act.prune,
    onConflict: act.overwrite ? "overwrite" : "refuse",
    adopt: act.overwrite,
  } as const;
  const before = await moment(world);
  world.emulator.clearRequests();
  const applied = await apply(world, choices);
  const requests = world.emulator.requests();
  const after = await moment(world);
  noForeignChange(before, after, act.overwrite);
  noDuplicate(world, after);
  noEditLost(world, applied.plan, after);
  reportMatchesLog(applied, requests);
  expect(failures(applied)).toEqual([]);
  if (applied.outcome?.status === "refused")
    return applied.outcome.plan.refusals.map(({ rule }) => rule).join();
  ledgerIsClean(world, after);
  liveIsDesired(world, after);
  await nothingLeft(world, choices);
  return applied.outcome?.status ?? "killed";
}

test(
  "whatever people do to manifests and in the portal, an apply keeps its promises",
  async () => {
    const ends = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TEMPERS), story(true, 12), async (temper, acts) => {
        const world = newWorld(emulators[temper]);
        for (const act of [...acts, LAST]) {
          if (act.do !== "apply") {
            await perform(world, act);
            continue;
          }
          const end = await applyAndCheck(world, act);
          ends.set(end, (ends.get(end) ?? 0) + 1);
        }
      }),
      search(60),
    );
    // Stories that end in nothing but refusals would prove little.
    expect(ends.get("done")).toBeGreaterThan(60);
    expect(ends.get("nothing-to-do")).toBeGreaterThan(12);
    expect(ends.size).toBeGreaterThan(3);
  },
  PATIENCE,
);

const LAST: Act = { do: "apply", prune: true, overwrite: true };
