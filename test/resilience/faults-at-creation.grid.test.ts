import { endures } from "./ordeal.ts";

endures("create things", "create a circle", "create a trial");
