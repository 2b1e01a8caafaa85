import { survivesEveryMoment } from "./every-moment.ts";

survivesEveryMoment([
  "an update of everything",
  "a prune",
  "a move",
  "a replacement",
  "a replacement, after a run that was killed",
]);
