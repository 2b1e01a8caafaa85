import { survivesKills } from "./crash-matrix.ts";

survivesKills();
