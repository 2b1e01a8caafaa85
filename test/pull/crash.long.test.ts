import { survivesEveryMoment } from "./crash-matrix.ts";

survivesEveryMoment();
