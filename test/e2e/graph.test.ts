import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReferenceGraph } from "../../src/model/reference-graph.ts";
import { desk, EXAMPLE, type Desk } from "./cli.ts";

let example: Desk;

beforeAll(async () => {
  example = await desk(EXAMPLE);
});

afterAll(() => example.close());

async function graph(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await example.rollcall("graph", "--env", "staging", ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

async function data(...args: readonly string[]): Promise<ReferenceGraph> {
  return JSON.parse(await graph("--format", "json", ...args)) as ReferenceGraph;
}

interface Drawn {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/** Fails on a line that is none of those that the picture is made of. */
function readMermaid(text: string): Drawn {
  const names = new Map<string, string>();
  const edges: { readonly from: string; readonly arrow: string; readonly to: string }[] = [];
  let kind = "";
  let dashed: readonly number[] = [];
  const [first, ...lines] = text.trimEnd().split("\n");
  expect(first).toBe("flowchart LR");
  for (const line of lines) {
    const group = /^ {2}subgraph k\d+\["(\w+)"\]$/.exec(line);
    const node = /^ {4}(n\d+)\["([\w.-]+)"\]$/.exec(line);
    const edge = /^ {2}(n\d+) (-->|-\.->|-->\|"added afterwards"\|) (n\d+)$/.exec(line);
    const style = /^ {2}linkStyle ([\d,]+) stroke-dasharray:8 5$/.exec(line);
    if (group !== null) kind = group[1] ?? "";
    else if (node !== null) names.set(node[1] ?? "", `${kind}/${node[2]}`);
    else if (edge !== null) edges.push({ from: edge[1] ?? "", arrow: edge[2] ?? "", to: edge[3] ?? "" });
    else if (style !== null) dashed = (style[1] ?? "").split(",").map(Number);
    else expect(line).toBe("  end");
  }
  expect(dashed).toEqual(edges.flatMap(({ arrow }, index) => (arrow.includes("|") ? [index] : [])));
  const links = { "-->": "plain", "-.->": "local" } as Readonly<Record<string, string>>;
  return {
    nodes: [...names.values()],
    edges: edges.map(
      ({ from, arrow, to }) => `${names.get(from)} ${links[arrow] ?? "broken"} ${names.get(to)}`,
    ),
  };
}

function readDot(text: string): Drawn {
  const nodes: string[] = [];
  const edges: string[] = [];
  const lines = text.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^digraph "[^"]+" \{$/);
  expect(lines.at(-1)).toBe("}");
  for (const line of lines.slice(1, -1)) {
    const node = /^ {4}"([^"]+)" \[label="[^"]+"\];$/.exec(line);
    const edge = /^ {2}"([^"]+)" -> "([^"]+)"(?: \[style=(\w+)(?:, label="[^"]+")?\])?;$/.exec(line);
    const links = { dashed: "broken", dotted: "local" } as Readonly<Record<string, string>>;
    if (node !== null) nodes.push(node[1] ?? "");
    else if (edge !== null) edges.push(`${edge[1]} ${links[edge[3] ?? ""] ?? "plain"} ${edge[2]}`);
    else
      expect(line).toMatch(
        /^ {2}(?:rankdir=LR;|node \[.*\];|subgraph "cluster_\w+" \{|\})$|^ {4}label="\w+";$/,
      );
  }
  return { nodes, edges };
}

describe("rollcall graph on the example", () => {
  test("Mermaid, DOT and JSON show the same", async () => {
    const { nodes, edges } = await data();
    const expected = {
      nodes: nodes.map(({ address }) => address),
      edges: edges.map(({ from, link, to }) => `${from} ${link} ${to}`),
    };
    expect(expected.nodes).toHaveLength(27);
    expect(readMermaid(await graph())).toEqual(expected);
    expect(readDot(await graph("--format", "dot"))).toEqual(expected);
  });

  test("references are found everywhere, and local links are distinguished", async () => {
    const { edges } = await data();
    expect(edges).toContainEqual({
      from: "CanaryDeploy/front-desk-canary",
      to: "AssistantVersion/front-desk-listens-first",
      at: ["/rules/0/serve/version_id", "/rules/1/serve/rollout/0/version_id"],
      link: "plain",
    });
    expect(
      edges.filter(({ link }) => link === "local").every(({ from }) => from.startsWith("AssistantTest/")),
    ).toBe(true);
  });

  test("broken edges are those that apply adds in a second step", async () => {
    const { edges } = await data();
    const plan = await example.rollcall("plan", "--env", "staging", "--format", "json");
    const { x_rollcall: extension } = JSON.parse(plan.stdout) as {
      x_rollcall: { steps: readonly { address: string; action: string; needs: readonly string[] }[] };
    };
    const completed = extension.steps
      .filter(({ action }) => action === "complete")
      .flatMap(({ address, needs }) => needs.filter((id) => id !== address).map((to) => `${address} ${to}`));
    const broken = edges.filter(({ link }) => link === "broken").map(({ from, to }) => `${from} ${to}`);
    expect(broken.length).toBeGreaterThan(3);
    expect([...broken].sort()).toEqual([...completed].sort());
  });

  test("a selection has its resources and the ones they refer to", async () => {
    const { nodes } = await data("rollout");
    expect(nodes.map(({ address }) => address)).toEqual([
      "Assistant/front-desk",
      "AssistantVersion/front-desk-listens-first",
      "CanaryDeploy/front-desk-canary",
    ]);
  });
});

test("the order of files does not matter", async () => {
  const manifest = (name: string, other: string) =>
    `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: ${name} }\nspec:\n  instructions: x\n  tools: [{ type: handoff, handoff: { ai_assistants: [{ name: o, id: { ref: Assistant/${other} } }] } }]\n`;
  const [one, two] = [await desk(), await desk()];
  try {
    await writeFile(join(one.folder, "1.yaml"), manifest("left", "right"));
    await writeFile(join(one.folder, "2.yaml"), manifest("right", "left"));
    await writeFile(
      join(two.folder, "1.yaml"),
      `${manifest("right", "left")}---\n${manifest("left", "right")}`,
    );
    const [first, second] = [await one.rollcall("graph"), await two.rollcall("graph")];
    expect(first.stdout).toBe(second.stdout);
    expect(readMermaid(first.stdout).edges).toEqual([
      "Assistant/left broken Assistant/right",
      "Assistant/right plain Assistant/left",
    ]);
  } finally {
    await one.close();
    await two.close();
  }
});

test("a project with errors has no graph", async () => {
  const one = await desk();
  try {
    await writeFile(
      join(one.folder, "a.yaml"),
      "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: a }\nspec: { instructions: x, tool_ids: [{ ref: Tool/gone }] }\n",
    );
    const { code, stdout, stderr } = await one.rollcall("graph");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("Tool/gone");
  } finally {
    await one.close();
  }
});
