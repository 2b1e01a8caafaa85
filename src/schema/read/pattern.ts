import { existsSync } from "node:fs";
import { join } from "node:path";
import picomatch from "picomatch";
import { escapePath, glob, isDynamicPattern } from "tinyglobby";
import { slashes, walk, type Walked } from "./walk.ts";

/** The files that a pattern finds, but not `except`, with what cannot be read; `undefined` where it is none or finds nothing. */
export async function filesMatching(
  root: string,
  pattern: string,
  except: string,
): Promise<readonly string[] | undefined> {
  if (!isDynamicPattern(pattern)) return undefined;
  const walked = walkBelow(root, pattern);
  const files = [
    ...(await find(root, pattern, [except, ...[...walked.barred, ...walked.projects].flatMap(within)])),
    ...unreadIn(walked, pattern),
  ];
  return files.length === 0 ? undefined : files.sort();
}

/** The names that a pattern fits, as it would find them if they were files. */
export function namesMatching(pattern: string, names: readonly string[]): readonly string[] {
  if (!isDynamicPattern(pattern)) return [];
  // As `find` reads it: a pattern that begins with `!` finds nothing by itself.
  const fits = picomatch(pattern, { nonegate: true });
  return names.filter((name) => fits(name));
}

/** A folder and what is below it, as patterns. */
function within(folder: string): readonly string[] {
  return [escapePath(folder), `${escapePath(folder)}/**`];
}

async function find(root: string, pattern: string, except: readonly string[]): Promise<readonly string[]> {
  const files = await glob(pattern, {
    cwd: root,
    dot: false,
    onlyFiles: true,
    expandDirectories: false,
    ignore: ["**/node_modules/**", ...except],
  });
  return files.map(slashes);
}

/** Everything below the folder that a pattern begins with. */
function walkBelow(root: string, pattern: string): Walked {
  const parts = pattern.split("/");
  const first = parts.findIndex((part) => isDynamicPattern(part));
  const base = parts.slice(0, first).join("/") || ".";
  if (!existsSync(join(root, base))) return { files: [], unread: [], barred: [], projects: [] };
  return walk(root, base);
}

/** A pattern says nothing of what it does not find: what cannot be read no deeper than it reaches. */
function unreadIn({ unread, barred }: Walked, pattern: string): readonly string[] {
  const depth = pattern.includes("**") ? Number.POSITIVE_INFINITY : depthOf(pattern);
  return [
    ...unread.filter((name) => depthOf(name) <= depth),
    ...barred.filter((folder) => depthOf(folder) < depth),
  ];
}

function depthOf(path: string): number {
  return path.split("/").length;
}
