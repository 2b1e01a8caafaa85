import { constants } from "node:fs";
import { access, lstat, open } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { codeOf, faultOf, FileFault } from "../host/files/fault.ts";
import { isGitFolder, isInside, realPath } from "../host/files/paths.ts";
import { replaceable, writeWhole } from "../host/files/write.ts";
import { UsageError } from "./failure.ts";
import { checkReplaced, type OutputFile } from "./output-guard.ts";
import { note, print, type Io } from "./io.ts";

/** Finds out before anything is done whether the file can be written. Throws `UsageError`. */
export async function checkOutput(io: Io, output: OutputFile): Promise<void> {
  const { file, what } = output;
  if (streamOf(io, file) !== undefined) return;
  try {
    const path = pathOf(io, file);
    if (await isOpenable(path)) return;
    await replaceable(path);
    await access(dirname(path), constants.W_OK | constants.X_OK);
    checkReplaced(path, output);
  } catch (error) {
    throw error instanceof UsageError ? error : notWritten(what, file, error);
  }
}

/** Throws `UsageError`. */
export async function writeOutput(
  io: Io,
  { file, what, isPrivate = false }: OutputFile,
  text: string,
): Promise<void> {
  const stream = streamOf(io, file);
  if (stream !== undefined) return stream(text);
  try {
    const path = pathOf(io, file);
    await ((await isOpenable(path)) ? append(path, text) : writeWhole(path, text, { isPrivate }));
  } catch (error) {
    throw notWritten(what, file, error);
  }
}

function notWritten(what: string, file: string, error: unknown): UsageError {
  const { reason, code } = faultOf(error);
  const why = code === "ENOENT" ? "there is no such folder" : reason;
  return new UsageError(`${what} was not written to ${file}: ${why}`);
}

/** Standard output and standard error by their names, whatever they are connected to. */
function streamOf(io: Io, file: string): ((text: string) => Promise<void>) | undefined {
  const path = resolve(io.cwd, file).replace(/^\/proc\/self\/fd\//, "/dev/fd/");
  if (path === "/dev/stdout" || path === "/dev/fd/1") return (text) => print(io, text);
  if (path === "/dev/stderr" || path === "/dev/fd/2") return (text) => note(io, text);
  return undefined;
}

/** Descriptors that a shell has opened, as in `>(tee log)`, and pipes and devices: they are written to, not replaced. */
async function isOpenable(path: string): Promise<boolean> {
  if (/^\/(?:dev|proc\/self)\/fd\/\d+$/.test(path)) return true;
  const found = await lstat(path).catch(() => undefined);
  return found?.isFIFO() === true || found?.isCharacterDevice() === true;
}

/** Without a reader at the other end of a pipe it fails at once. */
async function append(path: string, text: string): Promise<void> {
  const { O_WRONLY, O_APPEND, O_NONBLOCK = 0, O_NOCTTY = 0 } = constants;
  const probe = await open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY).catch((error: unknown) => {
    if (codeOf(error) === "ENXIO") throw new FileFault("ENXIO", "no process reads from it");
    throw error;
  });
  try {
    const file = await open(path, O_WRONLY | O_APPEND | O_NOCTTY);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  } finally {
    await probe.close();
  }
}

/**
 * The absolute path. One that reads as if it was below the current folder, or the folder that its `..` lead to, is
 * there after links are followed, too: the links may be somebody else's.
 */
function pathOf({ cwd }: Io, file: string): string {
  const path = resolve(cwd, file);
  if (/^\/(?:dev|proc\/self)\/fd\/\d+$/.test(path)) return path;
  const ups = relative(cwd, path)
    .split(sep)
    .filter((part) => part === "..");
  const folder = realPath(dirname(path));
  if (join(folder, basename(path)).split(sep).some(isGitFolder))
    throw new FileFault("EGIT", "nothing is written into .git");
  const isNear = !isAbsolute(file) || ups.length === 0;
  const base = resolve(cwd, join(".", ...ups));
  // `.`, `..` and the like.
  if (isInside(path, base)) throw new FileFault("EISDIR", "it is a folder");
  if (isNear && !isInside(realPath(base), folder))
    throw new FileFault("ELINK", "its folder is a symbolic link; use its target instead");
  return path;
}
