import type { Action, Plan } from "../../../model/plan.ts";
import { columns, cut } from "../../layout.ts";
import { visible } from "../../safe.ts";
import { addressMarkup } from "../items.ts";
import { markup, own, type Markup } from "../markup.ts";
import { collapsed } from "./collapse.ts";
import { layersOf, type Layers, type Route } from "./layers.ts";
import { NODE_HEIGHT, placementOf, type Placement } from "./placement.ts";
import { referencesOf, type Graph, type GraphNode } from "./references.ts";

const LETTER = 7.3;
const WIDEST_NAME = 26;
const BETWEEN = 84;
const MARGIN = 8;
/** How far apart lines meet a node. */
const PORT = 7;

const TONES: Readonly<Record<Action, string>> = {
  create: "add",
  update: "mod",
  replace: "del",
  delete: "del",
  adopt: "keep",
  move: "keep",
  forget: "keep",
  observe: "keep",
  "no-op": "keep",
};

/** Where an address, as it is shown, is told of on the page. */
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
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  return [...targets].map(
    ([from, to]) =>
      markup`<li>${addressMarkup(visible(from))} refers to ${to.map((one, index) => [index === 0 ? "" : ", ", addressMarkup(visible(one))])}</li>
`,
  );
}

interface Frame {
  readonly graph: Graph;
  readonly layers: Layers;
  readonly placement: Placement;
  /** Left edge and width of each column. */
  readonly lefts: readonly number[];
  readonly widths: readonly number[];
  readonly numbers: ReadonlyMap<string, number>;
}

function picture(graph: Graph, anchors: Anchors): Markup {
  const frame = frameOf(graph);
  const { lefts, widths, placement } = frame;
  const width = Math.ceil((lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0) + MARGIN);
  const height = Math.ceil(placement.height + MARGIN);
  return markup`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="References between resources">
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0.5 8 4 0 7.5z"/></marker></defs>
<g class="edges" aria-hidden="true">${frame.layers.routes.map((route) => line(route, frame))}</g>
${graph.nodes.map((node) => box(node, frame, anchors))}</svg>`;
}

function frameOf(graph: Graph): Frame {
  const layers = layersOf(graph);
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const placement = placementOf(layers, (slot) => nodes.has(slot));
  const widths = layers.columns.map((column) => {
    const longest = column
      .map((slot) => nodes.get(slot))
      .map((node) => (node === undefined ? 0 : widthOf(node)));
    return Math.max(60, ...longest);
  });
  let left = MARGIN;
  const lefts = widths.map((width) => {
    const at = left;
    left += width + BETWEEN;
    return at;
  });
  const numbers = new Map(graph.nodes.map(({ id }, index) => [id, index]));
  return { graph, layers, placement, lefts, widths, numbers };
}

function widthOf({ name, kind }: GraphNode): number {
  return Math.max(columns(shortName(name)), columns(kind) * 0.9) * LETTER + 30;
}

function titleOf({ kind, name, action, size }: GraphNode): string {
  if (size > 1) return `${kind}: ${name}`;
  return `${kind}/${name}, ${action ?? "unchanged"}`;
}

function shortName(name: string): string {
  return cut(visible(name), WIDEST_NAME);
}

function box(node: GraphNode, frame: Frame, anchors: Anchors): Markup {
  const { id, kind, name, action, size } = node;
  const column = frame.layers.columns.findIndex((slots) => slots.includes(id));
  const x = round(frame.lefts[column] ?? 0);
  const y = round((frame.placement.middles.get(id) ?? 0) - NODE_HEIGHT / 2 + MARGIN / 2);
  const width = round(frame.widths[column] ?? 0);
  const tone = action === undefined ? "rest" : TONES[action];
  const stack =
    size > 1
      ? markup`<rect class="stack" x="${x + 4}" y="${y + 4}" width="${width}" height="${NODE_HEIGHT}" rx="6"/>`
      : undefined;
  const body = markup`<title>${titleOf(node)}</title>${stack}<rect class="card" x="${x}" y="${y}" width="${width}" height="${NODE_HEIGHT}" rx="6"/><path class="stripe" d="M${x + 0.5} ${y + 6}v${NODE_HEIGHT - 12}"/><text class="kind" x="${x + 13}" y="${y + 17}">${kind}</text><text x="${x + 13}" y="${y + 34}">${shortName(name)}</text>`;
  const anchor = anchors.get(visible(id));
  const number = frame.numbers.get(id) ?? 0;
  return anchor === undefined
    ? markup`<g class="node ${tone}" data-node="${number}">${body}</g>
`
    : markup`<a class="node ${tone}" data-node="${number}" href="#${anchor}">${body}</a>
`;
}

/** From the right side of one node to the left side of the other, straight past what lies between. */
function line(route: Route, frame: Frame): Markup {
  const { from, to, back, both, slots } = route;
  const start = frame.layers.columns.findIndex((column) => column.includes(from));
  const ys = slots.map((slot, index) => {
    const middle = (frame.placement.middles.get(slot) ?? 0) + MARGIN / 2;
    if (index === 0) return middle + port(route, from, frame);
    return index === slots.length - 1 ? middle + port(route, to, frame) : middle;
  });
  const parts = ys.slice(1).map((y, index) => {
    const [x1, x2] = [rightOf(start + index, frame), frame.lefts[start + index + 1] ?? 0];
    const bend = (x2 - x1) / 2;
    const isBend = index < ys.length - 2;
    const onward = isBend ? `H${round(x2 + (frame.widths[start + index + 1] ?? 0))}` : "";
    return `C${round(x1 + bend)} ${round(ys[index] ?? 0)} ${round(x2 - bend)} ${round(y)} ${round(x2)} ${round(y)}${onward}`;
  });
  const path = `M${round(rightOf(start, frame))} ${round(ys[0] ?? 0)}${parts.join("")}`;
  const heads = [
    ...(back || both ? [markup` marker-start="url(#head)"`] : []),
    ...(back ? [] : [markup` marker-end="url(#head)"`]),
  ];
  const ends = `${frame.numbers.get(from) ?? 0} ${frame.numbers.get(to) ?? 0}`;
  return markup`<path d="${own(path)}" data-ends="${ends}"${heads}/>
`;
}

function rightOf(column: number, { lefts, widths }: Frame): number {
  return (lefts[column] ?? 0) + (widths[column] ?? 0);
}

/** Lines that meet at the same side of a node stand a little apart, in the order of where they come from. */
function port(route: Route, node: string, { layers, placement }: Frame): number {
  const isStart = route.from === node;
  const others = layers.routes
    .filter(({ from, to }) => (isStart ? from : to) === node)
    .map((one) => ({ one, y: placement.middles.get((isStart ? one.slots[1] : one.slots.at(-2)) ?? "") ?? 0 }))
    .sort((a, b) => a.y - b.y);
  const index = others.findIndex(({ one }) => one === route);
  const room = Math.min(PORT, (NODE_HEIGHT - 12) / Math.max(1, others.length - 1));
  return (index - (others.length - 1) / 2) * room;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
