import type { Address } from "../model/address.ts";
import type { ConflictRule } from "../model/conflict.ts";
import { type Diagnostic, errorsIn, hasErrors } from "../model/diagnostic.ts";
import { derivedKey } from "../model/derived-key.ts";
import type { LedgerChoice, LockHolder } from "../model/ledger.ts";
import { proxyIn } from "../model/proxy.ts";
import type { MovableLedger } from "../ledger/session.ts";
import { formatDiagnostics } from "../report/diagnostics.ts";
import type { LockRequest } from "../operations/ledger.ts";
import { PROJECT_FILE } from "../schema/read/discover.ts";
import type { LoadedProject } from "../schema/load.ts";
import { visible } from "../model/visible.ts";
import {
  commitIn,
  connected,
  ledgerOf,
  type ClientOptions,
  type ConnectedWorkspace,
} from "../workspace/open.ts";
import { UsageError } from "./failure.ts";
import { note, styleOf, type Io } from "./io.ts";
import { checkOwnFiles, type OutputFile } from "./output-guard.ts";
import { around } from "./surroundings.ts";
import { failedBy } from "./problems.ts";
import { load, type ProjectOptions } from "./project.ts";
import { settleChanges } from "./unfinished.ts";

export interface PlanningOptions extends ProjectOptions {
  readonly prune?: boolean;
  readonly onConflict?: readonly ConflictRule[];
  readonly allowMassChange?: boolean;
  readonly allowPendingEvents?: boolean;
  readonly adopt?: boolean;
  readonly target: readonly string[];
  readonly selector: readonly string[];
  readonly parallelism: number;
  readonly full?: boolean;
  /** Everything that the ledger knows is to go. */
  readonly destroy?: boolean;
}

/** A workspace with its connections, to be closed. */
export interface OpenWorkspace extends ConnectedWorkspace {
  readonly loaded: LoadedProject;
  /** Seals saved plans, and tells those that were sealed with the same API key. */
  readonly planKey: Buffer;
  /** The part of the project that was asked for. */
  readonly part?: Part;
}

/** A file or folder below the root, as it was typed, and what stands in it. */
export interface Part {
  readonly path: string;
  readonly addresses: ReadonlySet<Address>;
}

interface OpeningOptions {
  /** Which live objects resources of one name are is about to be said. */
  readonly mayShareNames?: boolean;
  readonly parallelism: number;
  readonly mayBeEmpty?: boolean;
  /** What the command is to write: not over a file of the project. */
  readonly outputs?: readonly OutputFile[];
}

/** Loads a valid project and opens its ports. Diagnostics go to standard error; errors end the command. */
export async function openWorkspace(
  io: Io,
  path: string | undefined,
  options: ProjectOptions & OpeningOptions,
): Promise<OpenWorkspace> {
  const loaded = await loadSettled(io, path, options);
  checkOwnFiles(io.cwd, options.outputs ?? [], loaded);
  const worthy = loaded.diagnostics.filter(({ severity }) => severity !== "info");
  const isEmptied = options.mayBeEmpty === true && (await isOnlyInLedger(io, loaded));
  const shown = isEmptied ? worthy.filter((one) => !isAboutNothing(one)) : worthy;
  if (hasErrors(shown)) await failedBy(io, { diagnostics: shown, sources: loaded.sourceText }, options);
  if (shown.length > 0) await note(io, formatDiagnostics(shown, loaded.sourceText, styleOf(io, options.color)));
  const part = partOf(path, loaded);
  return {
    ...(await connected(loaded, around(io), clientOptions(io, options))),
    loaded,
    planKey: derivedKey(io.env[loaded.environment.apiKeyVariable] ?? "", "plan seal"),
    ...(part === undefined ? {} : { part }),
  };
}

/** Loads a project; where a pull was cut off, its files are put in order before. */
async function loadSettled(
  io: Io,
  path: string | undefined,
  options: ProjectOptions & { readonly mayShareNames?: boolean },
): Promise<LoadedProject> {
  const loaded = await load(io, path, options);
  return (await settleChanges(io, loaded)) ? load(io, path, options) : loaded;
}

const NO_MANIFESTS = "RC4010";

/** No manifests, or no folder of them: Git keeps no empty folders. */
export function isAboutNothing({ code, range }: Diagnostic): boolean {
  return code === NO_MANIFESTS || (code === "RC1001" && range?.file === PROJECT_FILE);
}

/** Nothing is declared any more, and the ledger knows what once was. */
async function isOnlyInLedger(io: Io, loaded: LoadedProject): Promise<boolean> {
  const errors = errorsIn(loaded.diagnostics);
  const isNothing = errors.some(({ code }) => code === NO_MANIFESTS);
  if (!isNothing || !errors.every(isAboutNothing)) return false;
  const state = await ledgerIn(io, loaded).then((ledger) => ledger.read());
  // What an interrupted run set out to create may be there, too.
  return Object.keys(state?.entries ?? {}).length > 0 || (state?.intents ?? []).length > 0;
}

/** Where no path is given, the current folder says which project, and not which part of it. */
function partOf(
  path: string | undefined,
  { selected, elsewhere, environment }: LoadedProject,
): Part | undefined {
  if (path === undefined || selected === undefined) return undefined;
  const where = elsewhere.size === 0 ? "" : ` in the environment ${environment.name}`;
  if (selected.length === 0) throw new UsageError(`${path} contains no manifests of this project${where}`);
  return { path, addresses: new Set(selected) };
}

export function clientOptions(
  io: Io,
  { parallelism, verbose }: ProjectOptions & { readonly parallelism: number },
): ClientOptions {
  return {
    parallelism: Math.max(1, parallelism),
    proxy: proxyIn(io.env),
    ...(verbose === true
      ? {
          onRequest: (event) =>
            void note(io, visible(`${event.method} ${event.path} ${event.status ?? event.fault ?? ""}`)),
        }
      : {}),
  };
}

/** The ledger of a project in one environment, for commands that need no connection; `choice` names another one. */
export async function openLedger(
  io: Io,
  path: string | undefined,
  options: ProjectOptions,
  choice?: LedgerChoice,
): Promise<MovableLedger> {
  const loaded = await loadSettled(io, path, options);
  const blocking = errorsIn(loaded.diagnostics).filter(
    ({ code, range }) =>
      code !== NO_MANIFESTS &&
      (code.startsWith("RC4") || (code.startsWith("RC2") && range?.file === PROJECT_FILE)),
  );
  if (blocking.length === 0) return ledgerIn(io, loaded, choice);
  return failedBy(io, { diagnostics: blocking, sources: loaded.sourceText }, options);
}

async function ledgerIn(io: Io, loaded: LoadedProject, choice?: LedgerChoice): Promise<MovableLedger> {
  return ledgerOf(loaded, around(io), await commitIn(loaded, around(io)), choice);
}

/** `lockTimeout` in milliseconds. */
export function lockOf(
  io: Io,
  operation: string,
  { lockTimeout }: { readonly lockTimeout: number },
): LockRequest {
  return { holder: holderOf(io, operation), lockTimeout };
}

export function holderOf(io: Io, operation: string): LockHolder {
  return { who: io.who, host: io.host, pid: io.pid, operation };
}
