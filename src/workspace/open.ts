import { commitOf } from "../git/commit.ts";
import { gitRunner } from "../git/run.ts";
import { isAlive } from "../host/processes.ts";
import { version } from "../host/version.ts";
import { environmentsBeside, openLedger, type LedgerContext } from "../ledger/open.ts";
import type { MovableLedger } from "../ledger/session.ts";
import { LedgerError, type Ledger, type LedgerChoice, type LedgerState } from "../model/ledger.ts";
import type { Runtime } from "../model/runtime.ts";
import type { OtherLedger, Workspace } from "../operations/workspace.ts";
import { createTelnyxProvider, type TelnyxOptions, type TelnyxProvider } from "../providers/telnyx/provider.ts";
import { DEFAULT_ENVIRONMENT } from "../model/environment.ts";
import { looksSecret } from "../schema/diagnostics/credentials/find.ts";
import type { LoadedProject } from "../schema/load.ts";
import { isSameApi } from "../schema/resolve/shared-objects.ts";
import { apiAccess, type ApiAccess } from "./api-access.ts";

/** The process in which a project is opened. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  readonly runtime: Runtime;
  readonly onNotice?: (message: string) => void;
}

export interface ClientOptions extends Pick<TelnyxOptions, "parallelism" | "proxy" | "onRequest"> {
  /** Default: what the project and the environment of the process say. */
  readonly access?: ApiAccess;
}

/** A workspace with its connections, to be closed. */
export interface ConnectedWorkspace extends Workspace {
  readonly provider: TelnyxProvider;
}

/** The ports of a project without errors; sends nothing yet. `ledger` stands in for the one that the project names. */
export async function connected(
  loaded: LoadedProject,
  around: Surroundings,
  client: ClientOptions,
  ledger?: Ledger,
): Promise<ConnectedWorkspace> {
  const { name, environment, resources, includedFile, isIgnored } = loaded;
  const provider = providerOf(loaded, around, client);
  const commit = await commitIn(loaded, around);
  return {
    project: name,
    environment: environment.name,
    protectAll: environment.protect,
    observeAll: environment.observe,
    resources,
    includedFile,
    isIgnored,
    provider,
    ledger: ledger ?? ledgerOf(loaded, around, commit),
    otherLedgers: otherLedgers(loaded, around, commit, client.access?.baseUrl),
    removedLedgers: () => removedLedgers(loaded, around, commit),
    runtime: around.runtime,
    ...(commit !== undefined && { commit }),
  };
}

function providerOf(
  { environment }: LoadedProject,
  around: Surroundings,
  { access, ...client }: ClientOptions,
): TelnyxProvider {
  const { apiKey, baseUrl, overruled } = access ?? apiAccess(environment, around.env);
  if (overruled !== undefined) {
    const text = `TELNYX_BASE_URL is used, not the baseUrl of environment ${environment.name}`;
    around.onNotice?.(`${text} (${overruled})`);
  }
  return createTelnyxProvider({
    userAgent: `rollcall/${version}`,
    ...client,
    apiKey,
    runtime: around.runtime,
    looksSecret,
    ...(baseUrl !== undefined && { baseUrl }),
  });
}

/** The commit that the manifests are those of. */
export function commitIn({ root }: LoadedProject, { runtime, env }: Surroundings): Promise<string | undefined> {
  return commitOf(root, { run: gitRunner(runtime), env });
}

/** The ledger of a project in one environment; `choice` names another one than the project does. */
export function ledgerOf(
  loaded: LoadedProject,
  around: Surroundings,
  commit: string | undefined,
  choice?: LedgerChoice,
): MovableLedger {
  return openLedger(choice ?? loaded.settings.ledger, contextOf(loaded, around, commit, choice));
}

function contextOf(
  { root, name, environment, settings }: LoadedProject,
  around: Surroundings,
  commit: string | undefined,
  choice?: LedgerChoice,
): LedgerContext {
  return {
    ...around,
    declaredAt: choice === undefined ? settings.ledgerAt : undefined,
    root,
    project: name,
    environment: environment.name,
    version,
    source: commit,
    isAlive,
    isPathTyped: choice?.backend === "file" && choice.path !== undefined,
  };
}

/**
 * The ledgers of the other environments that send their requests to the same place. That their keys differ says little:
 * an account has many.
 */
function otherLedgers(
  loaded: LoadedProject,
  around: Surroundings,
  commit: string | undefined,
  baseUrl: string | undefined,
): readonly OtherLedger[] {
  const env = baseUrl === undefined ? around.env : { ...around.env, TELNYX_BASE_URL: baseUrl };
  const near = loaded.others.filter(({ environment }) => isSameApi(environment, loaded.environment, env));
  return near.map((other) => otherLedger(loaded, other, around, commit));
}

/**
 * Ledgers of environments that the project no longer has: they still say whose an object is. What is no ledger is
 * left out, and the ledger of a project before it had environments.
 */
async function removedLedgers(
  loaded: LoadedProject,
  around: Surroundings,
  commit: string | undefined,
): Promise<readonly OtherLedger[]> {
  const { settings, environment, others } = loaded;
  const declared = new Set([
    DEFAULT_ENVIRONMENT,
    environment.name,
    ...others.map((other) => other.environment.name),
  ]);
  const silent = { ...around, onNotice: () => undefined };
  const names = await environmentsBeside(settings.ledger, contextOf(loaded, silent, commit));
  return names
    .filter((name) => !declared.has(name))
    .map((name) => {
      const ledger = ledgerOf({ ...loaded, environment: { ...environment, name } }, silent, commit);
      return { environment: name, read: () => ledger.read().catch(ifNone) };
    });
}

function ifNone(error: unknown): undefined {
  if (!(error instanceof LedgerError) || error.problem !== "corrupt") throw error;
}

/** Read once; what cannot be read is said. */
function otherLedger(
  loaded: LoadedProject,
  { environment, settings }: LoadedProject["others"][number],
  around: Surroundings,
  commit: string | undefined,
): OtherLedger {
  let known: Promise<LedgerState | undefined> | undefined;
  const read = async () => {
    try {
      return await ledgerOf({ ...loaded, environment, settings }, around, commit).read();
    } catch (error) {
      if (error instanceof LedgerError)
        around.onNotice?.(
          `the ledger of environment ${environment.name} cannot be read, so it is not known what it owns: ${error.message}`,
        );
      throw error;
    }
  };
  return { environment: environment.name, read: () => (known ??= read()) };
}
