import type { Address } from "../../model/address.ts";
import { equal, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { pointer } from "../../model/pointer.ts";
import type { LoadedProject } from "../load.ts";
import { editedPart } from "./edit-text.ts";
import { editOrder } from "./edits.ts";
import { filesOf, type Files } from "./files.ts";
import { place, type Obstacle, type Placed } from "./place.ts";
import { specEdits } from "./structure.ts";
import { usersOfFiles, type UserOfFile } from "./users.ts";
import { joined, valuesOf, type Parts } from "./yaml-text.ts";
import { badCharacter, INCLUDE_LIMIT } from "../read/read-file.ts";

/** A `spec` as a manifest declares it, and as it is to declare it. */
export interface Rewrite {
  readonly address: Address;
  readonly kind: Kind;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** What stands in the way of a change at a path of a `spec`, by its positions before. */
export interface Failure extends Obstacle {
  readonly address: Address;
  readonly path: readonly string[];
}

export interface Rewritten {
  /** New texts of files that change, by their path from the root. */
  readonly texts: ReadonlyMap<string, string>;
  readonly failures: readonly Failure[];
  readonly touched: readonly Touched[];
}

/** A place in a `spec` whose text changes, and in which file. */
export interface Touched {
  readonly address: Address;
  readonly path: readonly string[];
  readonly file: string;
  /** Variables that the new text does without. */
  readonly dropped: readonly string[];
}

interface Task {
  readonly address: Address;
  readonly path: readonly string[];
  readonly placed: Placed;
}

/**
 * The files of a project with other values in some of its manifests. Only the text of what changes is touched. Nothing
 * is written; with failures the texts are incomplete.
 */
export function rewrite(project: LoadedProject, rewrites: readonly Rewrite[]): Rewritten {
  const files = filesOf(project);
  const failures: Failure[] = [];
  const tasks: Task[] = [];
  for (const { address, kind, before, after } of rewrites) {
    for (const change of specEdits(before, after, kind.fields)) {
      const result = place(project, files, address, change);
      if ("reason" in result) failures.push({ address, path: change.path, ...result });
      else tasks.push(...result.map((placed) => ({ address, path: change.path, placed })));
    }
  }
  const texts = new Map<string, string>();
  failures.push(...includedTexts(project, tasks, texts), ...yamlTexts(files, tasks, texts));
  const touched = tasks.map(({ address, path, placed: { file, dropped } }) => ({
    address,
    path,
    file,
    dropped,
  }));
  return { texts, failures, touched };
}

interface WantedText {
  readonly address: Address;
  readonly path: readonly string[];
  readonly file: string;
  readonly text: string;
}

/** A file is the text of everything that includes it. */
function includedTexts(
  project: LoadedProject,
  tasks: readonly Task[],
  texts: Map<string, string>,
): readonly Failure[] {
  const wanted = tasks.flatMap(({ address, path, placed }) =>
    "text" in placed ? [{ address, path, file: placed.file, text: placed.text }] : [],
  );
  if (wanted.length === 0) return [];
  const users = usersOfFiles(project);
  return wanted.flatMap((task): readonly Failure[] => {
    const { address, path, file, text } = task;
    const reason = problemOf(task, wanted, users.get(file) ?? []);
    if (reason !== undefined) return [{ address, path, ...reason }];
    texts.set(file, text);
    return [];
  });
}

/** Why a new text cannot become that of the file. */
function problemOf(
  { address, path, file, text }: WantedText,
  wanted: readonly WantedText[],
  users: readonly UserOfFile[],
): Pick<Failure, "reason" | "hint"> | undefined {
  const isSameFor = (user: UserOfFile) =>
    wanted.some(
      (other) =>
        other.file === file &&
        other.address === user.address &&
        pointer(other.path) === user.at &&
        other.text === text,
    );
  const others = users.filter((user) => user.address !== address || user.at !== pointer(path));
  const disagrees = others.find((user) => !isSameFor(user));
  if (disagrees !== undefined) {
    const reason = `${file} is also a text of ${disagrees.address}, and their texts would differ`;
    return { reason, hint: "give each its own file" };
  }
  const bad = badCharacter(text);
  if (bad !== undefined) return { reason: `the new text contains the control character ${bad}` };
  return Buffer.byteLength(text) > INCLUDE_LIMIT
    ? { reason: "the new text is too large for a file" }
    : undefined;
}

/** Values first, then lists from the inside out: until then positions are those of before. */
function yamlTexts(files: Files, tasks: readonly Task[], texts: Map<string, string>): readonly Failure[] {
  const edits = tasks
    .flatMap(({ address, path, placed }) =>
      "edit" in placed ? [{ address, path, file: placed.file, edit: placed.edit }] : [],
    )
    .sort((a, b) => editOrder(a.edit) - editOrder(b.edit));
  const current = new Map<string, Parts | undefined>();
  const failures: Failure[] = [];
  for (const { address, path, file, edit } of edits) {
    const parts = current.has(file) ? current.get(file) : files.parts(file);
    const next = parts === undefined ? undefined : editedPart(parts, edit);
    if (next === undefined) failures.push(unwritten({ address, path }));
    else current.set(file, next);
  }
  for (const [file, parts] of current) {
    const whole = parts === undefined ? undefined : joined(parts);
    const values = parts?.documents.flatMap((document) => document.values) ?? [];
    const isSound = whole !== undefined && equal(valuesOf(whole) ?? [], values);
    if (isSound) texts.set(file, whole);
    else failures.push(...edits.filter((edit) => edit.file === file).map(unwritten));
  }
  return failures;
}

function unwritten({ address, path }: Pick<Task, "address" | "path">): Failure {
  return { address, path, ...UNWRITTEN };
}

const UNWRITTEN: Obstacle = {
  reason: "it cannot be written there without changing something else",
  hint: "edit the manifest",
};
