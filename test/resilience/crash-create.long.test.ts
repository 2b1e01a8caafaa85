import { survivesEveryMoment } from "./every-moment.ts";

survivesEveryMoment(["the first apply of the example"]);
