import type { Address } from "../../model/address.ts";
import { valueIn, withValue } from "../../model/at-path.ts";
import type { LoadedProject } from "../load.ts";
import { PROJECT_FILE } from "../read/discover.ts";
import { environmentsEdit } from "./environments.ts";
import type { Files } from "./files.ts";
import { isInPatch, isSharedText, namedAnew, patchTasks, projectEdits } from "./patched.ts";
import type { Patching } from "./patching.ts";
import { findAlone, place, type Obstacle, type Placed } from "./place.ts";
import type { IsSharedFile } from "./shared-files.ts";
import { specEdits, type Rewrite, type SpecEdit } from "./structure.ts";

/** Why a path of a `spec` cannot be changed; positions are those before the change. */
export interface Failure extends Obstacle {
  readonly address: Address;
  readonly path: readonly string[];
}

/** A place in a `spec` whose text changes, and in which file. */
export interface Touched {
  readonly address: Address;
  readonly path: readonly string[];
  readonly file: string;
  /** Variables that the new text does without. */
  readonly dropped: readonly string[];
}

/** A change to a file, for a place in a `spec`. */
export interface Task {
  readonly address: Address;
  readonly path: readonly string[];
  readonly placed: Placed;
}

export interface Tasks {
  readonly tasks: Task[];
  readonly failures: Failure[];
}

/** A project whose values change, and how this concerns one environment alone. */
export interface Changing {
  readonly project: LoadedProject;
  readonly files: Files;
  /** Absent where all environments are meant. */
  readonly patching?: Patching | undefined;
  readonly isShared: IsSharedFile;
}

/** Values where they stand. */
export function placedIn(changing: Changing, rewrites: readonly Rewrite[]): Tasks {
  const found: Tasks = { tasks: [], failures: [] };
  for (const rewrite of rewrites) {
    const { address, kind, before, after } = rewrite;
    for (const change of specEdits(before, after, kind.fields)) {
      const result = placeOne(changing, rewrite, change);
      if ("reason" in result) found.failures.push({ address, path: change.path, ...result });
      else found.tasks.push(...result.map((placed) => ({ address, path: change.path, placed })));
    }
  }
  return found;
}

/** A change to a `spec`, divided where a value is removed that a patch sets: what stands below it is removed, too. */
export function withoutRemovals({ project, files, patching }: Changing, rewrite: Rewrite): Divided {
  const { address, kind, before, after } = rewrite;
  if (patching === undefined) return { rest: rewrite };
  const removed = specEdits(before, after, kind.fields)
    .filter((edit) => edit.do === "remove" && !edit.path.some((segment) => /^\d+$/.test(segment)))
    .map(({ path }) => path)
    .filter((path) => isInPatch(project, files, address, path));
  if (removed.length === 0) return { rest: rewrite };
  const kept = removed.reduce((spec, path) => withValue(spec, path, valueIn(before, path)), after);
  const without = removed.reduce((spec, path) => withValue(spec, path, undefined), before);
  return { rest: { ...rewrite, after: kept }, removals: { ...rewrite, after: without } };
}

interface Divided {
  readonly rest: Rewrite;
  /** Only the removals. */
  readonly removals?: Rewrite;
}

/** Not in a file that other environments may take: the manifest then names a new one. */
function placeOne(
  { project, files, patching, isShared }: Changing,
  rewrite: Rewrite,
  change: SpecEdit,
): readonly Placed[] | Obstacle {
  const source = patching && { project, files, rewrite, patching };
  if (source === undefined || !isSharedText(source, change, isShared))
    return place(project, files, rewrite.address, change);
  const found = findAlone(project, files, rewrite.address, change.path);
  if ("reason" in found) return found;
  return namedAnew(source, change.path, "value" in change ? String(change.value) : "", found);
}

/** The environments in which resources exist. */
export function limitedIn(
  project: LoadedProject,
  files: Files,
  environments: ReadonlyMap<Address, readonly string[]>,
): Tasks {
  const found: Tasks = { tasks: [], failures: [] };
  for (const [address, names] of environments) {
    const result = environmentsEdit(project, files, address, names);
    if ("reason" in result) found.failures.push({ address, path: [], ...result });
    else found.tasks.push({ address, path: [], placed: { ...result, dropped: [] } });
  }
  return found;
}

/** Values that differ in this environment, in its patches. */
export function inPatches(
  { project, files, patching, isShared }: Changing,
  rewrites: readonly Rewrite[],
): Tasks & { readonly touched: readonly Touched[] } {
  if (patching === undefined || rewrites.length === 0) return { tasks: [], failures: [], touched: [] };
  const found = rewrites.map((rewrite) => patchTasks({ project, files, rewrite, patching }, isShared));
  const tasks = found.flatMap((one) =>
    one.tasks.map((task): Task => Object.assign({ address: one.address }, task)),
  );
  const failures = found.flatMap((one) =>
    one.failures.map((failure): Failure => Object.assign({ address: one.address }, failure)),
  );
  const edits = projectEdits(
    project,
    files,
    found.map(({ patch }) => patch),
  );
  if ("reason" in edits)
    failures.push(...found.map(({ address }): Failure => Object.assign({ address, path: [] }, edits)));
  else
    tasks.push(
      ...edits.map((edit): Task => {
        return {
          address: rewrites[0]?.address ?? "/",
          path: [],
          placed: { file: PROJECT_FILE, edit, dropped: [] },
        };
      }),
    );
  const touched = found.flatMap(({ address, touched: paths }) =>
    paths.map(({ path, dropped }): Touched => ({ address, path, file: PROJECT_FILE, dropped })),
  );
  return { tasks, failures, touched };
}
