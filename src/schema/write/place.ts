import type { Address } from "../../model/address.ts";
import { isList, type Json } from "../../model/json.ts";
import { pointer } from "../../model/pointer.ts";
import type { LoadedProject } from "../load.ts";
import { PROJECT_FILE } from "../read/discover.ts";
import type { Arranged, Edit, Spot } from "./edits.ts";
import { type Files, nodeOf } from "./files.ts";
import { includedText, isFilledIn } from "./included-text.ts";
import type { SpecEdit } from "./structure.ts";
import { escapedIn, rewriteTemplate, variablesIn } from "./template.ts";
import { sharedBy, spotAt, type YamlText } from "./yaml-text.ts";

/** Why a value cannot be written. */
export interface Obstacle {
  readonly reason: string;
  readonly hint?: string;
  /** Where exactly, when it is not all of the change. */
  readonly path?: readonly string[];
}

/** A change to a file; `dropped` are variables that it does without. */
export type Placed =
  | { readonly file: string; readonly edit: Edit; readonly dropped: readonly string[] }
  | { readonly file: string; readonly text: string; readonly dropped: readonly string[] };

/** Where a value stands in a file. */
export interface Found {
  readonly file: string;
  readonly yaml: YamlText;
  readonly spot: Spot;
}

/** Where a value of a resource is written: in its manifest, or in the patch that supplies it. */
export function foundAt(
  project: LoadedProject,
  files: Files,
  address: Address,
  path: readonly string[],
): Found | undefined {
  const range = project.locate(address, pointer(path));
  const yaml = range === undefined ? undefined : files.yaml(range.file);
  if (range === undefined || yaml === undefined) return undefined;
  const spot = spotAt(yaml, range.start.offset, range.end.offset);
  return spot === undefined ? undefined : { file: range.file, yaml, spot };
}

/** The change to a file that makes a change to a `spec`. */
export function place(
  project: LoadedProject,
  files: Files,
  address: Address,
  change: SpecEdit,
): readonly Placed[] | Obstacle {
  const included = project.includedFile(address, pointer(change.path));
  if (included !== undefined && change.do === "replace" && typeof change.value === "string") {
    return inFile({ project, files, address, path: change.path }, included, change.value);
  }
  const found = findAlone(project, files, address, change.path);
  if (found === COMMON_TAG && change.do === "arrange")
    return besideCommon({ project, files, address, path: change.path }, change.items);
  if ("reason" in found) return found;
  switch (change.do) {
    case "remove":
      return [placed(found, { do: "remove" })];
    case "add":
      return [placed(found, { do: "add", key: change.key, value: escapedIn(change.value) })];
    case "arrange":
      return arranged({ project, files, address, path: change.path }, change.items, found);
    case "replace":
      return replaced(found, change.value, project.variables);
  }
}

type Change = Edit extends infer E ? (E extends Edit ? Omit<E, keyof Spot> : never) : never;

function placed({ file, spot }: Found, change: Change, dropped: readonly string[] = []): Placed {
  return { file, edit: { ...spot, ...change } as Edit, dropped };
}

const LOST: Obstacle = { reason: "its place in the manifests was not found", hint: "edit the manifest" };

/** Where a value of a resource is written, if nothing else is written by the same stretch of text. */
export function findAlone(
  project: LoadedProject,
  files: Files,
  address: Address,
  path: readonly string[],
): Found | Obstacle {
  const found = foundAt(project, files, address, path);
  if (found === undefined || found.spot.way.includes("<<")) return LOST;
  const { yaml, spot } = found;
  const anchor = sharedBy(yaml, spot);
  if (anchor !== undefined) {
    const hint = "write it out where it differs";
    return { reason: `it is written once for several places, as &${anchor}`, hint };
  }
  return isCommonTag(found) ? COMMON_TAG : found;
}

export const COMMON_TAG: Obstacle = {
  reason: "it is one of the tags of all assistants",
  hint: `see spec.tags.common in ${PROJECT_FILE}`,
};

/** Assistants have it without declaring it. */
export function isCommonTag({ file, spot: { way } }: Found): boolean {
  return file === PROJECT_FILE && way[0] === "spec" && way[1] === "tags";
}

function replaced(
  found: Found,
  value: Json,
  variables: ReadonlyMap<string, string>,
): readonly Placed[] | Obstacle {
  const raw = nodeOf(found.yaml, found.spot);
  if (typeof raw === "string" && typeof value === "string" && raw.includes("${")) {
    const told = rewriteTemplate(raw, variables, value);
    if ("replaced" in told) return replacing(told.replaced);
    return [placed(found, { do: "replace", value: told.template }, told.dropped)];
  }
  const names = variablesIn(raw);
  if (names.length > 0) return replacing(names);
  return [placed(found, { do: "replace", value: escapedIn(value) })];
}

function replacing(names: readonly string[]): Obstacle {
  return {
    reason: `it would replace ${names.join(", ")}`,
    hint: "change the variable, or write the text by hand",
  };
}

/** A declared path, and what finds it in the files. */
interface Target {
  readonly project: LoadedProject;
  readonly files: Files;
  readonly address: Address;
  readonly path: readonly string[];
}

function inFile(
  { project, files, address, path }: Target,
  file: string,
  text: string,
): readonly Placed[] | Obstacle {
  const found = findAlone(project, files, address, path);
  if ("reason" in found) return found;
  const old = files.text(file);
  if (old === undefined) return LOST;
  const isFilled = isFilledIn(project, address, path, { text: old, include: nodeOf(found.yaml, found.spot) });
  const told = includedText(old, text, isFilled ? project.variables : undefined);
  if ("replaced" in told) return replacing(told.replaced);
  return [{ file, text: told.template, dropped: told.dropped }];
}

/** The first tags of a manifest that has only those of all assistants. */
function besideCommon(
  { project, files, address, path }: Target,
  items: readonly Arranged[],
): readonly Placed[] | Obstacle {
  const kept = new Set(items.flatMap((item) => ("from" in item ? [item.from] : [])));
  for (let index = 0; project.locate(address, pointer([...path, String(index)])) !== undefined; index++)
    if (!kept.has(index)) return { ...COMMON_TAG, path: [...path, String(index)] };
  const key = path.at(-1);
  const around = findAlone(project, files, address, path.slice(0, -1));
  if (key === undefined) return LOST;
  if ("reason" in around) return around;
  const own = items.flatMap((item) => ("value" in item ? [escapedIn(item.value)] : []));
  return [placed(around, { do: "add", key, value: own })];
}

/** Elements of a list may be written in several places: in the manifest, and in patches. */
function arranged(
  { project, files, address, path }: Target,
  items: readonly Arranged[],
  list: Found,
): readonly Placed[] | Obstacle {
  const own = nodeOf(list.yaml, list.spot);
  if (!isList(own)) return LOST;
  const kept = new Set(items.flatMap((item) => ("from" in item ? [item.from] : [])));
  const here = new Map<number, number>();
  const elsewhere: Placed[] = [];
  for (let index = 0; ; index++) {
    const range = project.locate(address, pointer([...path, String(index)]));
    if (range === undefined) break;
    const element = findAlone(project, files, address, [...path, String(index)]);
    const isHere = !("reason" in element) && element.file === list.file && isBelow(element.spot, list.spot);
    if (isHere) here.set(index, Number(element.spot.way.at(-1)));
    else if (!kept.has(index)) {
      if ("reason" in element) return { ...element, path: [...path, String(index)] };
      elsewhere.push(...withoutElement(element));
    }
  }
  const arrangement = items.flatMap((item): readonly Arranged[] => {
    if ("value" in item) return [{ value: escapedIn(item.value) }];
    const from = here.get(item.from);
    return from === undefined ? [] : [{ from }];
  });
  const isSame =
    arrangement.length === own.length && arrangement.every((item, i) => "from" in item && item.from === i);
  return isSame ? elsewhere : [...elsewhere, placed(list, { do: "arrange", items: arrangement })];
}

function isBelow(inner: Spot, outer: Spot): boolean {
  const { document, way } = inner;
  return document === outer.document && way.slice(0, -1).join("\0") === outer.way.join("\0");
}

function withoutElement({ file, yaml, spot }: Found): readonly Placed[] {
  const list = { document: spot.document, way: spot.way.slice(0, -1) };
  const around = nodeOf(yaml, list);
  const gone = Number(spot.way.at(-1));
  if (!isList(around)) return [];
  const items = around.flatMap((_, from) => (from === gone ? [] : [{ from }]));
  return [placed({ file, yaml, spot: list }, { do: "arrange", items })];
}
