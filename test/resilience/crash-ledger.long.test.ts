import { survivesLedgerSteps } from "./crash-matrix.ts";

survivesLedgerSteps();
