import { randomUUID } from "node:crypto";
import { constants, type BigIntStats, type Stats } from "node:fs";
import { lstat, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf, faultOf, FileFault } from "./fault.ts";

export interface WriteOptions {
  /** Only its owner may read the file; otherwise an old one keeps its mode. */
  readonly isPrivate?: boolean;
  /** A path next to it that no other process writes to; by default a random one. */
  readonly draft?: string;
}

/** A text that is on the disk, beside the file whose place it is to take. */
export interface Draft {
  /** As the file will be. */
  readonly stats: BigIntStats;
  /** Replaces the file atomically. */
  place(): Promise<void>;
  /** Leaves the file as it is. */
  drop(): Promise<void>;
}

/**
 * Replaces a file or makes it, whole or not at all, whenever the machine stops. A link, a folder, a pipe or a device
 * in its place is refused. Throws `FileFault`.
 */
export async function writeWhole(
  path: string,
  data: string | Buffer | Iterable<string>,
  options: WriteOptions = {},
): Promise<BigIntStats> {
  const draft = await draftOf(path, data, options);
  await draft.place();
  return draft.stats;
}

/** The first half of a write, for those who write several files or none. Throws `FileFault`. */
export async function draftOf(
  path: string,
  data: string | Buffer | Iterable<string>,
  { isPrivate = false, draft = join(dirname(path), `.rollcall-${randomUUID()}.tmp`) }: WriteOptions = {},
): Promise<Draft> {
  const drop = () => rm(draft, { force: true }).catch(() => undefined);
  try {
    const old = await replaceable(path);
    const stats = await written(draft, data, isPrivate ? "private" : old);
    const place = async () => {
      try {
        await rename(draft, path);
        await syncFolder(dirname(path));
      } catch (error) {
        await drop();
        throw faultOf(error);
      }
    };
    return { stats, place, drop };
  } catch (error) {
    throw faultOf(error);
  }
}

/** What is at the path now, if a file may take its place. Throws `FileFault`. */
export async function replaceable(path: string): Promise<Stats | undefined> {
  const old = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw faultOf(error);
  });
  if (old?.isSymbolicLink() === true)
    throw new FileFault("ELINK", "it is a symbolic link, and files are not written through links");
  if (old?.isDirectory() === true) throw new FileFault("EISDIR", "it is a folder");
  if (old?.isFile() === false) throw new FileFault("EIRREGULAR", "it is not a regular file");
  return old;
}

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

async function written(
  path: string,
  data: string | Buffer | Iterable<string>,
  like: Stats | "private" | undefined,
): Promise<BigIntStats> {
  const file = await open(path, NEW, like === undefined ? 0o666 : 0o600);
  try {
    if (typeof data === "string" || Buffer.isBuffer(data)) await file.writeFile(data);
    else for (const part of parts(data)) await file.writeFile(part);
    if (typeof like === "object") await adoptOwner(file, like);
    await file.sync();
    return await file.stat({ bigint: true });
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/** Characters that are gathered before they are written. */
const PART = 1024 * 1024;

/** Pieces of a text put together to parts of some size. */
export function* parts(pieces: Iterable<string>): Generator<string> {
  let gathered: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    gathered.push(piece);
    length += piece.length;
    if (length < PART) continue;
    yield gathered.join("");
    [gathered, length] = [[], 0];
  }
  if (length > 0) yield gathered.join("");
}

/** Owner first: to change it takes away special modes. Only the superuser can give a file away. */
async function adoptOwner(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  await file.chown(uid, gid).catch(() => undefined);
  await file.chmod(mode & 0o777);
}

/** Not every system opens a folder to bring its entries to the disk; those that do not have no need of it. */
const NO_FOLDER_SYNC = new Set(["EPERM", "EISDIR", "EINVAL", "ENOTSUP", "EACCES"]);

export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(codeOf(error))) throw error;
  }
}
