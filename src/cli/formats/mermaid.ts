export { mermaid as graph } from "../../report/graph.ts";
