import { existsSync, readdirSync, type Dirent } from "node:fs";
import { dirname, join, posix } from "node:path";
import type { ReportFinding } from "../../model/finding.ts";
import { toJson, type MapNode, type ScalarNode } from "../../model/node.ts";
import { isInside } from "../../host/files/paths.ts";
import { INCLUDE_LIMIT, outside, placeProblem, readSource, type ReadResult } from "../read/read-file.ts";
import { mustBe, shown } from "../diagnostics/shown.ts";
import { nearest } from "../../model/suggest.ts";
import type { Source } from "../../model/source.ts";

/** Reads included texts, each file once. */
export interface Includes {
  readonly root: string;
  readonly read: Map<string, ReadResult>;
}

export interface Include {
  readonly text: string;
  readonly source: Source;
  readonly vars: boolean;
}

/** True for `{ file: … }` and `{ file: …, vars: … }`. */
export function looksLikeInclude(node: MapNode): boolean {
  const file = node.members.get("file")?.value;
  const others = [...node.members.keys()].filter((key) => key !== "file" && key !== "vars");
  return file?.type === "scalar" && typeof file.value === "string" && others.length === 0;
}

/** The text of the file that the node names; one line end at its end is dropped. */
export function include(node: MapNode, includes: Includes, report: ReportFinding): Include | undefined {
  const pathNode = node.members.get("file")?.value;
  const vars = node.members.get("vars")?.value;
  if (!isSound(node, report)) return undefined;
  if (pathNode?.type !== "scalar" || typeof pathNode.value !== "string") return undefined;
  const result = read(pathNode, pathNode.value, includes);
  if ("problem" in result) {
    reportUnreadable(result, pathNode, node, report);
    return undefined;
  }
  const { source } = result;
  return {
    source,
    text: source.text.replace(/\r?\n$/, ""),
    vars: vars?.type === "scalar" && vars.value === true,
  };
}

/** Reports mistakes in `{ file }` itself. */
function isSound({ members }: MapNode, report: ReportFinding): boolean {
  let sound = true;
  for (const [key, { key: place, value }] of members) {
    const found = value.type === "scalar" ? value.value : undefined;
    if (key === "file" && typeof found !== "string") {
      report({ code: "RC2005", message: mustBe("file", "a path", shown(toJson(value))), at: value });
      sound = false;
    } else if (key === "vars" && typeof found !== "boolean") {
      const message = mustBe("vars", "true or false", shown(toJson(value)));
      report({ code: "RC2005", message, at: value, hint: "write `vars: true` to fill in variables" });
      sound = false;
    } else if (key !== "file" && key !== "vars") {
      const message = `unknown field "${key}" next to "file"`;
      report({ code: "RC2004", message, at: place, hint: "allowed here: file, vars" });
      sound = false;
    }
  }
  return sound;
}

function read(node: ScalarNode, path: string, { root, read: known }: Includes): ReadResult {
  if (path === "" || path.includes("\0")) return { problem: { code: "RC1019", message: "the path is empty" } };
  const folder = posix.dirname(node.source.file);
  const file = posix.isAbsolute(path) ? path : posix.normalize(posix.join(folder, path));
  if (posix.isAbsolute(path) || /^[A-Za-z]:|\\/.test(path) || !isInside(root, join(root, file))) {
    return { problem: outside(path) };
  }
  const found = known.get(file);
  if (found !== undefined) return found;
  const result = readIncluded({ root, folder, path, file });
  known.set(file, result);
  return result;
}

interface Place {
  readonly root: string;
  /** The folder of the manifest. */
  readonly folder: string;
  /** As the manifest writes it. */
  readonly path: string;
  /** As seen from the root. */
  readonly file: string;
}

/** The contents of a folder are suggested only if the project may read it. */
function readIncluded(place: Place): ReadResult {
  const { root, file } = place;
  if (existsSync(join(root, file))) return readSource(root, file, INCLUDE_LIMIT);
  const problem = placeProblem(root, file) ?? placeProblem(root, posix.dirname(file));
  if (problem !== undefined && problem.code !== "RC1002") return { problem };
  return missing(place);
}

function missing(place: Place): ReadResult {
  const { root, path, file } = place;
  const neighbours = namesIn(dirname(join(root, file)));
  const near = nearest(posix.basename(file), neighbours);
  const meant = near === undefined ? fromRoot(place) : posix.join(posix.dirname(path), near);
  const hint =
    meant === undefined
      ? `the path is relative to the manifest: looked for ${file} in the project`
      : `did you mean "${meant}"?`;
  return { problem: { code: "RC1019", message: `there is no file "${path}"`, hint } };
}

/** How the manifest names a file whose path was written from the root of the project. */
function fromRoot({ root, folder, path }: Place): string | undefined {
  const named = posix.normalize(path);
  if (placeProblem(root, named) !== undefined) return undefined;
  const isFile = namesIn(join(root, posix.dirname(named))).includes(posix.basename(named));
  return isFile ? posix.relative(folder, named) : undefined;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry: Dirent) =>
      entry.isFile() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}

function reportUnreadable(
  { problem }: Extract<ReadResult, { problem: unknown }>,
  pathNode: ScalarNode,
  node: MapNode,
  report: ReportFinding,
): void {
  const { code, message, hint, source, offset } = problem;
  const at =
    source === undefined || offset === undefined ? pathNode : { source, start: offset, end: offset + 1 };
  report({ code, message, hint, at, within: node });
}
