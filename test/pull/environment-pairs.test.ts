import { pairsShareAProject } from "./environment-pairs.ts";

/** The `*.long.test.ts` beside this file tries 25. */
pairsShareAProject(1);
