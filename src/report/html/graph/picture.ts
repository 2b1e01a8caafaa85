import { grouped } from "../../../model/grouped.ts";
import type { Plan } from "../../../model/plan.ts";
import { columns, cut } from "../../layout.ts";
import { visible } from "../../../model/visible.ts";
import { addressMarkup, TONE_OF } from "../items.ts";
import { markup, own, type Markup } from "../markup.ts";
import { collapsed } from "./collapse.ts";
import { layoutOf, NODE_HEIGHT, type Layout, type Line } from "./layout.ts";
import { referencesOf, type Graph, type GraphNode } from "./references.ts";

const LETTER = 7.3;
const WIDEST_NAME = 26;

/** The anchor on the page for each address, as it is shown. */
export type Anchors = ReadonlyMap<string, string>;

/** How the resources refer to each other, as a picture and in words; `undefined` when none does. */
export function graphSection(plan: Plan, anchors: Anchors): Markup | undefined {
  const whole = referencesOf(plan);
  if (whole.edges.length === 0) return undefined;
  const graph = collapsed(whole);
  const note =
    graph.nodes.length < whole.nodes.length
      ? markup`<p class="intro">${whole.nodes.length} resources; similar resources are grouped.</p>`
      : undefined;
  return markup`<section aria-labelledby="graph"><h2 id="graph">References between resources</h2>
${note}<div class="graph" role="region" aria-label="Picture of the references" tabindex="0">${picture(graph, anchors)}</div>
<details class="more words"><summary>The same as text</summary><ul class="references">${inWords(whole)}</ul></details></section>
`;
}

function inWords({ edges }: Graph): readonly Markup[] {
  return [...grouped(edges, ({ from }) => from)].map(
    ([from, targets]) =>
      markup`<li>${addressMarkup(visible(from))} refers to ${targets.map(({ to }, index) => [index === 0 ? "" : ", ", addressMarkup(visible(to))])}</li>
`,
  );
}

interface Frame {
  readonly layout: Layout;
  readonly numbers: ReadonlyMap<string, number>;
}

function picture(graph: Graph, anchors: Anchors): Markup {
  const layout = layoutOf(graph, new Map(graph.nodes.map((node) => [node.id, widthOf(node)])));
  const frame = { layout, numbers: new Map(graph.nodes.map(({ id }, index) => [id, index])) };
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  return markup`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="References between resources">
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0.5 8 4 0 7.5z"/></marker></defs>
<g class="edges" aria-hidden="true">${layout.lines.map((line) => curve(line, frame))}</g>
${graph.nodes.map((node) => box(node, frame, anchors))}</svg>`;
}

function widthOf({ name, kind }: GraphNode): number {
  return Math.max(60, Math.max(columns(shortName(name)), columns(kind) * 0.9) * LETTER + 30);
}

function titleOf({ kind, name, action, size }: GraphNode): string {
  if (size > 1) return `${kind}: ${name}`;
  return `${kind}/${name}, ${action ?? "unchanged"}`;
}

function shortName(name: string): string {
  return cut(visible(name), WIDEST_NAME);
}

function box(node: GraphNode, { layout, numbers }: Frame, anchors: Anchors): Markup {
  const { id, kind, name, action, size } = node;
  const at = layout.boxes.get(id) ?? { x: 0, y: 0, width: 0 };
  const width = round(at.width);
  const [x, y] = [round(at.x - width / 2), round(at.y - NODE_HEIGHT / 2)];
  const tone = action === undefined ? "rest" : TONE_OF[action];
  const stack =
    size > 1
      ? markup`<rect class="stack" x="${x + 4}" y="${y + 4}" width="${width}" height="${NODE_HEIGHT}" rx="6"/>`
      : undefined;
  const body = markup`<title>${titleOf(node)}</title>${stack}<rect class="card" x="${x}" y="${y}" width="${width}" height="${NODE_HEIGHT}" rx="6"/><path class="stripe" d="M${x + 0.5} ${y + 6}v${NODE_HEIGHT - 12}"/><text class="kind" x="${x + 13}" y="${y + 17}">${kind}</text><text x="${x + 13}" y="${y + 34}">${shortName(name)}</text>`;
  const anchor = anchors.get(visible(id));
  const number = numbers.get(id) ?? 0;
  return anchor === undefined
    ? markup`<g class="node ${tone}" data-node="${number}">${body}</g>
`
    : markup`<a class="node ${tone}" data-node="${number}" href="#${anchor}">${body}</a>
`;
}

/** A smooth curve: it passes the middle between each two points, and bends towards the points. */
function curve({ from, to, both, points }: Line, { numbers }: Frame): Markup {
  const [first, ...others] = points.map(({ x, y }) => ({ x: round(x), y: round(y) }));
  const bends = others.slice(0, -1).map((point, index) => {
    const next = others[index + 1] ?? point;
    return `Q${point.x} ${point.y} ${round((point.x + next.x) / 2)} ${round((point.y + next.y) / 2)}`;
  });
  const last = others.at(-1);
  const path = `M${first?.x ?? 0} ${first?.y ?? 0}${bends.join("")}L${last?.x ?? 0} ${last?.y ?? 0}`;
  const start = both ? markup` marker-start="url(#head)"` : undefined;
  const ends = `${numbers.get(from) ?? 0} ${numbers.get(to) ?? 0}`;
  return markup`<path d="${own(path)}" data-ends="${ends}"${start} marker-end="url(#head)"/>
`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
