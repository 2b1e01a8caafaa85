import { dirname, relative, resolve } from "node:path";
import { hiddenPart, isInside, realPath } from "../host/files/paths.ts";
import { parseAddress, type Address } from "../model/address.ts";
import { originalAddress } from "../model/ledger.ts";
import { LedgerError } from "../model/ledger.ts";
import { kinds } from "../providers/telnyx/kinds/index.ts";
import { visible } from "../model/visible.ts";
import { DEFAULT_ENVIRONMENT } from "../model/environment.ts";
import { loadProject, type LoadedProject, type LoadOptions } from "../schema/load.ts";
import { trustOf } from "../schema/read/trust.ts";
import { UsageError } from "./failure.ts";
import { note, type Io } from "./io.ts";
import { around } from "./surroundings.ts";

/** The options of every command that loads a project. */
export interface ProjectOptions {
  readonly env?: string;
  readonly var: Readonly<Record<string, string>>;
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export const KINDS = new Map(kinds.map((kind) => [kind.kind, kind]));

/** Loads and validates; the caller reports. */
export async function load(
  io: Io,
  path: string | undefined,
  options: ProjectOptions & { readonly mayShareNames?: boolean },
): Promise<LoadedProject> {
  const environment = options.env === undefined ? {} : { environment: options.env };
  const all = { ...loadOptions(io, path, options), ...environment };
  if (options.mayShareNames === true) return loadProject({ ...all, isTied: () => true });
  const { projects } = await loadTied(io, all, async (own) => [await loadProject(own)] as const);
  return projects[0];
}

/**
 * Loads projects; if resources in them share a remote name, again with what the ledgers know of these. `load` is what they
 * were loaded with.
 */
export async function loadTied<L extends Omit<LoadOptions, "environment">, P extends readonly LoadedProject[]>(
  io: Io,
  load: L,
  read: (load: L) => Promise<P>,
): Promise<{ readonly projects: P; readonly load: L }> {
  const projects = await read(load);
  const isTied = await tiesOf(io, projects);
  if (isTied === undefined) return { projects, load };
  const tied = { ...load, isTied };
  return { projects: await read(tied), load: tied };
}

const SHARED_NAME = "RC3006";

/** Where resources share a remote name, what the ledgers know of them; otherwise no ledger is read. */
async function tiesOf(
  io: Io,
  environments: readonly LoadedProject[],
): Promise<LoadOptions["isTied"] | undefined> {
  const ties = new Map<string | undefined, ReadonlySet<string>>();
  for (const loaded of environments) {
    if (!loaded.diagnostics.some(({ code }) => code === SHARED_NAME)) continue;
    ties.set(loaded.environment.name, await knownIn(io, loaded));
  }
  if (ties.size === 0) return undefined;
  return (address, environment) => ties.get(environment ?? DEFAULT_ENVIRONMENT)?.has(address) === true;
}

/** What the ledger of the environment knows; nothing where it cannot be read. */
export async function knownIn(io: Io, loaded: LoadedProject): Promise<ReadonlySet<string>> {
  // Imported here, because it also loads the HTTP client, which `validate` does not need.
  const { commitIn, ledgerOf } = await import("../workspace/open.ts");
  try {
    const state = await ledgerOf(loaded, around(io), await commitIn(loaded, around(io))).read();
    return new Set(Object.keys(state?.entries ?? {}));
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    const text = `the ledger cannot be read, so it is not known which live objects it contains: ${error.message}`;
    await note(io, `note: ${visible(text)}`);
    return new Set();
  }
}

export function loadOptions(
  io: Io,
  path: string | undefined,
  options: ProjectOptions,
): Omit<LoadOptions, "environment"> {
  const trust = trustOf(io, path !== undefined);
  return {
    path: typedPath(io, path ?? "."),
    variables: options.var,
    env: io.env,
    kinds: KINDS,
    ...(trust !== undefined && { trust }),
  };
}

/** Hidden folders are not read, even if the command line names them. */
function typedPath({ cwd }: Io, path: string): string {
  const whole = resolve(cwd, path);
  if (isHiddenIn(cwd, whole) || isHiddenIn(realOr(cwd), realOr(whole)))
    throw new UsageError(
      `${path} is hidden: names that begin with a dot, and files below .git, are never read`,
    );
  return whole;
}

/** Every path is below the root of the file system, so that one says nothing. */
function isHiddenIn(folder: string, path: string): boolean {
  return (
    dirname(folder) !== folder && isInside(folder, path) && hiddenPart(relative(folder, path)) !== undefined
  );
}

function realOr(path: string): string {
  try {
    return realPath(path);
  } catch {
    // What is wrong with it is said where it is read.
    return path;
  }
}

/** The address of a ledger entry as it was typed: also that of an object that waits for its deletion. */
export function entryAddressFrom(text: string): Address {
  addressFrom(originalAddress(text as Address));
  return text as Address;
}

/** An address as it was typed. */
export function addressFrom(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined)
    throw new UsageError(`${text} is not an address`, "an address is Kind/name: Assistant/front-desk");
  return `${parsed.kind}/${parsed.name}`;
}
