import { survives } from "./crash-matrix.ts";

survives(["the first apply of the example"]);
