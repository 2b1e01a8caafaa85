import { join, relative } from "node:path";
import { type Diagnostic, errorsIn, type SourceRange } from "../model/diagnostic.ts";
import { locate } from "../schema/read/discover.ts";
import { loadEnvironments, loadProject, mergedDiagnostics, type LoadedProject } from "../schema/load.ts";
import type { Io } from "./io.ts";
import { loadOptions, loadTied, type ProjectOptions } from "./project.ts";
import { trustOf } from "../schema/read/trust.ts";

export interface CheckOptions extends ProjectOptions {
  readonly allEnvironments?: boolean;
  readonly show?: string;
}

/** One project that was checked, in one environment or in all. */
export interface CheckedProject {
  /** From the current folder; empty where they are the same. */
  readonly folder: string;
  readonly environments: readonly LoadedProject[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The projects that the paths lead to, each once; a folder that is above projects leads to all of them. */
export async function checkedProjects(
  io: Io,
  paths: readonly string[],
  options: CheckOptions,
): Promise<readonly CheckedProject[]> {
  const roots = new Set<string>();
  const checked: CheckedProject[] = [];
  for (const path of paths.length === 0 ? [undefined] : paths) {
    checked.push(...(await checkedAt(io, path, options, roots)));
  }
  return checked;
}

async function checkedAt(
  io: Io,
  path: string | undefined,
  options: CheckOptions,
  roots: Set<string>,
): Promise<readonly CheckedProject[]> {
  const load = loadOptions(io, path, options);
  const location = locate(load.path, load.trust);
  if (location?.project === true && roots.has(location.root)) return [];
  if (location?.project === true) roots.add(location.root);
  const own = await checkedIn(io, load, options);
  const [first] = own.environments;
  if (first === undefined || first.below.length === 0) return [own];
  // The command line does not name these folders, so the owner of their project files is checked.
  const trust = trustOf(io, false);
  const inner: CheckedProject[] = [];
  for (const folder of first.below.map((one) => join(first.root, one)).filter((one) => !roots.has(one))) {
    roots.add(folder);
    const { trust: _, ...rest } = load;
    inner.push(await checkedIn(io, { ...rest, path: folder, ...(trust && { trust }) }, options));
  }
  return own.diagnostics.every(isAboutNoManifests) && first.resources.length === 0 && first.scripts.length === 0
    ? inner
    : [own, ...inner];
}

/** One environment where one is chosen, and otherwise all of them: a mistake in any is a mistake. */
async function checkedIn(
  io: Io,
  load: ReturnType<typeof loadOptions>,
  { env, allEnvironments, show }: CheckOptions,
): Promise<CheckedProject> {
  const isChosen = env !== undefined || (io.env["ROLLCALL_ENV"] ?? "") !== "" || show !== undefined;
  const { projects: environments } = await loadTied(io, load, async (own) => {
    const all = allEnvironments !== true && isChosen ? [] : await loadEnvironments(own);
    return all.length > 0
      ? all
      : [await loadProject({ ...own, ...(env !== undefined && { environment: env }) })];
  });
  const root = environments[0]?.root ?? io.cwd;
  const hasScripts = environments.some(({ scripts }) => scripts.length > 0);
  return {
    folder: relative(io.cwd, root).replaceAll("\\", "/"),
    environments,
    // A script needs no manifests beside it.
    diagnostics: mergedDiagnostics(environments).filter((one) => !hasScripts || !isAboutNoManifests(one)),
  };
}

function isAboutNoManifests({ code }: Diagnostic): boolean {
  return code === "RC4010";
}

/** Its problems, with files as they are called from the current folder. */
export function problemsFromHere({ folder, diagnostics }: CheckedProject): readonly Diagnostic[] {
  if (folder === "") return diagnostics;
  const fromHere = (range: SourceRange) => Object.assign({}, range, { file: `${folder}/${range.file}` });
  return diagnostics.map((one) =>
    one.range === undefined ? one : Object.assign({}, one, { range: fromHere(one.range) }),
  );
}

export function errorsOf({ diagnostics }: CheckedProject): readonly Diagnostic[] {
  return errorsIn(diagnostics);
}
