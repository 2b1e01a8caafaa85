import { endures } from "./ordeal.ts";

endures("prune", "prune a trial", "prune a circle", "replace");
