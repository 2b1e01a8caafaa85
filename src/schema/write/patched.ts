import { posix } from "node:path";
import type { Address } from "../../model/address.ts";
import { isObject, type Json } from "../../model/json.ts";
import { pointer } from "../../model/pointer.ts";
import type { LoadedProject } from "../load.ts";
import { PROJECT_FILE } from "../read/discover.ts";
import type { Edit } from "./edits.ts";
import { nodeOf, type Files } from "./files.ts";
import { patchOf, type Write } from "./patch-of.ts";
import { patchEdits, patchesAt, type ManifestPatch } from "./patch-edits.ts";
import { patchedText, patchedValue, type PatchSource } from "./patch-values.ts";
import { findAlone, foundAt, place, type Found, type Obstacle, type Placed } from "./place.ts";
import type { IsSharedFile } from "./shared-files.ts";
import { specEdits, type SpecEdit } from "./structure.ts";
import { sharedBy } from "./yaml-text.ts";

export interface PatchTask {
  readonly path: readonly string[];
  readonly placed: Placed;
}

/** A place in a `spec`, and the variables that its new value does without. */
interface TouchedPlace {
  readonly path: readonly string[];
  readonly dropped: readonly string[];
}

/** The changes of one manifest by patches. */
export interface PatchTasks {
  readonly address: Address;
  readonly patch: ManifestPatch;
  /** Values that a patch or a file of one holds already, and new files. */
  readonly tasks: readonly PatchTask[];
  readonly failures: readonly (Obstacle & { readonly path: readonly string[] })[];
  /** The places whose values the patch changes. */
  readonly touched: readonly TouchedPlace[];
}

export function patchTasks(source: PatchSource, isShared: IsSharedFile): PatchTasks {
  const { project, files, rewrite, patching } = source;
  const { address, kind, before, after } = rewrite;
  const tasks: PatchTask[] = [];
  const failures: PatchTasks["failures"][number][] = [];
  const gone: TouchedPlace[] = [];
  const write: Write = (path, old, value) => {
    const isThere = old !== undefined && isInPatch(project, files, address, path);
    const result = isThere ? inPlace(source, path, value, isShared) : undefined;
    if (result !== undefined && "reason" in result) failures.push({ ...result, path: result.path ?? path });
    else if (result !== undefined) tasks.push(...result.map((placed) => ({ path, placed })));
    if (result !== undefined) return undefined;
    const next = patchedValue(source, path, value);
    if ("reason" in next) {
      failures.push(next);
      return undefined;
    }
    const { made, dropped } = next;
    if (made !== undefined) tasks.push({ path, placed: { ...made, dropped } });
    else if (dropped.length > 0) gone.push({ path, dropped });
    return next.value;
  };
  const written = (path: readonly string[]) => writtenAt(project, files, address, path);
  const spec = patchOf(before, after, { fields: kind.fields, write, written });
  const lifecycle = patching.lifecycles?.get(address);
  const placed = new Set(tasks.map(({ path }) => pointer(path)));
  const base = baseOf(project, files, address);
  return {
    address,
    patch: { address, spec, fields: kind.fields, base, ...(lifecycle !== undefined && { lifecycle }) },
    tasks,
    failures,
    touched: specEdits(before, after, kind.fields)
      .map(pathOf)
      .filter((path) => !placed.has(pointer(path)))
      .map((path) => ({ path, dropped: droppedAt(path, gone) })),
  };
}

function writtenAt(project: LoadedProject, files: Files, address: Address, path: readonly string[]) {
  const found = foundAt(project, files, address, path);
  return found && nodeOf(found.yaml, found.spot);
}

function droppedAt(path: readonly string[], gone: readonly TouchedPlace[]): readonly string[] {
  const at = pointer(path);
  const isAt = (other: string) => other === at || other.startsWith(`${at}/`) || at.startsWith(`${other}/`);
  return gone.flatMap((one) => (isAt(pointer(one.path)) ? one.dropped : []));
}

/** The change where a patch sets the value; `undefined` where the patch is to name another file. */
function inPlace(
  source: PatchSource,
  path: readonly string[],
  value: Json,
  isShared: IsSharedFile,
): readonly Placed[] | Obstacle | undefined {
  const { project, files, rewrite } = source;
  const change = { path, do: "replace", value } as const;
  if (!isSharedText(source, change, isShared)) return place(project, files, rewrite.address, change);
  const found = findAlone(project, files, rewrite.address, path);
  if ("reason" in found) return found;
  return found.file === PROJECT_FILE ? namedAnew(source, path, String(value), found) : undefined;
}

/** The text of a file that other environments may take. */
export function isSharedText(
  { project, rewrite }: PatchSource,
  change: SpecEdit,
  isShared: IsSharedFile,
): boolean {
  if (change.do !== "replace" || typeof change.value !== "string") return false;
  const included = project.includedFile(rewrite.address, pointer(change.path));
  return included !== undefined && isShared(included);
}

/** A new file for a text, and the change of the place that names the old one. */
export function namedAnew(
  source: PatchSource,
  path: readonly string[],
  text: string,
  { file, spot }: Found,
): readonly Placed[] {
  const naming = { folder: posix.dirname(file), isWhole: true };
  const { value, made, dropped } = patchedText(source, path, text, naming);
  const named: Placed = { file, edit: { ...spot, do: "replace", value }, dropped };
  return made === undefined ? [named] : [{ ...made, dropped }, named];
}

function pathOf(edit: SpecEdit): readonly string[] {
  return edit.do === "add" ? [...edit.path, edit.key] : edit.path;
}

/** A patch of the environment holds the value, or names its file. */
export function isInPatch(
  project: LoadedProject,
  files: Files,
  address: Address,
  path: readonly string[],
): boolean {
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
  if (included === undefined || !isObject(include)) return false;
  const named = include["file"];
  return typeof named === "string" && posix.join(posix.dirname(file), named) !== included;
}

/** The manifest without the patches of the environment. */
function baseOf(project: LoadedProject, files: Files, address: Address): Json | undefined {
  const found = foundAt(project, files, address, []);
  return found && nodeOf(found.yaml, { ...found.spot, way: found.spot.way.slice(0, -1) });
}

/** The changes to the project file. An obstacle concerns all of them. */
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
