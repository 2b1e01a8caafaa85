import type { Address } from "../../model/address.ts";
import { equal } from "../../model/json.ts";
import { pointer } from "../../model/pointer.ts";
import type { LoadedProject } from "../load.ts";
import { editedPart } from "./edit-text.ts";
import { editOrder } from "./edits.ts";
import { filesOf, type Files } from "./files.ts";
import type { Obstacle } from "./place.ts";
import { sharedFiles } from "./shared-files.ts";
import type { Rewrite } from "./structure.ts";
import {
  inPatches,
  limitedIn,
  placedIn,
  withoutRemovals,
  type Failure,
  type Task,
  type Touched,
} from "./tasks.ts";
import { usersOfFiles, type UserOfFile } from "./users.ts";
import { joined, valuesOf, type Parts } from "./yaml-text.ts";
import { badCharacter, INCLUDE_LIMIT } from "../read/read-file.ts";
import type { Patching } from "./patching.ts";

export interface Rewritten {
  /** New texts of files that change, by their path from the root. */
  readonly texts: ReadonlyMap<string, string>;
  readonly failures: readonly Failure[];
  readonly touched: readonly Touched[];
}

export interface RewriteOptions {
  /** Values are those of one environment, and change nothing that another one gets. */
  readonly patching?: Patching;
  /** Environments that resources get. */
  readonly environments?: ReadonlyMap<Address, readonly string[]>;
  /** The texts that the project was loaded with instead of files. */
  readonly loadedAs?: ReadonlyMap<string, string>;
}

/**
 * The files of a project with other values in some of its manifests. Only the text of what changes is touched. Nothing
 * is written; with failures the texts are incomplete.
 */
export function rewrite(
  project: LoadedProject,
  rewrites: readonly Rewrite[],
  { patching, environments = new Map(), loadedAs }: RewriteOptions = {},
): Rewritten {
  const files = filesOf(project, loadedAs);
  const isPatched = ({ address }: Rewrite) => patching?.isPatched(address) === true;
  const changing = { project, files, patching, isShared: sharedFiles(project, files) };
  const own = rewrites.filter((one) => !isPatched(one)).map((one) => withoutRemovals(changing, one));
  const plain = placedIn(
    changing,
    own.map(({ rest }) => rest),
  );
  const patched = inPatches(changing, [
    ...rewrites.filter(isPatched),
    ...own.flatMap(({ removals }) => removals ?? []),
  ]);
  const limited = limitedIn(project, files, environments);
  const tasks = [...plain.tasks, ...patched.tasks, ...limited.tasks];
  const texts = new Map<string, string>();
  const failures = [...plain.failures, ...patched.failures, ...limited.failures];
  failures.push(...includedTexts(project, tasks, texts), ...yamlTexts(files, tasks, texts));
  const touched = [...plain.tasks, ...patched.tasks].filter(({ path }) => path.length > 0);
  return { texts, failures, touched: [...touched.map(touchedBy), ...patched.touched] };
}

function touchedBy({ address, path, placed: { file, dropped } }: Task): Touched {
  return { address, path, file, dropped };
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

export const UNWRITTEN: Obstacle = {
  reason: "it cannot be written there without changing something else",
  hint: "edit the manifest",
};
