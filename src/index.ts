/**
 * Rollcall from a program: what the command line does, as functions over data. See docs/api.md.
 *
 *     const project = await loadProject({ path: "voice", environment: "staging" });
 *     const workspace = await openWorkspace(project);
 *     const plan = await planProject(workspace);
 */
import { cwd, env, pid } from "node:process";
import { hostname } from "node:os";
import { basename, resolve } from "node:path";
import { apiAccess, type ApiAccess } from "./workspace/api-access.ts";
import { runtime } from "./host/runtime.ts";
import { version } from "./host/version.ts";
import { currentUser, isAlive } from "./host/processes.ts";
import { fileLedger as openFile } from "./ledger/file.ts";
import { hasErrors } from "./model/diagnostic.ts";
import type { ApplyEvent } from "./model/event.ts";
import type { Ledger } from "./model/ledger.ts";
import type { Plan } from "./model/plan.ts";
import { applyProject as applyIn, type ApplyOutcome } from "./operations/apply.ts";
import { findDrift as driftIn } from "./operations/drift.ts";
import { newMemory, remembering } from "./operations/memory.ts";
import { currentLedger, planProject as planIn } from "./operations/plan.ts";
import type { PlanChoices } from "./model/plan-choices.ts";
import type { Workspace as Ports } from "./operations/workspace.ts";
import type { Emulator, EmulatorOptions } from "./providers/telnyx/emulator/emulator.ts";
import { kinds } from "./providers/telnyx/kinds/index.ts";
import {
  createTelnyxProvider as connect,
  type TelnyxOptions,
  type TelnyxProvider,
} from "./providers/telnyx/provider.ts";
import { MOST_AT_A_TIME } from "./providers/telnyx/client/window.ts";
import { loadProject as load, type LoadedProject, type LoadOptions } from "./schema/load.ts";
import { looksSecret } from "./schema/diagnostics/credentials/find.ts";
import { DEFAULT_API_KEY_VARIABLE } from "./schema/diagnostics/settings.ts";
import { trustOf } from "./schema/read/trust.ts";
import { connected } from "./workspace/open.ts";
import { unfinishedChanges } from "./workspace/unfinished.ts";

export { hasErrors, kinds, version };
export { LedgerError } from "./model/ledger.ts";
export { ProviderError } from "./model/provider.ts";
export { findingsIn } from "./operations/findings.ts";
export { formatDiagnostics } from "./report/diagnostics.ts";
export { applyHtml } from "./report/html/apply.ts";
export { driftHtml } from "./report/html/drift.ts";
export { planHtml } from "./report/html/plan.ts";
export { applyJson } from "./report/json/apply.ts";
export { driftJson } from "./report/json/drift.ts";
export { planJson } from "./report/json/plan.ts";
export { applyMarkdown } from "./report/markdown/apply.ts";
export { driftMarkdown } from "./report/markdown/drift.ts";
export { planMarkdown } from "./report/markdown/plan.ts";
export { applyText } from "./report/text/apply.ts";
export { driftText } from "./report/text/drift.ts";
export { planText } from "./report/text/plan.ts";

export type * from "./model/address.ts";
export type * from "./model/diagnostic.ts";
export type * from "./model/event.ts";
export type * from "./model/json.ts";
export type * from "./model/kind.ts";
export type {
  Intent,
  Ledger,
  LedgerCommit,
  LedgerEntry,
  LedgerSession,
  LedgerState,
  LockHolder,
} from "./model/ledger.ts";
export type * from "./model/plan.ts";
export type { Effect, FailureReason, LiveObject, Provider, ProviderFailure, Target } from "./model/provider.ts";
export type * from "./model/resource.ts";
export type { Runtime } from "./model/runtime.ts";
export type { ApplyOutcome, LoadedProject, PlanChoices, TelnyxProvider };
export type { Finding } from "./operations/findings.ts";
export type { Emulator, EmulatorOptions };

/** A local Telnyx API, on a free port unless one is given. Its server is loaded only when it is asked for. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await import("./providers/telnyx/emulator/emulator.ts");
  return emulator.startEmulator(options);
}

const KINDS = new Map(kinds.map((kind) => [kind.kind, kind]));

/** The environment of the process is read unless another one is given. */
export type ProjectOptions = Omit<LoadOptions, "env" | "kinds"> & Partial<Pick<LoadOptions, "env">>;

/**
 * Reads and checks a project in one of its environments; no network. Mistakes are in `diagnostics`, never thrown; with
 * an error among them the project cannot be opened.
 */
export function loadProject(options: ProjectOptions): Promise<LoadedProject> {
  const trust = trustOf({ env: options.env ?? env, ...currentUser() }, true);
  return load({ env, ...(trust !== undefined && { trust }), ...options, kinds: KINDS });
}

/** Sends nothing yet. Throws for a key or a base URL that cannot be used. */
export function createTelnyxProvider(options: Omit<TelnyxOptions, "runtime">): TelnyxProvider {
  return connect({ userAgent: `rollcall/${version}`, looksSecret, ...options, runtime });
}

/** A ledger in one JSON file, which is made when there is something to keep. */
export function fileLedger(path: string): Ledger {
  return openFile({ path: resolve(path), place: basename(path), runtime, isAlive });
}

/** A project with its connections, to be closed. */
export interface Workspace extends Ports {
  readonly provider: TelnyxProvider;
  close(): Promise<void>;
}

export interface Connections {
  /** Default: the value of the environment variable that the project's environment names. */
  readonly apiKey?: string;
  /** Default: `TELNYX_BASE_URL`, then that of the project's environment, then Telnyx. */
  readonly baseUrl?: string;
  /** Default: where the project says. */
  readonly ledger?: Ledger;
  /** Most requests at a time; default 16. It begins with 4 and adapts to what the API bears. */
  readonly parallelism?: number;
}

/** Opens what a plan needs; sends nothing yet. Throws when the project has errors, or there is no key. */
export async function openWorkspace(project: LoadedProject, connections: Connections = {}): Promise<Workspace> {
  const [cut] = unfinishedChanges(project);
  if (cut !== undefined)
    throw new Error(
      `a pull or a promotion in environment ${cut} is under way or was interrupted: run rollcall plan first`,
    );
  if (hasErrors(project.diagnostics)) throw new Error(`the project ${project.name} has errors`);
  const { ledger, parallelism } = connections;
  const workspace = await connected(
    project,
    { env, cwd: cwd(), pid, runtime },
    { access: accessOf(project.environment, connections), ...(parallelism !== undefined && { parallelism }) },
    ledger,
  );
  const { provider } = workspace;
  return {
    ...workspace,
    provider: remembering(provider),
    memory: newMemory(),
    close: () => provider.close(),
  };
}

/** What the program hands in counts as what its operator has set. */
function accessOf(environment: LoadedProject["environment"], { apiKey, baseUrl }: Connections): ApiAccess {
  return apiAccess(
    apiKey === undefined ? environment : { ...environment, apiKeyVariable: DEFAULT_API_KEY_VARIABLE },
    {
      ...env,
      ...(apiKey !== undefined && { [DEFAULT_API_KEY_VARIABLE]: apiKey }),
      ...(baseUrl !== undefined && { TELNYX_BASE_URL: baseUrl }),
    },
  );
}

const CAREFUL: PlanChoices = { prune: false, onConflict: "refuse", allowMassChange: false };

/** What apply would do, and what was changed outside Git. Reads the API and the ledger; writes nothing. */
export async function planProject(workspace: Workspace, choices: Partial<PlanChoices> = {}): Promise<Plan> {
  return planIn(workspace, { ...CAREFUL, ...choices }, await currentLedger(workspace, choices));
}

/** What was changed outside Git since the last apply: `drift` of the plan; `findingsIn` tells what kinds of it. */
export function findDrift(workspace: Workspace): Promise<Plan> {
  return driftIn(workspace, { ...CAREFUL, allowMassChange: true });
}

export interface ApplyChoices extends Partial<PlanChoices> {
  /** Asked when there is something to do and nothing refuses it. */
  readonly approve: (plan: Plan) => boolean | Promise<boolean>;
  readonly onEvent?: (event: ApplyEvent) => void;
  /** When it is aborted, running steps finish and no new step starts. */
  readonly signal?: AbortSignal;
  /** Steps at a time; default 16. */
  readonly parallelism?: number;
  /** Milliseconds to wait until another run releases the ledger; default 0. */
  readonly lockTimeout?: number;
  /** The name that others see while they wait for the ledger. */
  readonly who?: string;
}

/** Plans under the ledger's lock, asks, does, and reads back. Look at `outcome`: not everything may have been done. */
export function applyProject(workspace: Workspace, choices: ApplyChoices): Promise<ApplyOutcome> {
  const { approve, onEvent, who = "program", parallelism = MOST_AT_A_TIME, lockTimeout = 0, ...rest } = choices;
  return applyIn(workspace, {
    ...CAREFUL,
    ...rest,
    parallelism,
    lockTimeout,
    holder: { who, host: hostname(), pid, operation: "apply" },
    approve: async (plan) => approve(plan),
    onEvent: (event) => onEvent?.(event),
  });
}
