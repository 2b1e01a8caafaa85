import { endures } from "./fault-matrix.ts";

endures("create things", "create a circle", "create a trial");
