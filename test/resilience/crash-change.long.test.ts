import { survives } from "./crash-matrix.ts";

survives([
  "an update of everything",
  "a prune",
  "a move",
  "a replacement",
  "a replacement, after a run that was killed",
]);
