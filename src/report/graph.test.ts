import { expect, test } from "vitest";
import type { ReferenceGraph } from "../model/reference-graph.ts";
import { dot, mermaid } from "./graph.ts";

const GRAPH: ReferenceGraph = {
  project: 'say "hi"',
  nodes: [
    { address: "Desk/a", kind: "Desk", name: "a" },
    { address: "Desk/b", kind: "Desk", name: "b" },
    { address: "Check/end", kind: "Check", name: "end" },
  ],
  edges: [
    { from: "Desk/a", to: "Desk/b", at: ["/next"], link: "broken" },
    { from: "Desk/b", to: "Desk/a", at: ["/next"], link: "plain" },
    { from: "Check/end", to: "Desk/a", at: ["/of"], link: "local" },
  ],
};

test("as Mermaid", () => {
  expect(mermaid(GRAPH)).toBe(`flowchart LR
  subgraph k0["Desk"]
    n0["a"]
    n1["b"]
  end
  subgraph k1["Check"]
    n2["end"]
  end
  n0 -->|"added afterwards"| n1
  n1 --> n0
  n2 -.-> n0
  linkStyle 0 stroke-dasharray:8 5
`);
});

test("as DOT", () => {
  expect(dot(GRAPH)).toBe(`digraph "say \\"hi\\"" {
  rankdir=LR;
  node [shape=box, style=rounded];
  subgraph "cluster_Desk" {
    label="Desk";
    "Desk/a" [label="a"];
    "Desk/b" [label="b"];
  }
  subgraph "cluster_Check" {
    label="Check";
    "Check/end" [label="end"];
  }
  "Desk/a" -> "Desk/b" [style=dashed, label="added afterwards"];
  "Desk/b" -> "Desk/a";
  "Check/end" -> "Desk/a" [style=dotted];
}
`);
});

test("a name cannot end its quotes", () => {
  const name = 'x"] --> y\n<b>#amp;`\\\u202e';
  const graph: ReferenceGraph = {
    project: name,
    nodes: [{ address: "Desk/x", kind: "Desk", name }],
    edges: [],
  };
  expect(mermaid(graph).split("\n")[2]).toBe(
    '    n0["x#34;#93; --#62; y#10;#60;b#62;#35;amp#59;#96;#92;#8238;"]',
  );
  expect(dot(graph)).toContain(String.raw`    "Desk/x" [label="x\"] --> y\\n<b>#amp;${"`"}\\\\u202e"];`);
  expect(dot(graph).split("\n")).toHaveLength(9);
});

test("an empty graph is valid", () => {
  const empty: ReferenceGraph = { project: "p", nodes: [], edges: [] };
  expect(mermaid(empty)).toBe("flowchart LR\n");
  expect(dot(empty)).toBe('digraph "p" {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n}\n');
});
