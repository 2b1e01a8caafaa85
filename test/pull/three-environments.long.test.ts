import { triplesShareAProject } from "./environment-triples.ts";

triplesShareAProject(10, 3);
