import { survives } from "./crash-matrix.ts";

survives(["an update of everything"], 3);
