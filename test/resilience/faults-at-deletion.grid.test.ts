import { endures } from "./fault-matrix.ts";

endures("prune", "prune a trial", "prune a circle", "replace");
