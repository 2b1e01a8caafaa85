import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** True when the file is new; a file that is there, or a link in its place, is left. */
export async function writeNew(folder: string, path: string, text: string): Promise<boolean> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Adds the lines that a file does not have; says what it did. */
export async function addLines(
  folder: string,
  path: string,
  lines: readonly string[],
): Promise<"written" | "added" | "left"> {
  if (await writeNew(folder, path, `${lines.join("\n")}\n`)) return "written";
  const file = join(folder, path);
  const text = await readFile(file, "utf8");
  const known = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = lines.filter((line) => !known.has(line));
  if (missing.length === 0) return "left";
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  await writeFile(file, `${gap}${missing.join("\n")}\n`, { flag: "a" });
  return "added";
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
