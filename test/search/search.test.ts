import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PATIENCE, search } from "../reconcile/arbitrary.ts";
import { story } from "./acts.ts";
import { openEngineStage } from "./engine-stage.ts";
import { play } from "./play.ts";
import type { Stage } from "./stage.ts";

/** Where the documents of the API are silent, it may go one way or the other. */
const TEMPERS = {
  strict: {},
  lenient: {
    envelope: "live",
    hazards: {
      canarySurvivesUpdate: true,
      updateMakesVersion: false,
      versionNameResets: false,
      legacyCanary: true,
    },
  },
} as const;

const stories = new Map<string, Stage>();

beforeAll(async () => {
  for (const [temper, options] of Object.entries(TEMPERS)) stories.set(temper, await openEngineStage(options));
});

afterAll(async () => {
  await Promise.all([...stories.values()].map((one) => one.close()));
});

describe.each(Object.keys(TEMPERS))("where the API is %s", (temper) => {
  test.each([
    ["nobody is at work but this project", true],
    ["everybody is at work", false],
  ])(
    "whatever is done, killed and fails, when %s, every promise is kept",
    async (_, isQuiet) => {
      const told = stories.get(temper);
      if (told === undefined) throw new Error("there is no story");
      const ends = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(story(isQuiet, 5), async (acts) => {
          const end = await play(told, acts);
          ends.set(end, (ends.get(end) ?? 0) + 1);
        }),
        search(25),
      );
      // Stories that end in nothing but refusals would prove little.
      expect(ends.get("done")).toBeGreaterThan(10);
    },
    PATIENCE,
  );
});
