import { posix } from "node:path";
import { parseAddress } from "../../model/address.ts";
import { keyOf } from "../../model/field-hints.ts";
import { isList, isObject, mapItems, mapMembers, type Json } from "../../model/json.ts";
import { pointer } from "../../model/pointer.ts";
import type { AuthoredFile, ManifestDraft } from "./draft.ts";
import { fileText, fitsFile, isLongText } from "./included.ts";
import { slugOf } from "./slug.ts";
import { below, hintFor, topOf, type SpecPlace } from "./spec-place.ts";

export const FOLDER = "prompts";

interface Splitting {
  readonly draft: ManifestDraft;
  /** Of the manifest. */
  readonly folder: string;
  readonly freePath: (stem: string, extension: string) => string;
  readonly files: AuthoredFile[];
}

/** The draft with its main text, and other long ones, in files that it includes. */
export function withTextFiles(
  draft: ManifestDraft,
  folder: string,
  freePath: Splitting["freePath"],
): { readonly draft: ManifestDraft; readonly files: readonly AuthoredFile[] } {
  const splitting: Splitting = { draft, folder, freePath, files: [] };
  const spec = split(draft.spec, topOf(draft.kind, draft.spec), [], splitting);
  const { files } = splitting;
  return { draft: files.length > 0 && isObject(spec) ? { ...draft, spec } : draft, files };
}

/** `words` tell where the text stands: elements of lists by their keys. */
function split(value: Json, place: SpecPlace, words: readonly string[], splitting: Splitting): Json {
  const hint = hintFor(place);
  if (hint.whole === true) return value;
  if (typeof value === "string") {
    return hint.multiline === true && isApart(value, place, splitting)
      ? inFile(value, place, words, splitting)
      : value;
  }
  if (isList(value)) {
    return mapItems(value, (item, index) => {
      const key = hint.keyedBy === undefined ? undefined : keyOf(item, hint.keyedBy);
      // What stands in a list is known by the element: the names around it say no more.
      return split(item, below(place, String(index), item), [key ?? String(index + 1)], splitting);
    });
  }
  if (!isObject(value)) return value;
  return mapMembers(value, (item, key) => split(item, below(place, key, item), [...words, key], splitting));
}

function isApart(text: string, { path }: SpecPlace, { draft }: Splitting): boolean {
  return fitsFile(text) && (isLongText(text) || pointer(path) === draft.kind.files?.text);
}

function inFile(text: string, { path }: SpecPlace, words: readonly string[], splitting: Splitting): Json {
  const { draft, folder, freePath, files } = splitting;
  const own = parseAddress(draft.address)?.name ?? "";
  const isMain = pointer(path) === draft.kind.files?.text;
  const name = isMain ? own : [own, slugOf(words.join(" "))].filter((part) => part !== "").join("-");
  const file = freePath(posix.join(FOLDER, name), ".md");
  files.push({ path: file, text: fileText(text), addresses: [draft.address] });
  return { file: posix.relative(folder, file) };
}
