import { valueIn } from "../../model/at-path.ts";
import { posix } from "node:path";
import { equal, isList, isObject, property, type Json } from "../../model/json.ts";
import { pointer } from "../../model/pointer.ts";
import type { LoadedProject } from "../load.ts";
import { nodeOf, type Files } from "./files.ts";
import { includedText, isFilledIn } from "./included-text.ts";
import type { Patching } from "./patching.ts";
import { COMMON_TAG, foundAt, isCommonTag, type Obstacle } from "./place.ts";
import type { Rewrite } from "./structure.ts";
import { escapedIn, rewriteTemplate, variablesIn } from "./template.ts";

/** Where the values of one resource come from, and how they are written for one environment. */
export interface PatchSource {
  readonly project: LoadedProject;
  readonly files: Files;
  readonly rewrite: Rewrite;
  readonly patching: Patching;
}

/** A value as a patch holds it. */
export interface PatchedValue {
  readonly value: Json;
  /** The new file that it names. */
  readonly made?: { readonly file: string; readonly text: string };
  /** Variables of the manifest that it does without. */
  readonly dropped: readonly string[];
}

/** Variables stay where the text around them changes, and in the elements of a list that stay. */
export function patchedValue(
  source: PatchSource,
  path: readonly string[],
  value: Json,
): PatchedValue | (Obstacle & { readonly path: readonly string[] }) {
  if (typeof value === "string") return patchedText(source, path, value);
  if (isList(value)) return patchedList(source, path, value);
  return { value: escapedIn(value), dropped: [] };
}

interface Naming {
  /** Of the file in which the new one is named. */
  readonly folder: string;
  /** The name replaces the old one and is not merged into it. */
  readonly isWhole: boolean;
}

const PATCH: Naming = { folder: ".", isWhole: false };

/** A text, in a file of its own where the manifest has one or where it is long. */
export function patchedText(
  { project, files, rewrite, patching }: PatchSource,
  path: readonly string[],
  text: string,
  { folder, isWhole }: Naming = PATCH,
): PatchedValue {
  const { address } = rewrite;
  const found = foundAt(project, files, address, path);
  const raw = found && nodeOf(found.yaml, found.spot);
  const included = project.includedFile(address, pointer(path));
  const inFile = included === undefined ? undefined : files.text(included);
  const isFile = inFile !== undefined && isFilledIn(project, address, path, { text: inFile, include: raw });
  const old = oldText(isFile ? inFile : raw, isFile);
  const names = [...new Set(variablesIn(old.text))];
  const file = patching.textFile(rewrite, path, text, included !== undefined);
  const template = templateOf(old, text, project.variables);
  const isKept = template !== undefined && (file !== undefined || included === undefined);
  const dropped = isKept ? template.dropped : names;
  if (file === undefined) return { value: isKept ? template.text : escapedIn(text), dropped };
  const made = { file, text: isKept ? template.text + (old.isFile ? "" : "\n") : `${text}\n` };
  const name = posix.relative(folder, file);
  if (isKept) return { value: { file: name, vars: true }, made, dropped };
  // A patch is merged: what the manifest says of variables would stay.
  const isSaid = !isWhole && (isFile || property(raw, "vars") === true);
  return { value: isSaid ? { file: name, vars: false } : { file: name }, made, dropped };
}

interface OldText {
  /** With variables; absent where it has none. */
  readonly text?: string;
  readonly isFile: boolean;
}

function oldText(text: Json | undefined, isFile: boolean): OldText {
  return typeof text !== "string" || variablesIn(text).length === 0 ? { isFile } : { isFile, text };
}

/** `undefined` where the new text replaces a variable, or the old one has none. */
function templateOf(
  { text: old, isFile }: OldText,
  text: string,
  variables: ReadonlyMap<string, string>,
): { readonly text: string; readonly dropped: readonly string[] } | undefined {
  if (old === undefined) return undefined;
  const told = isFile ? includedText(old, text, variables) : rewriteTemplate(old, variables, text);
  return "replaced" in told ? undefined : { text: told.template, dropped: told.dropped };
}

/** The elements that stay are as they are written; tags of all assistants are not among them. */
function patchedList(
  { project, files, rewrite: { address, before } }: PatchSource,
  path: readonly string[],
  list: readonly Json[],
): PatchedValue | (Obstacle & { readonly path: readonly string[] }) {
  const old = valueIn(before, path);
  const known = isList(old) ? old : [];
  const from = origins(known, list);
  const written = known.map((_, index) => foundAt(project, files, address, [...path, String(index)]));
  const common = new Set(written.flatMap((found, index) => (found && isCommonTag(found) ? [index] : [])));
  const gone = [...common].find((index) => !from.includes(index));
  if (gone !== undefined) return { ...COMMON_TAG, path: [...path, String(gone)] };
  const value = list.flatMap((item, index): readonly Json[] => {
    const origin = from[index];
    if (origin !== undefined && common.has(origin)) return [];
    const found = origin === undefined ? undefined : written[origin];
    const raw = found && nodeOf(found.yaml, found.spot);
    return [raw === undefined || namesFile(raw) ? escapedIn(item) : raw];
  });
  const dropped = known.flatMap((_, index) => {
    const found = from.includes(index) ? undefined : written[index];
    return found === undefined ? [] : variablesIn(nodeOf(found.yaml, found.spot));
  });
  return { value, dropped: [...new Set(dropped)] };
}

/** For each element, the equal one that it was. */
function origins(before: readonly Json[], after: readonly Json[]): readonly (number | undefined)[] {
  const used = new Set<number>();
  return after.map((item) => {
    const index = before.findIndex((other, at) => !used.has(at) && equal(other, item));
    if (index < 0) return undefined;
    used.add(index);
    return index;
  });
}

/** The path of a file is relative to the manifest. */
function namesFile(value: Json): boolean {
  if (isList(value)) return value.some(namesFile);
  if (!isObject(value)) return false;
  return Object.hasOwn(value, "file") || Object.values(value).some(namesFile);
}
