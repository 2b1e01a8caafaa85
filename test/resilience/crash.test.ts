import { survives, survivesLedgerSteps, survivesSideBySide } from "./crash-matrix.ts";

/** Every moment is tried by the `*.long.test.ts` beside this file. */
survives(["a replacement, after a run that was killed"], 3);
survivesLedgerSteps(3);
survivesSideBySide(2);
