import { survivesEveryLedgerStep } from "./every-moment.ts";

survivesEveryLedgerStep("an apply that creates objects");
