import type { Address } from "../../../model/address.ts";
import { isList, isObject, property, type Json } from "../../../model/json.ts";
import { pointer, segments } from "../../../model/pointer.ts";
import { PROJECT_FILE } from "../../../schema/read/discover.ts";
import type { Edit } from "../../../schema/write/edits.ts";
import { placeOf } from "../../../schema/write/documents.ts";
import type { Files } from "../../../schema/write/files.ts";
import { SelectionError } from "../../account/account.ts";

export interface PatchMove {
  readonly from: Address;
  readonly to: Address;
  /** Below which field of `spec` a version declares what it changes. */
  readonly into: string;
  /** Resources that are removed, with their patches. */
  readonly removed: readonly Address[];
}

export interface MovedPatches {
  readonly edits: readonly Edit[];
  /** The environments of which patches go along. */
  readonly environments: readonly string[];
}

/** The patches of a version become those of its object. Throws `SelectionError` where one cannot. */
export function movedPatches(files: Files, move: PatchMove): MovedPatches {
  const all = property(property(files.yaml(PROJECT_FILE)?.values[0], "spec"), "environments");
  const moved = Object.entries(isObject(all) ? all : {}).map(([name, environment]) => {
    const patches = property(environment, "patches");
    const list = isList(patches) ? patches : [];
    const way = ["spec", "environments", name, "patches"];
    return [name, movedIn(files, way, list, move)] as const;
  });
  return {
    edits: moved.flatMap(([, { edits }]) => edits),
    environments: moved.filter(([, { isMoved }]) => isMoved).map(([name]) => name),
  };
}

function movedIn(files: Files, way: readonly string[], patches: readonly Json[], move: PatchMove) {
  const edits: Edit[] = [];
  const kept: { from: number }[] = [];
  for (const [index, patch] of patches.entries()) {
    const at = [...way, String(index)];
    const target = property(patch, "target");
    const next = target === move.from ? retargeted(files, at, patch, move) : [];
    const isGone = move.removed.some((address) => address === target);
    if (isGone || (target === move.from && next.length === 0)) continue;
    edits.push(...next);
    kept.push({ from: index });
  }
  const isMoved = edits.length > 0;
  if (kept.length === patches.length) return { edits, isMoved };
  const rest: Edit =
    kept.length === 0 ? { document: 0, way, do: "remove" } : { document: 0, way, do: "arrange", items: kept };
  return { edits: [...edits, rest], isMoved };
}

/** The changes to one patch; none where it says nothing about the object. */
function retargeted(files: Files, at: readonly string[], patch: Json, move: PatchMove): readonly Edit[] {
  const replace = (key: string, value: Json): Edit => ({
    document: 0,
    way: [...at, key],
    do: "replace",
    value,
  });
  const path = property(patch, "path");
  if (typeof path === "string") {
    const [first, second, ...rest] = segments(path);
    if (first === "metadata") return [];
    if (first !== "spec" || second !== move.into || rest.length === 0) throw stays(files, at, path, move);
    return [replace("target", move.to), replace("path", pointer(["spec", ...rest]))];
  }
  const body = property(patch, "patch");
  const spec = property(body, "spec");
  if (property(body, "lifecycle") !== undefined) throw stays(files, at, "lifecycle", move);
  const other = Object.keys(isObject(spec) ? spec : {}).find((key) => key !== move.into);
  if (other !== undefined) throw stays(files, at, `spec.${other}`, move);
  const changes = property(spec, move.into);
  return changes === undefined ? [] : [replace("target", move.to), replace("patch", { spec: changes })];
}

function stays(files: Files, way: readonly string[], what: string, { from, to }: PatchMove): SelectionError {
  const place = placeOf(files, PROJECT_FILE, { document: 0, way });
  return new SelectionError(
    `${from} was not promoted: ${place}: its patch changes ${what}, which ${to} does not have`,
    "remove the patch, or promote by hand",
  );
}
