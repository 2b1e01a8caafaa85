import fc from "fast-check";
import { test } from "vitest";
import { changesOnlyStaging, COMMAND_NAMES, names, USER_NAMES } from "./only-staging.ts";

const runs = Number(process.env["ROLLCALL_TEST_RUNS"] ?? 1);
const seed = Number(process.env["ROLLCALL_TEST_SEED"] ?? 1) || Date.now();

test(
  "live values of manifests with any environments change what staging gets, and nothing else",
  {
    timeout: 60_000 + runs * 60_000,
  },
  async () => {
    const uses = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...USER_NAMES)), {
      selector: ([name]) => name,
      minLength: 1,
    });
    const property = fc.asyncProperty(fc.constantFrom(...COMMAND_NAMES), uses, (command, all) =>
      changesOnlyStaging(command, new Map(all)),
    );
    await fc.assert(property, { numRuns: Math.ceil(3 * runs), seed });
  },
);
