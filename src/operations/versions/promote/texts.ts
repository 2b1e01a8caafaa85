import { posix } from "node:path";
import { grouped } from "../../../model/grouped.ts";
import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  mapMembers,
  property,
  stringify,
} from "../../../model/json.ts";
import { parseJson } from "../../../model/parse-json.ts";
import { valueAt } from "../../../reconcile/compare/difference.ts";
import type { Hints } from "../../../reconcile/compare/hints.ts";
import { inheriting } from "../../../reconcile/observe/desired.ts";
import { fileText, fitsFile } from "../../../schema/author/included.ts";
import type { LoadedProject } from "../../../schema/load.ts";
import type { Files } from "../../../schema/write/files.ts";
import { includedPath, looksLikeFile } from "../../../schema/write/include-form.ts";

/** The `spec` of a manifest as it is written, before files are included and variables are filled in. */
export interface Written {
  readonly file: string;
  readonly spec: Json;
}

/** Included files that hold another text, and those that nothing includes any more. */
export interface IncludedTexts {
  readonly texts: ReadonlyMap<string, string>;
  readonly gone: ReadonlySet<string>;
}

export interface Folded extends IncludedTexts {
  /** What the manifest of the object is to declare. */
  readonly spec: JsonObject;
}

/**
 * A `spec` with what a version declares in its place, both as they are written. A text that both take from files goes into
 * the file of the object; a file that nothing includes any more is deleted.
 */
export function foldedSpec(
  { project, files, hints }: { readonly project: LoadedProject; readonly files: Files; readonly hints: Hints },
  to: Written,
  changes: Written,
): Folded {
  const own = marked(to.spec, to.file, "own");
  const other = marked(changes.spec, changes.file, "other");
  const uses = usesIn(project, files);
  const isAlone = (file: string) => uses.get(file) === 1;
  const texts = new Map<string, string>();
  const taken = new Map<string, string>();
  const merged = replaced(inheriting(own, other, hints), (value, path) => {
    const [before, now] = [includeAt(own, path), includeIn(value)];
    if (before === undefined || !isAlone(before.file) || now?.from === "own") return value;
    if (now === undefined) {
      if (typeof value !== "string" || !fitsFile(value)) return value;
      texts.set(before.file, fileText(value));
      return MARK + stringify({ ...before, ...(value.includes("${") && { vars: true }) });
    }
    const text = isAlone(now.file) ? files.text(now.file) : undefined;
    if (text === undefined) return value;
    texts.set(before.file, text);
    taken.set(now.file, before.file);
    return value;
  });
  const spec = unmarked(merged, posix.dirname(to.file), taken);
  const left = new Set(includesIn(merged).map(({ file }) => taken.get(file) ?? file));
  const before = counted([...includesIn(own), ...includesIn(other)].map(({ file }) => file));
  const gone = [...before].filter(([file, count]) => !left.has(file) && uses.get(file) === count);
  return { spec: isObject(spec) ? spec : {}, texts, gone: new Set(gone.map(([file]) => file)) };
}

/** How often each is there. */
function counted(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...grouped(names, (name) => name)].map(([name, same]) => [name, same.length]));
}

/** Every text, by what `next` makes of it. */
function replaced(
  value: Json,
  next: (value: Json, path: readonly string[]) => Json,
  path: readonly string[] = [],
): Json {
  if (isList(value)) return value.map((item, index) => replaced(item, next, [...path, String(index)]));
  if (!isObject(value)) return next(value, path);
  return mapMembers(value, (one, key) => replaced(one, next, [...path, key]));
}

interface Include {
  /** From the root of the project. */
  readonly file: string;
  readonly vars?: Json;
  readonly from: "own" | "other";
}

const MARK = "\u0000include ";

/** While specs are merged, what includes a file is one value. */
function marked(value: Json, manifest: string, from: Include["from"]): Json {
  if (isList(value)) return value.map((item) => marked(item, manifest, from));
  if (!isObject(value)) return value;
  if (!looksLikeFile(value)) return mapMembers(value, (one) => marked(one, manifest, from));
  const vars = property(value, "vars");
  const include = { file: includedPath(value, manifest), ...(vars !== undefined && { vars }), from };
  return MARK + stringify(include);
}

function includeIn(value: Json): Include | undefined {
  if (typeof value !== "string" || !value.startsWith(MARK)) return undefined;
  return parseJson(value.slice(MARK.length)) as unknown as Include;
}

function includesIn(value: Json): readonly Include[] {
  const include = includeIn(value);
  if (include !== undefined) return [include];
  const members = isList(value) ? value : Object.values(isObject(value) ? value : {});
  return members.flatMap(includesIn);
}

function includeAt(value: Json, path: readonly string[]): Include | undefined {
  return includeIn((isObject(value) ? valueAt(value, path) : undefined) ?? null);
}

function unmarked(value: Json, folder: string, taken: ReadonlyMap<string, string>): Json {
  const include = includeIn(value);
  if (include !== undefined) {
    const { vars } = include;
    const file = posix.relative(folder, taken.get(include.file) ?? include.file);
    return { file, ...(vars !== undefined && { vars }) };
  }
  if (isList(value)) return value.map((item) => unmarked(item, folder, taken));
  if (!isObject(value)) return value;
  return mapMembers(value, (one) => unmarked(one, folder, taken));
}

/** How many places of the manifests and patches include a file. */
function usesIn(project: LoadedProject, files: Files): ReadonlyMap<string, number> {
  const names = Object.keys(project.digests).filter((file) => /\.ya?ml$/i.test(file));
  return counted(
    names.flatMap((name) =>
      (files.yaml(name)?.values ?? []).flatMap((value) =>
        includesIn(marked(value, name, "own")).map(({ file }) => file),
      ),
    ),
  );
}
