import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCode, type ExitCode } from "../../src/cli/exit-code.ts";
import { KINDS } from "../../src/cli/project.ts";
import { fileLedger } from "../../src/ledger/file.ts";
import { LedgerError, type Ledger } from "../../src/model/ledger.ts";
import type { Plan } from "../../src/model/plan.ts";
import { ProviderError } from "../../src/model/provider.ts";
import type { Resource } from "../../src/model/resource.ts";
import type { Runtime } from "../../src/model/runtime.ts";
import { applyProject, type ApplyOutcome } from "../../src/operations/apply.ts";
import { currentLedger, planProject } from "../../src/operations/plan.ts";
import type { PlanChoices } from "../../src/model/plan-choices.ts";
import type { Workspace } from "../../src/operations/workspace.ts";
import { type Emulator, startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { createTelnyxProvider } from "../../src/providers/telnyx/provider.ts";
import { loadProject } from "../../src/schema/load.ts";
import { HASTY } from "../hasty.ts";
import { declare, type Scenario } from "./scenarios.ts";
import { pictureOf, type Picture } from "./state-snapshot.ts";

/** A project with what is live and in its ledger before a change: the place from which every run of it starts. */
export interface Start {
  /** The emulator's file. */
  readonly live: string;
  readonly ledger: string | undefined;
  readonly resources: readonly Resource[];
  readonly choices: PlanChoices;
}

/** One start, on an emulator and with a ledger file of its own. */
export interface Stage {
  readonly emulator: Emulator;
  apply(settings?: Settings): Promise<Ran>;
  plan(): Promise<Plan>;
  picture(): Promise<Picture>;
  close(): Promise<void>;
}

export interface Settings {
  readonly requestTimeoutMs?: number;
  readonly parallelism?: number;
  readonly signal?: AbortSignal;
  /** What happens while the plan is on the screen. */
  readonly onQuestion?: () => void;
  readonly runtime?: Runtime;
}

/** How an apply ended, in the words of the command line. */
export interface Ran {
  readonly code: ExitCode;
  readonly outcome?: ApplyOutcome;
  readonly error?: ProviderError | LedgerError;
  readonly notices: readonly string[];
}

/** Every moment is the same one, so that times never differ. */
const NOON = Date.UTC(2026, 5, 1, 12);

async function resourcesOf(manifests: Scenario["after"]): Promise<readonly Resource[]> {
  if (Object.keys(manifests).length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), "rollcall-office-"));
  try {
    await declare(folder, manifests);
    const { resources, diagnostics } = await loadProject({ path: folder, env: {}, kinds: KINDS });
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
    return resources;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes what is there before the change, and beside it what is none of this project's business. */
export async function startOf({ before, after, choices }: Scenario): Promise<Start> {
  const resources = await resourcesOf(after);
  const empty: Start = { live: "", ledger: undefined, resources: await resourcesOf(before), choices };
  const stage = await openStage(empty);
  try {
    stage.emulator.portal.create("Assistant", { name: "Foreign", instructions: "Not yours." });
    stage.emulator.portal.create("McpServer", { name: "Foreign", type: "sse", url: "https://foreign.example" });
    if (before.length > 0) {
      const { code } = await stage.apply();
      if (code !== 0) throw new Error(`the start could not be made: ${code}`);
    }
    return { live: await stage.live(), ledger: await stage.ledgerText(), resources, choices };
  } finally {
    await stage.close();
  }
}

export async function openStage(
  start: Start,
): Promise<Stage & { live(): Promise<string>; ledgerText(): Promise<string | undefined> }> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-stage-"));
  const [dataFile, path] = [join(folder, "live.jsonl"), join(folder, ".rollcall", "default.json")];
  if (start.live !== "") await writeFile(dataFile, start.live);
  if (start.ledger !== undefined) {
    await mkdir(join(folder, ".rollcall"));
    await writeFile(path, start.ledger);
  }
  const emulator = await startEmulator({ seed: 1, dataFile, now: () => NOON });
  const notices: string[] = [];
  const ledger = fileLedger({
    path,
    place: ".rollcall/default.json",
    runtime: HASTY,
    isAlive: () => true,
    onNotice: (notice) => void notices.push(notice),
  });
  return {
    emulator,
    apply: (settings = {}) => applied(start, emulator, ledger, settings, notices),
    plan: () =>
      withWorkspace(start, emulator, ledger, {}, async (workspace) =>
        planProject(workspace, start.choices, await currentLedger(workspace)),
      ),
    picture: async () => pictureOf(emulator.state(), await ledger.read()),
    live: () => readFile(dataFile, "utf8"),
    ledgerText: () => readFile(path, "utf8").catch(() => undefined),
    async close() {
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function applied(
  start: Start,
  emulator: Emulator,
  ledger: Ledger,
  settings: Settings,
  notices: string[],
): Promise<Ran> {
  notices.length = 0;
  try {
    const outcome = await withWorkspace(start, emulator, ledger, settings, (workspace) =>
      applyProject(workspace, {
        ...start.choices,
        parallelism: settings.parallelism ?? 1,
        holder: { who: "tester", host: "here", pid: process.pid, operation: "apply" },
        lockTimeout: 0,
        approve: async () => {
          settings.onQuestion?.();
          return true;
        },
        onEvent: () => undefined,
        ...(settings.signal === undefined ? {} : { signal: settings.signal }),
      }),
    );
    const code =
      outcome.status === "done"
        ? exitCode({ command: "apply", status: "done", steps: outcome.result.steps })
        : exitCode({ command: "apply", status: outcome.status });
    return { code, outcome, notices: [...notices] };
  } catch (error) {
    if (error instanceof ProviderError) return { code: 1, error, notices: [...notices] };
    if (!(error instanceof LedgerError)) throw error;
    const code = error.problem === "locked" || error.problem === "changed" ? 4 : 1;
    return { code, error, notices: [...notices] };
  }
}

async function withWorkspace<T>(
  { resources }: Start,
  emulator: Emulator,
  ledger: Ledger,
  { requestTimeoutMs, parallelism = 1, runtime = HASTY }: Settings,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const provider = createTelnyxProvider({
    apiKey: "KEY_of_a_test",
    baseUrl: emulator.url,
    runtime,
    parallelism,
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
  });
  try {
    return await work({
      project: "office",
      environment: "default",
      protectAll: false,
      resources,
      includedFile: () => undefined,
      provider,
      ledger,
      runtime,
    });
  } finally {
    await provider.close();
  }
}
