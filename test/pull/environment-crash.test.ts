import { survivesKillsOfSecond } from "./environment-crash.ts";

/** Every change is tried by the `*.long.test.ts` beside this file. */
survivesKillsOfSecond(3);
