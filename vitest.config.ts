import { availableParallelism } from "node:os";
import { argv } from "node:process";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";

const LONG = "{src,test}/**/*.long.test.ts";
const GRIDS = "test/**/*.grid.test.ts";

/** `npm test` runs the project `quick`, and `npm run test:long` the project `long`, and `npm run test:search` 10,000 random stories. */
export default defineConfig({
  test: {
    globalSetup: ["test/shared-folder.ts"],
    setupFiles: ["test/environment.ts"],
    // Ends what hangs. A loaded machine needs ten times as long as a quiet one.
    testTimeout: 60_000,
    // The first file that needs the built program builds it, before its tests.
    hookTimeout: 180_000,
    // One more than there are cores, because tests also wait: for processes, for locks, for containers.
    maxWorkers: availableParallelism() + 1,
    isolate: false,
    // Of the suites of a grid, a run may leave out all tests.
    passWithNoTests: true,
    // A random order stays one.
    sequence: argv.some((arg) => arg.startsWith("--sequence.")) ? {} : { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "quick",
          include: ["{src,test}/**/*.test.ts"],
          exclude: [LONG],
          provide: { isLong: false, isRest: false },
        },
      },
      { extends: true, test: { name: "search", include: ["test/search/*.long-search.ts"] } },
      {
        extends: true,
        test: {
          name: "long",
          include: [LONG, GRIDS],
          maxConcurrency: 2,
          provide: { isLong: true, isRest: process.env["ROLLCALL_TEST_GRIDS"] === "rest" },
        },
      },
    ],
  },
});
