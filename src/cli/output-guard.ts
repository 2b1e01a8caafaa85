import { existsSync, lstatSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { realPath } from "../host/files/paths.ts";
import { readText } from "../host/files/read.ts";
import { PROJECT_FILE } from "../schema/read/discover.ts";
import type { LoadedProject } from "../schema/load.ts";
import { UsageError } from "./failure.ts";

/** A file that the command line names for a result. */
export interface OutputFile {
  /** As it was typed. */
  readonly file: string;
  /** How it is called in messages: `the plan`. */
  readonly what: string;
  /** Only its owner may read it. */
  readonly isPrivate?: boolean;
  /** A saved plan, which may replace only a plan. */
  readonly isPlan?: boolean;
}

/** Where ledgers are kept unless `rollcall.yaml` says otherwise. */
const LEDGER_FOLDER = ".rollcall";
/** Bytes; as large as a ledger or a saved plan may be. */
const LARGEST = 256 * 1024 * 1024;
const MANIFEST = /^\s*(?:-{3}\s+|\{\s*)?["']?apiVersion["']?\s*:\s*["']?rollcall\b/im;

/**
 * A result may replace an older result, but no manifest, project file or ledger. A plan may replace only a plan. Throws
 * `UsageError`.
 */
export function checkReplaced(path: string, { file, what, isPlan = false }: OutputFile): void {
  if (basename(path) === PROJECT_FILE) throw refused(what, file, `${PROJECT_FILE} is the file of a project`);
  if (dirname(path).split(sep).includes(LEDGER_FOLDER))
    throw refused(what, file, `${LEDGER_FOLDER} is the folder of the ledger`);
  const old = textAt(path);
  if (old === "" || !existsSync(path)) return;
  if (old !== undefined && MANIFEST.test(old)) throw refused(what, file, "the file is a manifest");
  if (old !== undefined && isLedger(path, old)) throw refused(what, file, "the file is a ledger");
  if (isPlan && (old === undefined || !isPlanText(old)))
    throw refused(what, file, "the file exists and is not a plan; use another name, or remove it");
}

/** Complete or truncated: it will be replaced. */
function isPlanText(text: string): boolean {
  return text.trimStart().startsWith("{") && text.includes('"rollcall_version"');
}

function isLedger(path: string, text: string): boolean {
  if (path.endsWith(".log.jsonl")) return true;
  const isState = text.includes('"lineage"') && text.includes('"entries"');
  return isState && !text.includes('"x_rollcall"');
}

/**
 * No result replaces a file that the project is read from, its ledger, or another result of the same command. Throws
 * `UsageError`.
 */
export function checkOwnFiles(cwd: string, outputs: readonly OutputFile[], loaded: LoadedProject): void {
  const { root, digests } = loaded;
  const own = new Set(Object.keys(digests).map((name) => real(join(root, name))));
  const ledger = new Set(ledgerFiles(loaded));
  const taken = new Set<string>();
  for (const { file, what } of outputs) {
    const path = real(resolve(cwd, file));
    if (own.has(path)) throw refused(what, file, "the project is read from this file");
    if (ledger.has(path)) throw refused(what, file, "it is the file of the ledger");
    if (taken.has(path) && !isStream(path))
      throw refused(what, file, "another result is written to the same file");
    taken.add(path);
  }
}

/** No result replaces a file that the command reads. Throws `UsageError`. */
export function checkInputs(cwd: string, outputs: readonly OutputFile[], inputs: readonly string[]): void {
  const read = new Set(inputs.map((file) => real(resolve(cwd, file))));
  for (const { file, what } of outputs)
    if (read.has(real(resolve(cwd, file)))) throw refused(what, file, "the command reads this file");
}

function ledgerFiles({ root, settings, environment }: LoadedProject): readonly string[] {
  const { ledger } = settings;
  if (ledger.backend !== "file") return [];
  const folder = realPath(resolve(root, ledger.path ?? LEDGER_FOLDER));
  return ["json", "log.jsonl", "json.lock"].map((end) => join(folder, `${environment.name}.${end}`));
}

function refused(what: string, file: string, why: string): UsageError {
  return new UsageError(`${what} is not written to ${file}: ${why}`);
}

/** The last part may not be there, and is no link. */
function real(path: string): string {
  return join(realPath(dirname(path)), basename(path));
}

/** A pipe or a device takes several results, one after the other. */
function isStream(path: string): boolean {
  return path.startsWith("/dev/") || lstatSync(path, { throwIfNoEntry: false })?.isFile() === false;
}

/** `undefined` where there is nothing that can be read as text. */
function textAt(path: string): string | undefined {
  try {
    return readText(path, LARGEST);
  } catch {
    return undefined;
  }
}
