import { mkdir, rm, writeFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isList, property, stringify, type Json } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import { codeOf, FileFault } from "./fault.ts";
import { makeFolders, removeEmpty, removeEmptyFolders } from "./folders.ts";
import { isInside, realPath } from "./paths.ts";
import { readText } from "./read.ts";
import { writeWhole } from "./write.ts";

/** One file of a batch. `file` is relative to the root, with `/` between folders. */
export interface JournalFile {
  readonly file: string;
  /** The name of its draft, in the same folder. */
  readonly draft: string;
  /** SHA-256 of the text that the batch writes; absent for a file that it deletes. */
  readonly digest?: string;
  /** The text before; absent for a new file. */
  readonly old?: string;
}

/** What is needed to undo a batch of files after the process was killed. */
export interface Journal {
  /** What tells whether the batch counts. */
  readonly purpose: Json;
  /** The folders that the batch makes, the outer ones first. */
  readonly folders: readonly string[];
  readonly files: readonly JournalFile[];
}

const HOME = ".rollcall";
const PREFIX = "batch-";
const JOURNAL = "journal.json";
/** Bytes. */
const LARGEST = 256 * 1024 * 1024;

/** The folder of a journal, below the root. It is not committed: it has a `.gitignore` of its own. */
function folderOf(root: string, name: string): string {
  const folder = join(root, HOME, `${PREFIX}${name}`);
  if (isInside(realPath(root), realPath(folder))) return folder;
  throw new FileFault("ELINK", `${HOME} is a link that leads out of the project`);
}

/** Durable when it returns. Of all who begin at the same time, one succeeds. Where it cannot be written, nothing of it is left. */
export async function writeJournal(root: string, name: string, journal: Journal): Promise<void> {
  const folder = folderOf(root, name);
  const made = await makeFolders(dirname(folder));
  await mkdir(folder).catch(async (error: unknown) => {
    await removeEmptyFolders(made);
    if (codeOf(error) === "EEXIST") throw new FileFault("EBUSY", UNDER_WAY);
    throw error;
  });
  try {
    await writeFile(join(folder, ".gitignore"), "*\n");
    const text = stringify(journal as unknown as Json);
    await writeWhole(join(folder, JOURNAL), text, { isPrivate: true, draft: join(folder, "draft") });
  } catch (error) {
    await removeRemains(root, name).catch(() => undefined);
    await removeEmptyFolders(made);
    throw error;
  }
}

const UNDER_WAY =
  "another command changes files of this project, or was interrupted while it did; run the command again";

/** From then on there is nothing to undo. */
export async function removeJournal(root: string, name: string): Promise<void> {
  const folder = folderOf(root, name);
  await rm(join(folder, JOURNAL), { force: true });
  await rm(folder, { recursive: true, force: true });
  await removeEmpty(dirname(folder));
}

/** What is left of a journal that was begun. A journal that another process finishes meanwhile stays. */
export async function removeRemains(root: string, name: string): Promise<void> {
  const folder = folderOf(root, name);
  for (const file of [".gitignore", "draft"]) await rm(join(folder, file), { force: true });
  await removeEmpty(folder);
  await removeEmpty(dirname(folder));
}

/** `undefined` where a batch was not begun, or has come to its end. */
export function readJournal(root: string, name: string): Journal | undefined {
  const path = join(folderOf(root, name), JOURNAL);
  try {
    const journal = journalIn(parseJson(readText(path, LARGEST)));
    if (journal !== undefined) return journal;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || (error instanceof FileFault && error.code === "ENOENT")) return undefined;
    if (codeOf(error) !== "") throw error;
  }
  throw new FileFault("EFORMAT", `${path} is not a journal: check the manifests, and remove it`);
}

/** The names of the batches of which something is left. */
export function journalsIn(root: string): readonly string[] {
  try {
    return readdirSync(join(root, HOME))
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length))
      .sort();
  } catch {
    return [];
  }
}

function journalIn(value: Json): Journal | undefined {
  const [purpose, folders, files] = [
    property(value, "purpose"),
    property(value, "folders"),
    property(value, "files"),
  ];
  if (purpose === undefined || !isList(folders) || !isList(files)) return undefined;
  if (!folders.every((folder) => typeof folder === "string") || !files.every(isFile)) return undefined;
  return { purpose, folders, files: files as unknown as readonly JournalFile[] };
}

/** The names of drafts: others are not removed, whatever a journal says. */
const DRAFT = /^\.rollcall-[0-9a-f-]+\.tmp$/;

function isFile(value: Json): boolean {
  const [file, digest, old] = [property(value, "file"), property(value, "digest"), property(value, "old")];
  const draft = property(value, "draft");
  if (typeof draft !== "string" || !DRAFT.test(draft)) return false;
  const isText = (text: Json | undefined) => text === undefined || typeof text === "string";
  return typeof file === "string" && isText(digest) && isText(old) && (digest ?? old) !== undefined;
}
