import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join, posix, relative } from "node:path";
import type { FileBatch, FileChange } from "../../model/file-change.ts";
import type { Json } from "../../model/json.ts";
import { codeOf, faultOf, FileFault } from "./fault.ts";
import { removeEmpty } from "./folders.ts";
import {
  readJournal,
  removeJournal,
  removeRemains,
  writeJournal,
  type Journal,
  type JournalFile,
} from "./journal.ts";
import { hiddenPart, isInside, isThere, realPath } from "./paths.ts";
import { readBytes } from "./read.ts";
import { draftOf, syncFolder, writeWhole, type Draft } from "./write.ts";

/** Bytes. */
const LARGEST = 256 * 1024 * 1024;
/** The one hidden file that a batch may write. */
const HIDDEN = ".gitignore";

/** Begins a batch: its journal is durable when this returns, and no file is written yet. Throws `FileFault`. */
export async function beginBatch(
  root: string,
  name: string,
  changes: readonly FileChange[],
  purpose: Json,
): Promise<FileBatch> {
  const id = randomUUID();
  const files = changes.map((change, index) =>
    naming(change.file, () => journalFile(root, change, `.rollcall-${id}-${index}.tmp`)),
  );
  const folders = newFolders(root, changes);
  const journal: Journal = { purpose, folders, files };
  await writeJournal(root, name, journal);
  const texts = new Map(changes.map((change) => [change.file, "text" in change ? change.text : ""]));
  return {
    ...ending(root, name, journal),
    place: () => placeAll(root, journal, (file) => texts.get(file) ?? ""),
  };
}

/** A batch that a killed process left open. Throws `FileFault`. */
export async function unfinishedBatch(
  root: string,
  name: string,
): Promise<Omit<FileBatch, "place"> | undefined> {
  const journal = readJournal(root, name);
  if (journal !== undefined) return ending(root, name, journal);
  await removeRemains(root, name);
  return undefined;
}

function ending(root: string, name: string, journal: Journal): Omit<FileBatch, "place"> {
  return {
    purpose: journal.purpose,
    undo: async () => {
      const edited = await undoAll(root, journal);
      await removeJournal(root, name);
      return edited;
    },
    close: async () => {
      await removeDrafts(root, journal);
      await removeJournal(root, name);
    },
  };
}

/** A fault includes the path of its file. */
function naming<Result>(file: string, work: () => Result): Result {
  try {
    const result = work();
    return result instanceof Promise ? (result.catch((error: unknown) => fail(file, error)) as Result) : result;
  } catch (error) {
    return fail(file, error);
  }
}

function fail(file: string, error: unknown): never {
  const { code, reason } = faultOf(error);
  throw new FileFault(code, reason.startsWith(file) ? reason : `${file} cannot be written: ${reason}`, {
    cause: error,
  });
}

function journalFile(root: string, change: FileChange, draft: string): JournalFile {
  const { file, digest } = change;
  const path = pathIn(root, file);
  const old = readOld(path);
  if ((old === undefined ? undefined : digestOf(old)) !== digest)
    throw new FileFault("ECHANGED", `${file} was changed in the meantime`);
  const next = { file, draft, ...("text" in change && { digest: digestOf(Buffer.from(change.text)) }) };
  return old === undefined ? next : { ...next, old: old.toString("utf8") };
}

/** Where a file of the project is after links are followed; never outside of it, and never in a hidden folder. */
function pathIn(root: string, file: string): string {
  const [base, path] = [realPath(root), realPath(join(root, file))];
  const place = relative(base, path);
  if (!isInside(base, path) || (file !== HIDDEN && hiddenPart(place) !== undefined))
    throw new FileFault("ELINK", `${file} is outside of the project or hidden`);
  return path;
}

function readOld(path: string): Buffer | undefined {
  try {
    return readBytes(path, LARGEST);
  } catch (error) {
    if (error instanceof FileFault && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The folders that are not there yet, the outer ones first. */
function newFolders(root: string, changes: readonly FileChange[]): readonly string[] {
  const folders = new Set<string>();
  for (const { file } of changes) {
    const parts = file.split("/").slice(0, -1);
    for (const [index] of parts.entries()) folders.add(posix.join(...parts.slice(0, index + 1)));
  }
  return [...folders].filter((folder) => !isThere(join(root, folder))).sort();
}

async function placeAll(root: string, journal: Journal, textOf: (file: string) => string): Promise<void> {
  const drafts: { readonly one: JournalFile; readonly path: string; readonly draft: Draft }[] = [];
  for (const one of journal.files.filter(isWritten)) {
    const drafted = naming(one.file, async () => {
      const path = pathIn(root, one.file);
      await mkdir(dirname(path), { recursive: true });
      const draft = await draftOf(path, textOf(one.file), { draft: join(dirname(path), one.draft) });
      return { one, path, draft };
    });
    drafts.push(await drafted);
  }
  for (const { one, path, draft } of drafts) {
    await naming(one.file, async () => {
      if (one.old === undefined) await placeNew(join(dirname(path), one.draft), path, one.file);
      else {
        checkUnchanged(path, one);
        await draft.place();
      }
    });
  }
  const deleted = await deleteAll(root, journal);
  const paths = [...drafts.map(({ path }) => path), ...deleted];
  for (const folder of new Set(paths.map((path) => dirname(path)))) await syncFolder(folder);
}

function isWritten({ digest }: JournalFile): boolean {
  return digest !== undefined;
}

async function deleteAll(root: string, { files }: Journal): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const one of files.filter((file) => !isWritten(file))) {
    const path = pathIn(root, one.file);
    await naming(one.file, async () => {
      checkUnchanged(path, one);
      await rm(path);
    });
    paths.push(path);
  }
  return paths;
}

function checkUnchanged(path: string, { file, old }: JournalFile): void {
  if (readOld(path)?.toString("utf8") !== old)
    throw new FileFault("ECHANGED", `${file} was changed in the meantime`);
}

/** Not every file system has hard links; with one, a file that somebody made meanwhile is not replaced. */
async function placeNew(draft: string, path: string, file: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST" || isThere(path))
      throw new FileFault("EEXIST", `${file} was created in the meantime`);
    await rename(draft, path).catch((second: unknown) => {
      throw faultOf(second);
    });
    return;
  }
  await rm(draft, { force: true });
}

async function undoAll(root: string, journal: Journal): Promise<readonly string[]> {
  const edited: string[] = [];
  await removeDrafts(root, journal);
  for (const { file, draft, digest, old } of journal.files.toReversed()) {
    const path = pathIn(root, file);
    const now = readOld(path);
    const isOurs = (now === undefined ? undefined : digestOf(now)) === digest;
    if (isOurs && old === undefined) await rm(path, { force: true });
    else if (isOurs && old !== undefined) await writeWhole(path, old, { draft: join(dirname(path), draft) });
    else if (now?.toString("utf8") !== old) edited.push(file);
  }
  for (const folder of journal.folders.toReversed()) await removeEmpty(pathIn(root, folder));
  return edited.toReversed();
}

async function removeDrafts(root: string, { files }: Journal): Promise<void> {
  for (const { file, draft } of files) {
    await rm(join(dirname(pathIn(root, file)), draft), { force: true });
  }
}
