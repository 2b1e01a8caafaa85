import { setImmediate } from "node:timers/promises";
import { exitCode } from "../../src/cli/exit-code.ts";
import type { Address } from "../../src/model/address.ts";
import type { StepResult } from "../../src/model/event.ts";
import type { Plan } from "../../src/model/plan.ts";
import { ProviderError } from "../../src/model/provider.ts";
import type { Resource } from "../../src/model/resource.ts";
import type { Runtime } from "../../src/model/runtime.ts";
import { applyProject, type ApplyOutcome } from "../../src/operations/apply.ts";
import { findDrift } from "../../src/operations/drift.ts";
import { COUNTED, findingsIn } from "../../src/operations/findings.ts";
import { currentLedger } from "../../src/operations/plan.ts";
import type { PlanChoices } from "../../src/model/plan-choices.ts";
import { planAdopting, type Manifests } from "../../src/operations/adopt-conflicts.ts";
import type { Workspace } from "../../src/operations/workspace.ts";
import { mayAdopt, type ConflictRule } from "../../src/model/conflict.ts";
import {
  type EmulatorOptions,
  type Emulator,
  startEmulator,
} from "../../src/providers/telnyx/emulator/emulator.ts";
import { createTelnyxProvider } from "../../src/providers/telnyx/provider.ts";
import { isEmpty } from "../../src/report/tally.ts";
import { KEY, type Ran } from "../e2e/cli.ts";
import { manifest } from "../memory/memory-project.ts";
import { Killed } from "../stories/cut.ts";
import { addressOf, type Manifest } from "../stories/manifests.ts";
import type { PlanShown } from "../stories/order.ts";
import type { Cut, Moment } from "../stories/story.ts";
import { directTo } from "./direct.ts";
import { memoryLedger, type MemoryLedger } from "./memory-ledger.ts";
import { type Saved, savedPlan, whyStale } from "./saved.ts";
import { manifestFiles, manifestsInFiles, type ManifestFiles } from "./manifest-files.ts";
import type { Stage } from "./environment.ts";

const DIRECT = "http://127.0.0.1:1/v2";

interface Scene {
  readonly emulator: Emulator;
  readonly runtime: Runtime;
  ledger: MemoryLedger;
  resources: readonly Resource[];
  shown: Plan | undefined;
  reported: readonly StepResult[] | undefined;
  saved: Saved | undefined;
  manifests: readonly Manifest[];
  readonly files: ManifestFiles;
}

/** Commands as the operations run them: no process, no file, no connection. */
export async function openEngineStage(options: EmulatorOptions = {}): Promise<Stage> {
  const clock = virtualClock();
  const emulator = await startEmulator({ seed: 1, now: clock.now, ...options });
  const scene: Scene = {
    emulator,
    runtime: clock.runtime,
    ledger: memoryLedger(clock.runtime),
    resources: [],
    shown: undefined,
    reported: undefined,
    saved: undefined,
    manifests: [],
    files: manifestFiles(),
  };
  return {
    emulator,
    async declare(...manifests) {
      scene.manifests = manifests;
      scene.resources = manifests.map(resourceOf);
    },
    run: (...args) => run(scene, scene.runtime, args),
    cutOff: (at, ...args) => cutOff(scene, at, args),
    showsApplied: true,
    applied: () => (scene.shown === undefined ? undefined : shownPlan(scene.shown, 0)),
    reported: () => scene.reported,
    manifests: () => manifestsInFiles(scene.files.folder),
    ledger: {
      state: () => scene.ledger.read(),
      photograph() {
        const { ledger } = scene;
        const { shelf } = ledger;
        return () => void (ledger.shelf = shelf);
      },
      lose: () => void (scene.ledger.shelf = {}),
      exchange() {
        const { state, log } = scene.ledger.shelf;
        const bring = () => {
          const { log: own } = scene.ledger.shelf;
          const isOther = state !== undefined && own?.head.lineage !== state.lineage;
          const kept = own === undefined || isOther ? {} : { log: own };
          scene.ledger.shelf = state === undefined ? kept : { state, ...kept };
        };
        return { isPartial: log !== undefined, bring };
      },
    },
    async beginAgain() {
      emulator.reset();
      scene.ledger = memoryLedger(clock.runtime);
      scene.resources = [];
      scene.saved = undefined;
    },
    close: () => emulator.close(),
  };
}

function virtualClock(): { readonly now: () => number; readonly runtime: Runtime } {
  let now = Date.UTC(2026, 0, 1);
  let count = 0;
  const runtime: Runtime = {
    now: () => new Date(now),
    // About a half, so that time passes between attempts; the rest reads other samples of objects in each plan.
    random: () => 0.45 + (((now % 1e6) * 48_271) % 2_147_483_647) / 2_147_483_647 / 10,
    uuid: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, "0")}`,
    async sleep(milliseconds) {
      const moment = now + milliseconds;
      await setImmediate();
      now = Math.max(now, moment);
    },
  };
  return { now: () => now, runtime };
}

function resourceOf(one: Manifest): Resource {
  return manifest(addressOf(one) as Address, one.spec, one.lifecycle);
}

/** Once it is dead, no request gets through, no wait ends, and what is kept stays as it is. */
async function cutOff(scene: Scene, at: Moment | Cut, args: readonly string[]): Promise<Ran | undefined> {
  const { emulator, ledger, runtime } = scene;
  let isDead = false;
  let changes = 0;
  const die = () => {
    isDead = true;
    emulator.inject({ times: "always", fault: { kind: "reset-before" } });
  };
  ledger.beforeChange = () => {
    changes += 1;
    if ("step" in at && changes === at.step) die();
    if (isDead) throw new Killed();
  };
  if (!("step" in at)) {
    const { side, ...match } = at;
    const kind = side === "before" ? "reset-before" : "reset-after";
    emulator.inject({ match, fault: { kind }, onStrike: die });
  }
  const sleep: Runtime["sleep"] = async (milliseconds) => {
    if (isDead) throw new Killed();
    return runtime.sleep(milliseconds);
  };
  try {
    const ran = await run(scene, { ...runtime, sleep }, args).catch((error: unknown) => {
      if (!isDead) throw error;
      return undefined;
    });
    return isDead ? undefined : ran;
  } finally {
    ledger.beforeChange = () => undefined;
    emulator.clearFaults();
  }
}

async function run(scene: Scene, runtime: Runtime, args: readonly string[]): Promise<Ran> {
  const { emulator, ledger, resources } = scene;
  const provider = createTelnyxProvider({
    apiKey: KEY,
    baseUrl: DIRECT,
    runtime,
    connections: directTo(emulator),
  });
  const workspace: Workspace = {
    project: "stories",
    environment: "default",
    protectAll: false,
    resources,
    includedFile: () => undefined,
    provider,
    ledger,
    runtime,
  };
  const command = COMMANDS[args[0] ?? ""];
  if (command === undefined) throw new Error(`no command ${args[0]}`);
  try {
    return await command(scene, workspace, args);
  } catch (error) {
    if (error instanceof ProviderError) return { code: 1, stdout: "", stderr: error.message };
    throw error;
  } finally {
    await provider.close();
  }
}

type Command = (scene: Scene, workspace: Workspace, args: readonly string[]) => Promise<Ran>;

const COMMANDS: Readonly<Record<string, Command>> = {
  validate: async () => ({ code: 0, stdout: "", stderr: "" }),
  async plan(scene, workspace, args) {
    const choices = choicesOf(args);
    const { manifests, ...opened } = await adopting(scene, workspace, choices);
    const ledger = await currentLedger(opened.workspace, choices);
    const { plan } = await planAdopting(opened.workspace, choices, ledger, manifests);
    if (args.includes("--out")) scene.saved = savedPlan(plan, choices, workspace);
    const refused = plan.refusals.length > 0;
    const code = exitCode({
      command: "plan",
      refused,
      detailed: args.includes("--detailed-exitcode"),
      changes: !isEmpty(plan),
    });
    return ran(code, plan);
  },
  async drift(_, workspace) {
    const plan = await findDrift(workspace, choicesOf([]));
    const found = [...findingsIn(plan)].some((one) => COUNTED.includes(one));
    return ran(exitCode({ command: "drift", found }), plan);
  },
  apply: (scene, workspace, args) => applied(scene, workspace, args),
  destroy: (scene, workspace, args) => applied(scene, workspace, args),
};

function choicesOf(args: readonly string[]): PlanChoices {
  const target = args[args.indexOf("--target") + 1];
  return {
    prune: args.includes("--prune") || args[0] === "destroy",
    destroy: args[0] === "destroy",
    onConflict: args.flatMap(ruleIn),
    allowMassChange: true,
    adopt: args.includes("--adopt"),
    ...(args.includes("--target") && target !== undefined ? { only: new Set([target as Address]) } : {}),
  };
}

/** `--on-conflict=adopt=Assistant/a:/greeting` */
function ruleIn(arg: string): readonly ConflictRule[] {
  const [, what, address, path] = /^--on-conflict=(\w+)(?:=([^:]+)(?::(.*))?)?$/.exec(arg) ?? [];
  if (what === undefined) return [];
  return [Object.assign({ what }, address && { address }, path && { path }) as ConflictRule];
}

interface Opened {
  readonly workspace: Workspace;
  readonly manifests?: Manifests;
}

/** With files, where live values may be written into them. */
async function adopting(scene: Scene, workspace: Workspace, { onConflict }: PlanChoices): Promise<Opened> {
  if (!mayAdopt(onConflict)) return { workspace };
  const manifests = await scene.files.opened(scene.manifests, ({ resources }) => {
    scene.resources = resources;
    scene.manifests = manifestsInFiles(scene.files.folder);
  });
  const { resources, includedFile } = manifests.loaded;
  return { workspace: { ...workspace, resources, includedFile }, manifests };
}

async function applied(scene: Scene, workspace: Workspace, args: readonly string[]): Promise<Ran> {
  const { saved } = scene;
  const isSaved = args.includes("plan.json") && saved !== undefined;
  const choices = isSaved ? saved.choices : choicesOf(args);
  const opened = await adopting(scene, workspace, choices);
  scene.shown = undefined;
  scene.reported = undefined;
  const outcome = await applyProject(opened.workspace, {
    ...choices,
    ...(opened.manifests === undefined ? {} : { manifests: opened.manifests }),
    ...(isSaved ? { check: (plan: Plan) => whyStale(saved, plan, workspace) } : {}),
    parallelism: 2,
    holder: { who: "tester", host: "here", pid: 1, operation: "apply" },
    lockTimeout: 0,
    approve: async (plan) => {
      scene.shown = plan;
      return true;
    },
    onEvent: () => undefined,
  });
  scene.shown = outcome.plan;
  scene.reported = outcome.status === "done" ? outcome.result.steps : [];
  return { ...ran(codeOf(outcome), outcome.plan), stderr: failuresOf(outcome) };
}

function codeOf(outcome: ApplyOutcome): number {
  if (outcome.status !== "done") return exitCode({ command: "apply", status: outcome.status });
  const { steps, stopped } = outcome.result;
  return exitCode({ command: "apply", status: "done", steps, ...(stopped === undefined ? {} : { stopped }) });
}

function failuresOf(outcome: ApplyOutcome): string {
  if (outcome.status !== "done") return JSON.stringify(outcome.plan.refusals);
  const failed = outcome.result.steps.filter(({ outcome: { status } }) => status !== "applied");
  return JSON.stringify(failed.map(({ step, outcome: end }) => ({ id: step.id, end })));
}

function ran(code: number, plan: Plan): Ran {
  return { code, stdout: JSON.stringify({ x_rollcall: shownPlan(plan, code) }), stderr: "" };
}

function shownPlan({ changes, drift, refusals }: Plan, code: number): PlanShown {
  return { code, empty: changes.length === 0, changes, drift, refusals } as PlanShown;
}
