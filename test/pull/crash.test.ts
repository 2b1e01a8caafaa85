import { survivesKills } from "./crash-matrix.ts";

/** Every moment is tried by the `*.long.test.ts` beside this file. */
survivesKills(4);
