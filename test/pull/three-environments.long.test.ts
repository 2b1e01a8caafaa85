import { triplesShareAProject } from "./environment-triples.ts";

triplesShareAProject(1, 2);
triplesShareAProject(10, 3);
