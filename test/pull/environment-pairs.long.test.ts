import { pairsShareAProject } from "./environment-pairs.ts";

pairsShareAProject(25, 2);
