import { grouped } from "../model/grouped.ts";
import type { GraphEdge, GraphNode, ReferenceGraph } from "../model/reference-graph.ts";
import { visible } from "../model/visible.ts";

/** Said at an edge that closes a cycle. */
const BROKEN = "added afterwards";

/** For Markdown on GitHub and GitLab, and for mermaid.live. */
export function mermaid({ nodes, edges }: ReferenceGraph): string {
  const ids = new Map(nodes.map(({ address }, index) => [address, `n${index}`]));
  const groups = byKind(nodes).flatMap(([kind, members], index) => {
    const boxes = members.map(({ address, name }) => `    ${ids.get(address) ?? ""}["${mermaidText(name)}"]`);
    return [`  subgraph k${index}["${mermaidText(kind)}"]`].concat(boxes, "  end");
  });
  const arrows = edges.map(
    ({ from, to, link }) => `  ${ids.get(from) ?? ""} ${MERMAID_ARROWS[link]} ${ids.get(to) ?? ""}`,
  );
  const dashed = edges.flatMap(({ link }, index) => (link === "broken" ? [index] : []));
  const styles = dashed.length === 0 ? [] : [`  linkStyle ${dashed.join(",")} stroke-dasharray:8 5`];
  return `${["flowchart LR", ...groups, ...arrows, ...styles].join("\n")}\n`;
}

const MERMAID_ARROWS: Readonly<Record<GraphEdge["link"], string>> = {
  plain: "-->",
  broken: `-->|"${BROKEN}"|`,
  local: "-.->",
};

/** Inside of quotes: what Mermaid or HTML would take for its own is written as a character code. */
function mermaidText(text: string): string {
  return text.replace(/[^\p{L}\p{N} ._/-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}

/** For Graphviz. */
export function dot({ project, nodes, edges }: ReferenceGraph): string {
  const groups = byKind(nodes).flatMap(([kind, members]) => {
    const boxes = members.map(({ address, name }) => `    ${dotText(address)} [label=${dotText(name)}];`);
    const head = [`  subgraph ${dotText(`cluster_${kind}`)} {`, `    label=${dotText(kind)};`];
    return head.concat(boxes, "  }");
  });
  const arrows = edges.map(({ from, to, link }) => `  ${dotText(from)} -> ${dotText(to)}${DOT_STYLES[link]};`);
  const head = [`digraph ${dotText(project)} {`, "  rankdir=LR;", "  node [shape=box, style=rounded];"];
  return `${[...head, ...groups, ...arrows, "}"].join("\n")}\n`;
}

const DOT_STYLES: Readonly<Record<GraphEdge["link"], string>> = {
  plain: "",
  broken: ` [style=dashed, label="${BROKEN}"]`,
  local: " [style=dotted]",
};

function dotText(text: string): string {
  return `"${visible(text).replaceAll(/[\\"]/g, "\\$&")}"`;
}

/** In the order of the nodes. */
function byKind(nodes: readonly GraphNode[]): readonly (readonly [string, readonly GraphNode[]])[] {
  return [...grouped(nodes, ({ kind }) => kind)];
}
