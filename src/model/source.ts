import type { Position, SourceRange } from "./diagnostic.ts";

/** One text file as it was read. `file` is relative to the project root, with `/` between folders. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Offsets at which lines begin. */
  readonly lines: readonly number[];
  /** SHA-256 of the bytes. */
  readonly digest: string;
}

/** A stretch of a source, as offsets. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export function sourceOf(file: string, text: string, digest = ""): Source {
  const lines = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines.push(at + 1);
  return { file, text, lines, digest };
}

/** Counts from 0. */
export function lineAt(source: Source, offset: number): number {
  let low = 0;
  let high = source.lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function rangeOf({ source, start, end }: Place): SourceRange {
  return {
    file: source.file,
    start: positionAt(source, start),
    end: positionAt(source, Math.max(start, end)),
  };
}

function positionAt(source: Source, offset: number): Position {
  const bounded = Math.min(offset, source.text.length);
  const line = lineAt(source, bounded);
  return { line: line + 1, column: bounded - (source.lines[line] ?? 0) + 1, offset: bounded };
}

export function startOf(source: Source): Place {
  return { source, start: 0, end: 0 };
}
