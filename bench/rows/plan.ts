import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { KEY, node, rollcall } from "../process.ts";
import { compare, type Row } from "../row.ts";
import { bare, type Sent } from "../server.ts";
import { applied, type Stage } from "../stage.ts";

const BARE_PLAN = resolve(import.meta.dirname, "../bare-plan.mjs");
const LIBRARY = resolve(import.meta.dirname, "../../dist/index.js");

/** The paths that a plan asks for. */
async function pathsOf({ project, server }: Stage): Promise<readonly string[]> {
  await server.forget();
  const { stdout } = await rollcall(["plan", "--quiet"], { cwd: project, url: server.url });
  if (!stdout.includes("No changes")) throw new Error(`the plan is not empty:\n${stdout.slice(0, 2000)}`);
  const sent = await server.requests();
  if (sent.some(({ method }) => method !== "GET")) throw new Error("the plan wrote");
  return sent.map(pathOf);
}

function pathOf({ path, query }: Sent): string {
  return query === "" ? path : `${path}?${query}`;
}

async function wholeProcess(rounds: number, stage: Stage) {
  const { project, server } = stage;
  const paths = await pathsOf(stage);
  const folder = join(project, ".rollcall");
  const ledger = (await readdir(folder)).find((name) => name.endsWith(".json")) ?? "";
  const task = { manifests: join(project, "manifests"), ledger: join(folder, ledger), url: server.url, paths };
  return compare(
    rounds,
    async () => (await rollcall(["plan", "--quiet"], { cwd: project, url: server.url })).milliseconds,
    async () => (await node([BARE_PLAN, JSON.stringify(task)])).milliseconds,
  );
}

async function inProcess(rounds: number, stage: Stage) {
  const { project, server } = stage;
  const paths = await pathsOf(stage);
  const { loadProject, openWorkspace, planProject } = (await import(
    LIBRARY
  )) as typeof import("../../src/index.ts");
  const loaded = await loadProject({ path: project });
  const workspace = await openWorkspace(loaded, { apiKey: KEY, baseUrl: server.url });
  const plan = async () => {
    const began = performance.now();
    const { steps } = await planProject(workspace);
    if (steps.length > 0) throw new Error("the plan is not empty");
    return performance.now() - began;
  };
  const works = paths.map(
    (path) => (send: (method: "GET", path: string) => Promise<unknown>) => send("GET", path),
  );
  return compare(rounds, plan, () => bare(server.url, 4, works)).finally(() => workspace.close());
}

export const plans: readonly Row[] = [
  {
    name: "plan-1000",
    title:
      "no-change plan of 1,000 (whole process) ÷ node start + `yaml` parse + fetch + parse of answers and ledger",
    goal: 1.6,
    measure: (rounds) => applied({ Assistant: 1000 }, 0, (stage) => wholeProcess(rounds, stage)),
  },
  {
    name: "plan-2100",
    title: "no-change plan of 2,100 in process ÷ bare fetch of the same answers",
    goal: 2.5,
    measure: (rounds) =>
      applied({ Assistant: 1000, AssistantTest: 1000, McpServer: 100 }, 0, (stage) => inProcess(rounds, stage)),
  },
];
