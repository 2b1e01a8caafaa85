import type { Address } from "./address.ts";

/** Lines and columns count from 1, columns in UTF-16 units as editors do; `offset` counts from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** `file` is relative to the project root, with `/` between folders. */
export interface SourceRange {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

/** A file, with the line if it is known: `assistants/desk.yaml:12`. */
export function lineText({ file, line }: { readonly file: string; readonly line?: number }): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** The line on which a range begins. */
export function rangeLine({ file, start }: SourceRange): string {
  return `${file}:${start.line}`;
}

/** Where a range begins: `assistants/desk.yaml:12:3`. */
export function rangeStart({ file, start }: SourceRange): string {
  return `${file}:${start.line}:${start.column}`;
}

export type Severity = "error" | "warning" | "info";

/** An expected problem: collected and reported, never thrown. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range?: SourceRange;
  /** What to do about it: one sentence, or `did you mean "x"?`. */
  readonly hint?: string;
  readonly address?: Address;
}

export function errorsIn(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** What a code stands for. Codes are never reused; `docs/diagnostics.md` is made from this table. */
export interface DiagnosticRule {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  /** What it means and why it matters. */
  readonly explanation: string;
  /** What to do. */
  readonly remedy: string;
  /** A piece of a manifest that shows it. */
  readonly example: string;
  /** A comment `# rollcall-ignore CODE: reason` silences it. */
  readonly ignorable?: true;
}
