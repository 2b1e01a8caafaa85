import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const LONG = "{src,test}/**/*.long.test.ts";

/** `npm test` runs the project `quick`, and `npm run test:long` the project `long`. */
export default defineConfig({
  test: {
    globalSetup: ["test/shared-folder.ts"],
    setupFiles: ["test/environment.ts"],
    testTimeout: 30_000,
    maxWorkers: availableParallelism(),
    projects: [
      {
        extends: true,
        test: { name: "quick", include: ["{src,test}/**/*.test.ts"], exclude: [LONG], isolate: false },
      },
      { extends: true, test: { name: "long", include: [LONG] } },
    ],
  },
});
