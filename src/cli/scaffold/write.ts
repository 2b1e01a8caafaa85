import { randomUUID } from "node:crypto";
import { dirname, join, relative } from "node:path";
import { FileFault } from "../../host/files/fault.ts";
import { makeFolders } from "../../host/files/folders.ts";
import { makeFile } from "../../host/files/make.ts";
import { hiddenPart, isInside, isLink, realPath } from "../../host/files/paths.ts";
import { readText } from "../../host/files/read.ts";
import { writeWhole } from "../../host/files/write.ts";

/** The hidden folders that a new project has files in. */
const HIDDEN_FOLDERS = [".github", ".vscode"];
/** Bytes. */
const LARGEST = 1024 * 1024;

/** Throws `FileFault` where a link leads the folder of a file out of the project, or into a hidden folder of it. */
export function checkFolder(folder: string, path: string): void {
  checkInside(folder, realPath(join(folder, dirname(path))), path);
}

/**
 * True when the file is new; a file that is there, or a link in its place, is left. Its folders are added to `made`, also
 * when the file cannot be written.
 */
export async function writeNew(
  folder: string,
  path: string,
  text: string,
  made: string[] = [],
): Promise<boolean> {
  checkFolder(folder, path);
  const file = join(folder, path);
  made.push(...(await makeFolders(dirname(file))));
  return makeFile(file, join(dirname(file), `.rollcall-${randomUUID()}.tmp`), text, 0o666);
}

/** Adds the lines that a file does not have; says what it did. */
export async function addLines(
  folder: string,
  path: string,
  lines: readonly string[],
): Promise<"written" | "added" | "left"> {
  if (await writeNew(folder, path, `${lines.join("\n")}\n`)) return "written";
  const file = realPath(join(folder, path));
  if (isLink(join(folder, path))) checkInside(folder, file, path);
  const text = readText(file, LARGEST);
  const known = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = lines.filter((line) => !known.has(line));
  if (missing.length === 0) return "left";
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  await writeWhole(file, `${text}${gap}${missing.join("\n")}\n`);
  return "added";
}

function checkInside(folder: string, real: string, path: string): void {
  const root = realPath(folder);
  if (!isInside(root, real))
    throw new FileFault("ELINK", `${path} is below a link that leads out of the project`);
  if (hiddenPart(relative(root, real), HIDDEN_FOLDERS) !== undefined)
    throw new FileFault("ELINK", `${path} is below a link into a hidden folder`);
}
