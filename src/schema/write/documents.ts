import { equal, property, type Json } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import { MARKER } from "./document-text.ts";
import { editedPart } from "./edit-text.ts";
import type { Edit, Spot } from "./edits.ts";
import type { Files } from "./files.ts";
import { joined, lineEndOf, nodeAt, valuesOf, type Parts } from "./yaml-text.ts";

/** One document of a file of a project, as it is written. */
export interface FoundDocument {
  readonly file: string;
  readonly document: number;
  readonly value: Json;
}

/** Where a resource is declared; `undefined` where its file was changed since. */
export function documentOf(files: Files, { file, kind, name }: Resource): FoundDocument | undefined {
  const values = files.yaml(file)?.values ?? [];
  const document = values.findIndex(
    (value) => property(value, "kind") === kind && property(property(value, "metadata"), "name") === name,
  );
  const value = values[document];
  return value === undefined ? undefined : { file, document, value };
}

/** `assistants/desk.yaml:5`, for a message. */
export function placeOf(files: Files, file: string, spot: Spot): string {
  const yaml = files.yaml(file);
  const at = yaml === undefined ? undefined : nodeAt(yaml, spot)?.range?.[0];
  if (yaml === undefined || at === undefined) return file;
  return `${file}:${yaml.text.slice(0, at).split("\n").length}`;
}

/** What happens to the documents of one file. */
export interface FileEdits {
  /** In this order: values first, then lists from the inside out. */
  readonly edits: readonly Edit[];
  readonly removed: ReadonlySet<number>;
}

/** The new text, `gone` where no document is left, or `undefined` where it cannot be written. */
export function editedFile(
  files: Files,
  file: string,
  { edits, removed }: FileEdits,
): { readonly text: string } | "gone" | undefined {
  let parts: Parts | undefined = files.parts(file);
  if (parts?.documents.length === removed.size) return "gone";
  for (const edit of edits.filter(({ document }) => !removed.has(document)))
    parts = parts === undefined ? undefined : editedPart(parts, edit);
  const text = parts === undefined ? undefined : withoutDocuments(joined(parts), removed);
  const values = parts?.documents.flatMap((one, index) => (removed.has(index) ? [] : one.values));
  return text !== undefined && equal(valuesOf(text) ?? [], values ?? []) ? { text } : undefined;
}

/** A file without some of its documents, which are counted without empty ones. */
function withoutDocuments(text: string, removed: ReadonlySet<number>): string | undefined {
  if (removed.size === 0) return text;
  const starts = [0, ...[...text.matchAll(MARKER)].map(({ index }) => index)];
  const all = starts.map((start, at) => text.slice(start, starts[at + 1] ?? text.length));
  if (text.startsWith("%") || all.some((one) => one.startsWith("..."))) return undefined;
  let document = -1;
  const kept = all.flatMap((one) => {
    if (!hasContent(one)) return [one];
    document += 1;
    return removed.has(document) ? headOf(one, document) : [one];
  });
  const isOpen = !all[0]?.startsWith("---") && kept[0]?.startsWith("---") === true;
  const result = kept.join("");
  return isOpen ? result.replace(/^---[ \t]*\r?\n/, "") : result;
}

function hasContent(text: string): boolean {
  return text.split("\n").some((line, index) => {
    const rest = index === 0 ? line.replace(/^---/, "") : line;
    return rest.trim() !== "" && !rest.trimStart().startsWith("#");
  });
}

/** Comments at the head of a file, with an empty line below, are about all of it. */
function headOf(text: string, document: number): readonly string[] {
  const head = document === 0 ? /^(?:#.*\r?\n)+(?=[ \t]*\r?\n)/.exec(text)?.[0] : undefined;
  return head === undefined ? [] : [head + lineEndOf(text)];
}
