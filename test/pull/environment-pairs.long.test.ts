import { pairsShareAProject } from "./environment-pairs.ts";

pairsShareAProject(40, 2);
