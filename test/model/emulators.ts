import { afterAll } from "vitest";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";

/** Where the documents of the API are silent, it may go one way or the other. */
export async function emulatorsForModel() {
  const strict = await startEmulator({ seed: 1 });
  const lenient = await startEmulator({
    seed: 2,
    envelope: "live",
    hazards: {
      canarySurvivesUpdate: true,
      updateMakesVersion: false,
      versionNameResets: false,
      legacyCanary: true,
    },
  });
  afterAll(() => Promise.all([strict.close(), lenient.close()]));
  return { strict, lenient } as const;
}

export const TEMPERS = ["strict", "lenient"] as const;
