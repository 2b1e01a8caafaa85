import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { evaluate, filledIn, isTrue, type Contexts } from "./expression.ts";
import { REPOSITORY, type FakeGitHub } from "./github.ts";

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "continue-on-error"?: boolean;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

interface WorkflowJob {
  readonly needs?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** The parts of a `pull_request` event that the action reads. */
export interface PullRequestEvent {
  readonly number: number;
  readonly head: {
    readonly sha: string;
    readonly ref: string;
    readonly repo: { readonly full_name: string };
  };
  readonly base: { readonly ref: string };
}

/** A run of a workflow: what GitHub would know of it. */
export interface Run {
  /** Where actions are checked out: that of this project, built. */
  readonly action: string;
  /** What `actions/checkout` puts into the workspace of each job. */
  readonly checkOut: (workspace: string) => Promise<unknown>;
  readonly hub: FakeGitHub;
  readonly folder: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly eventName: string;
  readonly sha: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Of the machine: where the API is. */
  readonly env: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Of the run at GitHub. */
  readonly id: number;
  /** The file in `.github/workflows`. */
  readonly workflow: string;
}

export interface Ended {
  readonly ok: boolean;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Names of the steps that ran. */
  readonly steps: readonly string[];
}

/** The jobs of a workflow, one after the other; `undefined` for one that was left out. */
export async function runWorkflow(
  file: string,
  started: Run,
): Promise<Readonly<Record<string, Ended | undefined>>> {
  const { jobs } = parse(await readFile(file, "utf8")) as {
    readonly jobs: Readonly<Record<string, WorkflowJob>>;
  };
  const run = { ...started, workflow: basename(file) };
  announce(run);
  const ended: Record<string, Ended | undefined> = {};
  for (const [name, job] of Object.entries(jobs)) {
    const needed = job.needs === undefined ? undefined : ended[job.needs];
    const contexts = {
      ...contextsOf(run, run.folder),
      needs: { [job.needs ?? ""]: { outputs: needed?.outputs } },
    };
    const isWanted = job.if === undefined || isTrue(evaluate(job.if, contexts));
    if ((job.needs !== undefined && needed?.ok !== true) || !isWanted) continue;
    ended[name] = await runJob(job, run, contexts);
  }
  return ended;
}

/** One use of the action, in a workspace that is checked out already. */
export async function runAction(run: Run, inputs: Readonly<Record<string, string>>): Promise<Ended> {
  announce(run);
  const step = { uses: "rollcall-org/rollcall@0", with: inputs, env: { ...run.secrets } };
  return runJob(
    { steps: [{ uses: "actions/checkout@0" }, { ...step, id: "own" }] },
    run,
    contextsOf(run, run.folder),
    "own",
  );
}

/** GitHub knows of the run. */
function announce({ hub, id, workflow, event, eventName, sha }: Run): void {
  const pull = event["pull_request"] as PullRequestEvent | undefined;
  const pulls = pull === undefined ? [] : [{ number: pull.number, base: { ref: pull.base.ref } }];
  hub.runs.splice(0, hub.runs.length, ...hub.runs.filter((run) => run.id !== id), {
    id,
    event: eventName,
    path: `.github/workflows/${workflow}`,
    head_sha: pull?.head.sha ?? sha,
    head_branch: pull?.head.ref ?? "main",
    head_repository: { full_name: pull?.head.repo.full_name ?? REPOSITORY },
    pull_requests: pull?.head.repo.full_name === REPOSITORY ? pulls : [],
  });
}

async function runJob(job: WorkflowJob, run: Run, contexts: Contexts, show?: string): Promise<Ended> {
  const workspace = await mkdtemp(join(run.folder, "workspace-"));
  const temp = await mkdtemp(join(run.folder, "temp-"));
  const place: Place = { run, workspace, temp, log: [], ran: [], summary: join(temp, "summary.md") };
  const env = filledAll(job.env ?? {}, contexts);
  const { ok, steps } = await runSteps(job.steps, place, { ...contexts, runner: { temp } }, env);
  const outputs =
    show === undefined ? filledAll(job.outputs ?? {}, { ...contexts, steps }) : (steps[show]?.outputs ?? {});
  const summary = existsSync(place.summary) ? await readFile(place.summary, "utf8") : "";
  return { ok, log: place.log.join(""), summary, outputs, steps: place.ran };
}

interface Place {
  readonly run: Run;
  readonly workspace: string;
  readonly temp: string;
  readonly summary: string;
  readonly log: string[];
  readonly ran: string[];
}

interface StepEnd {
  readonly outcome: "success" | "failure";
  readonly outputs: Readonly<Record<string, string>>;
}

type Env = Readonly<Record<string, string>>;

async function runSteps(steps: readonly Step[], place: Place, contexts: Contexts, env: Env) {
  const ended: Record<string, StepEnd> = {};
  let ok = true;
  for (const step of steps) {
    const known = { ...contexts, steps: ended };
    if (!ok || (step.if !== undefined && !isTrue(evaluate(step.if, known)))) continue;
    place.ran.push(step.name ?? step.uses ?? step.run ?? "");
    const own = { ...env, ...filledAll(step.env ?? {}, known) };
    const end = await runStep(step, place, known, own);
    if (step.id !== undefined) ended[step.id] = end;
    if (end.outcome === "failure" && step["continue-on-error"] !== true) ok = false;
  }
  return { ok, steps: ended };
}

async function runStep(step: Step, place: Place, contexts: Contexts, env: Env): Promise<StepEnd> {
  if (step.run !== undefined) return runScript(filledIn(step.run, contexts), place, env);
  const inputs = filledAll(step.with ?? {}, contexts);
  const [name = ""] = (step.uses ?? "").split("@");
  if (name === "rollcall-org/rollcall") return runComposite(place, contexts, inputs, env);
  const standIn = STAND_INS[name];
  if (standIn === undefined) throw new Error(`there is no stand-in for ${step.uses}`);
  await standIn(place, inputs);
  return { outcome: "success", outputs: {} };
}

async function runComposite(place: Place, contexts: Contexts, given: Env, env: Env): Promise<StepEnd> {
  const action = parse(await readFile(join(place.run.action, "action.yml"), "utf8")) as Action;
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(action.inputs, name));
  if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(", ")}`);
  const defaults = Object.entries(action.inputs).map(([name, { default: text = "" }]) => [name, text] as const);
  const inputs = { ...filledAll(Object.fromEntries(defaults), contexts), ...given };
  const { ok, steps } = await runSteps(action.runs.steps, place, { ...contexts, inputs }, env);
  const values = Object.entries(action.outputs).map(([name, { value }]) => [name, value] as const);
  const outputs = filledAll(Object.fromEntries(values), { ...contexts, steps });
  return { outcome: ok ? "success" : "failure", outputs };
}

/** As a runner does it: the script in a file, and a shell that stops at the first error. */
async function runScript(script: string, place: Place, env: Env): Promise<StepEnd> {
  const { run, workspace, temp } = place;
  const folder = await mkdtemp(join(temp, "step-"));
  const [file, outputs, event] = ["script.sh", "output", "event.json"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([
    writeFile(file, script),
    writeFile(outputs, ""),
    writeFile(event, JSON.stringify(run.event)),
  ]);
  const child = spawn("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", file], {
    cwd: workspace,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      CI: "true",
      ...run.env,
      ...env,
      GITHUB_ACTIONS: "true",
      GITHUB_ACTION_PATH: run.action,
      GITHUB_ACTOR: "somebody",
      GITHUB_API_URL: run.hub.url,
      GITHUB_GRAPHQL_URL: `${run.hub.url}/graphql`,
      GITHUB_EVENT_NAME: run.eventName,
      GITHUB_EVENT_PATH: event,
      GITHUB_OUTPUT: outputs,
      GITHUB_REF_NAME: "main",
      GITHUB_REF_TYPE: "branch",
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_RUN_ID: String(run.id),
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_SHA: run.sha,
      GITHUB_STEP_SUMMARY: place.summary,
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
    },
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => place.log.push(chunk.toString()));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  const lines = (await readFile(outputs, "utf8")).split("\n").filter((line) => line !== "");
  const pairs = lines.map(
    (line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const,
  );
  return { outcome: code === 0 ? "success" : "failure", outputs: Object.fromEntries(pairs) };
}

/** What the actions of others do, as far as it is needed; each knows the inputs of the real one that are used. */
const STAND_INS: Readonly<Record<string, (place: Place, inputs: Env) => Promise<unknown>>> = {
  "actions/setup-node": async (_, inputs) => only(inputs, "node-version", "package-manager-cache"),
  "actions/checkout": async ({ run, workspace }, inputs) => {
    only(inputs, "persist-credentials");
    await run.checkOut(workspace);
  },
  "actions/upload-artifact": async ({ run }, inputs) => {
    only(inputs, "name", "path", "if-no-files-found", "overwrite", "retention-days");
    const folder = await mkdtemp(join(run.folder, "artifact-"));
    await cp(inputs["path"] ?? "", folder, { recursive: true });
    const pull = run.event["pull_request"] as PullRequestEvent | undefined;
    run.hub.artifacts.push({
      name: inputs["name"] ?? "",
      expired: false,
      created_at: new Date().toISOString(),
      workflow_run: {
        id: run.id,
        repository_id: 1,
        head_repository_id: 1,
        head_sha: pull?.head.sha ?? run.sha,
      },
      folder,
    });
  },
  "actions/download-artifact": async ({ run }, inputs) => {
    only(inputs, "name", "path", "run-id", "github-token");
    const from = inputs["run-id"] ?? String(run.id);
    const found = run.hub.artifacts.findLast(
      ({ name, workflow_run: of }) => name === inputs["name"] && String(of["id"]) === from,
    );
    if (found === undefined) throw new Error(`there is no artifact ${inputs["name"]}`);
    await mkdir(inputs["path"] ?? "", { recursive: true });
    await cp(found.folder, inputs["path"] ?? "", { recursive: true });
  },
};

function only(inputs: Env, ...known: readonly string[]): void {
  const others = Object.keys(inputs).filter((name) => !known.includes(name));
  if (others.length > 0) throw new Error(`this stand-in does not know ${others.join(", ")}`);
}

function contextsOf(run: Run, temp: string): Contexts {
  const github = {
    event: run.event,
    event_name: run.eventName,
    token: "TOKEN",
    repository: REPOSITORY,
    sha: run.sha,
  };
  return { github, runner: { temp }, secrets: run.secrets, vars: run.vars ?? {}, inputs: {} };
}

function filledAll(texts: Env, contexts: Contexts): Env {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, filledIn(String(text), contexts)]),
  );
}
