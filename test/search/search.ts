import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/providers/telnyx/emulator/emulator.ts";
import { PATIENCE, search } from "../reconcile/arbitrary.ts";
import { type Act, story } from "./actions.ts";
import { play } from "./play.ts";
import type { Stage } from "./environment.ts";

/** Where the documents of the API are silent, it may go one way or the other. */
export const TEMPERS = {
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

interface Search {
  /** How many stories where nobody else is at work, and how many where everybody is. */
  readonly alone: number;
  readonly together: number;
}

/** Plays random stories on a stage. fast-check prints the seed of one that fails, shrunk. */
export function searched(
  temper: keyof typeof TEMPERS,
  open: (options: EmulatorOptions) => Promise<Stage>,
  { alone, together }: Search,
): void {
  describe(`where the API is ${temper}`, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await open(TEMPERS[temper]);
    });
    afterAll(() => stage.close());

    test.each([
      ["only this project writes", true],
      ["other people write too", false],
    ])(
      "every guarantee holds after any actions, kills and failures, when %s",
      async (_, isQuiet) => {
        const ends = new Map<string, number>();
        let count = 0;
        const property = fc.asyncProperty(story(isQuiet, 5), async (acts) => {
          const end = await play(stage, acts);
          count += 1;
          ends.set(end, (ends.get(end) ?? 0) + 1);
        });
        await fc.assert(property, search<[readonly Act[]]>(isQuiet ? alone : together));
        // Stories that end in nothing but refusals would prove little.
        expect(ends.get("done") ?? 0).toBeGreaterThanOrEqual(Math.floor(count / 4));
      },
      PATIENCE,
    );
  });
}
