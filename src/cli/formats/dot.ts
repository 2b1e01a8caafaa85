export { dot as graph } from "../../report/graph.ts";
