import { resolve } from "node:path";
import type { Finding, ReportFinding } from "../model/finding.ts";
import type { Source } from "../model/source.ts";
import { diagnosticOf, inFileOrder } from "../schema/diagnostics/finding.ts";
import { readNamed } from "../schema/read/read-file.ts";
import { UsageError } from "./failure.ts";
import type { Io } from "./io.ts";
import { failedBy } from "./problems.ts";

export interface DataFileOptions {
  readonly color: boolean;
  /** Bytes. */
  readonly limit: number;
}

/** A file that an option names. What is wrong with it ends the command, with its place. */
export async function sourceAt(io: Io, file: string, { color, limit }: DataFileOptions): Promise<Source> {
  const read = readNamed(resolve(io.cwd, file), file, limit);
  if ("source" in read) return read.source;
  const { code, message, hint, source, offset = 0 } = read.problem;
  if (source === undefined) throw new UsageError(message, hint);
  return failed(io, [{ code, message, hint, at: { source, start: offset, end: offset + 1 } }], color);
}

/** What `read` makes of a file. What it reports ends the command. */
export async function readWith<T>(
  io: Io,
  color: boolean,
  read: (report: ReportFinding) => T | undefined,
): Promise<T> {
  const findings: Finding[] = [];
  const value = read((finding) => void findings.push(finding));
  if (findings.length > 0 || value === undefined) return failed(io, findings, color);
  return value;
}

/** Lines of the file are not shown: an export of another provider can have a key anywhere. */
function failed(io: Io, findings: readonly Finding[], color: boolean): Promise<never> {
  const diagnostics = inFileOrder([...findings]).map(diagnosticOf);
  return failedBy(io, { diagnostics, sources: () => undefined }, { color });
}
