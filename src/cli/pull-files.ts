import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { inTheWay } from "../host/files/new-paths.ts";
import { isName, type Address } from "../model/address.ts";
import { type Diagnostic, errorsIn } from "../model/diagnostic.ts";
import type { PullFiles } from "../operations/pull/files.ts";
import { loadEnvironments, loadProject, type LoadedProject } from "../schema/load.ts";
import { locate, PROJECT_FILE, projectAround } from "../schema/read/discover.ts";
import { withEntries } from "../schema/write/manifest-entries.ts";
import { UsageError } from "./failure.ts";
import type { Io } from "./io.ts";
import { failedBy } from "./problems.ts";
import { knownIn, loadOptions, type ProjectOptions } from "./project.ts";
import { takenIn } from "./new-files.ts";
import { beginIn } from "./file-batch.ts";
import { nameFrom } from "./scaffold/name.ts";
import { IGNORED } from "./scaffold/files.ts";
import { pulledProject } from "./scaffold/templates.ts";
import { settleChanges } from "./unfinished.ts";
import { isAboutNothing } from "./workspace.ts";

const DEFAULT = "production";

interface OpeningOptions extends ProjectOptions {
  /** Errors that the first pull of an environment may mend do not refuse it: it is checked again before it writes. */
  readonly mayMend?: boolean;
}

/** The files of the project that a pull writes to; without a project, those of a new one. */
export async function openPullFiles(
  io: Io,
  path: string | undefined,
  options: OpeningOptions,
): Promise<PullFiles> {
  const load = loadOptions(io, path, options);
  const named = options.env === undefined ? {} : { environment: options.env };
  const isProject = () => locate(load.path, load.trust)?.project === true;
  const first = await loadProject({ ...load, ...(isProject() ? named : {}) });
  const again = await settleChanges(io, first);
  const found = again ? await loadProject({ ...load, ...(isProject() ? named : {}) }) : first;
  if (!isProject() && isEmpty(found)) return newProject(io, load, found, options.env);
  // With every resource tied: which object each of them is, the ledger says later.
  const loaded = await loadProject({ ...load, ...named, isTied: () => true });
  const wrong = mistakesIn(loaded);
  const isMendable = wrong.length > 0 && options.mayMend === true && (await canMend(io, load, loaded));
  if (wrong.length > 0 && !isMendable)
    await failedBy(io, { diagnostics: wrong, sources: loaded.sourceText }, options);
  // What an error leaves of a resource is enough to find its object.
  const { resources, flawed } = loaded;
  const all = { ...loaded, resources: [...resources, ...flawed] };
  return filesOf(load, all, { base: new Map(), isNewProject: false });
}

function isEmpty({ diagnostics, resources }: LoadedProject): boolean {
  return resources.length === 0 && errorsIn(diagnostics).every(isAboutNothing);
}

function mistakesIn({ diagnostics }: LoadedProject): readonly Diagnostic[] {
  return errorsIn(diagnostics).filter((one) => !isAboutNothing(one));
}

/**
 * Before its first pull, an environment may have errors in manifests that are valid in other environments, because the
 * manifests do not say yet what differs here. The pull adds that: it patches them, or limits them to the other
 * environments.
 */
async function canMend(io: Io, load: Load, loaded: LoadedProject): Promise<boolean> {
  const all = await loadEnvironments({ ...load, isTied: () => true });
  const others = all.filter(({ environment }) => environment.name !== loaded.environment.name);
  const valid = new Set(others.flatMap(({ resources }) => resources.map(({ address }) => address)));
  const isMendable = ({ address }: Diagnostic) => address !== undefined && valid.has(address);
  return mistakesIn(loaded).every(isMendable) && (await knownIn(io, loaded)).size === 0;
}

type Load = ReturnType<typeof loadOptions>;

async function newProject(
  io: Io,
  load: Load,
  { root, below }: LoadedProject,
  env: string | undefined,
): Promise<PullFiles> {
  if (below.length > 0)
    throw new UsageError(`there are projects in ${below.join(", ")}`, "pass the folder of one with --project");
  const environment = env ?? (io.env["ROLLCALL_ENV"] || DEFAULT);
  if (!isName(environment)) throw new UsageError(`"${environment}" is not a valid environment name`);
  const text = (entries: readonly string[]) => pulledProject(nameFrom(basename(root)), environment, entries);
  const base = new Map([[PROJECT_FILE, text([])]]);
  const loaded = await loadProject({ ...load, environment, texts: base });
  return { ...filesOf(load, loaded, { base, isNewProject: true }), projectFile: text };
}

interface Kind {
  /** Texts of files that are not there yet. */
  readonly base: ReadonlyMap<string, string>;
  readonly isNewProject: boolean;
}

function filesOf(load: Load, loaded: LoadedProject, { base, isNewProject }: Kind): PullFiles {
  const { root, environment } = loaded;
  return {
    loaded,
    isNewProject,
    others: isNewProject ? othersIn(root) : new Map(),
    taken: takenIn(root),
    inTheWay: (file) => anotherProject(root, file) ?? inTheWay(root, file),
    projectFile: (entries, next) => {
      const text = next ?? textOf(root, PROJECT_FILE)?.replace(/^\uFEFF/, "");
      return text === undefined ? undefined : withEntries(text, entries);
    },
    reload: (texts, isTied: (address: Address) => boolean) =>
      loadProject({
        ...load,
        environment: environment.name,
        texts: new Map([...base, ...texts]),
        isTied,
      }),
    otherEnvironments: async (texts) => {
      const all = { texts: new Map([...base, ...texts]), isTied: () => true };
      const projects = await loadEnvironments({ ...load, ...all });
      return projects.filter((one) => one.environment.name !== environment.name);
    },
    begin: beginIn(root, environment.name),
  };
}

/** A manifest there would not be read. */
function anotherProject(root: string, file: string): string | undefined {
  const other = projectAround(root, file);
  return other === undefined ? undefined : `${other} is another project, with a ${PROJECT_FILE} of its own`;
}

const IGNORE = ".gitignore";

/** What the locks and drafts of the ledger leave behind is not committed. */
function othersIn(root: string): ReadonlyMap<string, string> {
  return textOf(root, IGNORE) === undefined ? new Map([[IGNORE, `${IGNORED.join("\n")}\n`]]) : new Map();
}

function textOf(root: string, file: string): string | undefined {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch {
    return undefined;
  }
}
