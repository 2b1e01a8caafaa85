import { posix } from "node:path";
import type { Address } from "../../model/address.ts";
import { isObject, type Json, type JsonObject } from "../../model/json.ts";
import { pointer } from "../../model/pointer.ts";
import type { LoadedProject } from "../load.ts";
import { PROJECT_FILE } from "../read/discover.ts";
import type { Edit } from "./edits.ts";
import { nodeOf, type Files } from "./files.ts";
import { patchOf, type Write } from "./patch-of.ts";
import { patchEdits, patchesAt, type ManifestPatch } from "./patch-edits.ts";
import { escapedIn, foundAt, place, type Found, type Obstacle, type Placed } from "./place.ts";
import { specEdits, type Rewrite, type SpecEdit } from "./structure.ts";
import { sharedBy } from "./yaml-text.ts";

/** How a manifest that other environments use is changed for one environment: by patches. */
export interface Patching {
  /** Whether a manifest is changed by a patch. */
  readonly isPatched: (address: Address) => boolean;
  /** What a patch says of the block `lifecycle`. */
  readonly lifecycles?: ReadonlyMap<Address, JsonObject>;
  /** The path of a new file for a text; `undefined` where it stands in the patch. */
  readonly textFile: (
    rewrite: Rewrite,
    path: readonly string[],
    text: string,
    wasFile: boolean,
  ) => string | undefined;
}

export interface PatchTask {
  readonly path: readonly string[];
  readonly placed: Placed;
}

/** The changes of one manifest by patches. */
export interface PatchTasks {
  readonly address: Address;
  readonly patch: ManifestPatch;
  /** Values that a patch or a file of one holds already, and new files. */
  readonly tasks: readonly PatchTask[];
  readonly failures: readonly (Obstacle & { readonly path: readonly string[] })[];
  /** The places whose values the patch changes. */
  readonly touched: readonly (readonly string[])[];
}

export function patchTasks(
  project: LoadedProject,
  files: Files,
  rewrite: Rewrite,
  patching: Patching,
): PatchTasks {
  const { address, kind, before, after } = rewrite;
  const tasks: PatchTask[] = [];
  const failures: PatchTasks["failures"][number][] = [];
  const write: Write = (path, old, value) => {
    if (old === undefined || !isInPatch(project, files, address, path)) {
      const include = old === undefined ? undefined : includeAt(project, files, address, path);
      const [inside, task] = patchValue({ rewrite, path, value, include }, patching);
      tasks.push(...task);
      return inside;
    }
    const result = place(project, files, address, { path, do: "replace", value });
    if ("reason" in result) failures.push({ ...result, path: result.path ?? path });
    else tasks.push(...result.map((placed) => ({ path, placed })));
    return undefined;
  };
  const spec = patchOf(before, after, kind.fields, write);
  const lifecycle = patching.lifecycles?.get(address);
  const inPlace = new Set(tasks.map(({ path }) => pointer(path)));
  const base = baseOf(project, files, address);
  return {
    address,
    patch: { address, spec, fields: kind.fields, base, ...(lifecycle !== undefined && { lifecycle }) },
    tasks,
    failures,
    touched: specEdits(before, after, kind.fields)
      .map(pathOf)
      .filter((path) => !inPlace.has(pointer(path))),
  };
}

interface NewValue {
  readonly rewrite: Rewrite;
  readonly path: readonly string[];
  readonly value: Json;
  /** What includes the text in the manifest. */
  readonly include: JsonObject | undefined;
}

/** A value as a patch holds it, and the file that it names. */
function patchValue(
  { rewrite, path, value, include }: NewValue,
  { textFile }: Patching,
): readonly [Json, readonly PatchTask[]] {
  const file = typeof value === "string" ? textFile(rewrite, path, value, include !== undefined) : undefined;
  if (file === undefined) return [escapedIn(value), []];
  const task = { path, placed: { file, text: `${value as string}\n`, dropped: [] } };
  return [include?.["vars"] === true ? { file, vars: false } : { file }, [task]];
}

function pathOf(edit: SpecEdit): readonly string[] {
  return edit.do === "add" ? [...edit.path, edit.key] : edit.path;
}

/** A patch of the environment holds the value, or names its file. */
function isInPatch(project: LoadedProject, files: Files, address: Address, path: readonly string[]): boolean {
  const found = foundAt(project, files, address, path);
  if (found !== undefined && namesOtherFile(project, found, address, path)) return true;
  if (found?.file !== PROJECT_FILE) return false;
  const way = patchesAt(project.environment.name);
  return way.every((segment, index) => found.spot.way[index] === segment);
}

/** The manifest names another file than the one that is read: a patch names that. */
function namesOtherFile(
  project: LoadedProject,
  { file, yaml, spot }: Found,
  address: Address,
  path: readonly string[],
): boolean {
  const included = project.includedFile(address, pointer(path));
  const include = nodeOf(yaml, spot);
  if (included === undefined || !isObject(include) || include["vars"] === true) return false;
  const named = include["file"];
  return typeof named === "string" && posix.join(posix.dirname(file), named) !== included;
}

function includeAt(
  project: LoadedProject,
  files: Files,
  address: Address,
  path: readonly string[],
): JsonObject | undefined {
  if (project.includedFile(address, pointer(path)) === undefined) return undefined;
  const found = foundAt(project, files, address, path);
  const value = found && nodeOf(found.yaml, found.spot);
  return isObject(value) ? value : undefined;
}

/** The manifest without the patches of the environment. */
function baseOf(project: LoadedProject, files: Files, address: Address): Json | undefined {
  const found = foundAt(project, files, address, []);
  return found && nodeOf(found.yaml, { ...found.spot, way: found.spot.way.slice(0, -1) });
}

/** The changes to the project file; what stands in the way concerns all of them. */
export function projectEdits(
  { environment }: LoadedProject,
  files: Files,
  patches: readonly ManifestPatch[],
): readonly Edit[] | Obstacle {
  const yaml = files.yaml(PROJECT_FILE);
  if (yaml === undefined)
    return { reason: `${PROJECT_FILE} cannot be edited`, hint: "write the patches by hand" };
  const way = patchesAt(environment.name);
  const anchor = sharedBy(yaml, { document: 0, way });
  if (anchor !== undefined)
    return {
      reason: `the settings of ${environment.name} are written once for several places, as &${anchor}`,
      hint: "write them out for the environment",
    };
  return patchEdits(yaml, environment.name, patches);
}
