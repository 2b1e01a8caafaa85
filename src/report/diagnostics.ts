import { type Diagnostic, rangeStart, type Severity, type SourceRange } from "../model/diagnostic.ts";
import { columns } from "./layout.ts";
import { counted, listed } from "./phrases.ts";
import { annotation } from "./printable.ts";
import { visible } from "../model/visible.ts";
import { paint, type Style, type Tone } from "./style.ts";

/** The text of a file for its excerpt, or `undefined` where there is none to show. */
export type Sources = (file: string) => string | undefined;

/** What a code stands for, for reports that carry their own legend. */
export interface RuleWords {
  readonly code: string;
  readonly title: string;
  readonly explanation: string;
}

const TONES: Readonly<Record<Severity, Tone>> = { error: "failure", warning: "changed", info: "faint" };

const NOUNS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

/** Each problem with its place, the line it stands on and what to do; at the end, how many there are. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], sources: Sources, style: Style): string {
  if (diagnostics.length === 0) return "";
  const lines = new Map<string, readonly string[]>();
  const linesOf = (file: string): readonly string[] => {
    const known = lines.get(file) ?? sources(file)?.split("\n") ?? [];
    lines.set(file, known);
    return known;
  };
  const blocks = diagnostics.map((diagnostic) => block(diagnostic, linesOf, style));
  return `${[...blocks, countLine(diagnostics)].join("\n\n")}\n`;
}

function block(diagnostic: Diagnostic, linesOf: (file: string) => readonly string[], style: Style): string {
  const { code, severity, message, range, hint, address } = diagnostic;
  const place = range === undefined ? (address ?? "") : rangeStart(range);
  const head = paint(
    [
      { text: `${NOUNS[severity]}[${code}]`, tone: TONES[severity] },
      { text: `: ${place === "" ? "" : `${visible(place)}: `}` },
      { text: visible(message), tone: "title" },
    ],
    style,
  );
  const excerpt = range === undefined ? [] : excerptOf(range, linesOf(range.file), severity, style);
  const help = hint === undefined ? [] : [paint([{ text: `help: ${visible(hint)}` }], style)];
  return [head, ...excerpt, ...help].join("\n");
}

/** The line, cut to the width around the marked stretch, and carets under that. */
function excerptOf(
  range: SourceRange,
  lines: readonly string[],
  severity: Severity,
  style: Style,
): readonly string[] {
  const { start, end } = range;
  const line = lines[start.line - 1]?.replace(/\r$/, "");
  if (line === undefined || line.trim() === "") return [];
  const from = Math.min(start.column - 1, line.length);
  const to = end.line === start.line ? Math.min(Math.max(end.column - 1, from + 1), line.length) : line.length;
  const number = String(start.line);
  const margin = " ".repeat(number.length);
  const room = Math.max(style.width - number.length - 5, 20);
  const { before, marked, after } = windowed(line, from, Math.max(to, from), room);
  const carets = "^".repeat(Math.max(1, columns(marked)));
  return [
    paint([{ text: `  ${number} | `, tone: "faint" }, { text: before + marked + after }], style),
    paint(
      [
        { text: `  ${margin} | `, tone: "faint" },
        { text: " ".repeat(columns(before)) },
        { text: carets, tone: TONES[severity] },
      ],
      style,
    ),
  ];
}

interface Window {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

function windowed(line: string, from: number, to: number, room: number): Window {
  const last = Math.min(to, from + Math.floor(room * 0.75));
  const fits = line.length <= room;
  const first = fits ? 0 : Math.max(0, Math.min(from - 12, last - room + 2));
  const stop = fits ? line.length : Math.min(line.length, first + room - 2);
  return {
    before: (first > 0 ? "…" : "") + visible(line.slice(first, from).replaceAll("\t", " ")),
    marked: visible(line.slice(from, last).replaceAll("\t", " ")),
    after:
      visible(line.slice(last, Math.max(last, stop)).replaceAll("\t", " ")) + (stop < line.length ? "…" : ""),
  };
}

/** `2 errors and 1 warning in 2 files`. */
export function countLine(diagnostics: readonly Diagnostic[]): string {
  const parts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? [] : [counted(count, NOUNS[severity])];
  });
  const files = new Set(diagnostics.flatMap(({ range }) => (range === undefined ? [] : [range.file]))).size;
  return files === 0 ? listed(parts) : `${listed(parts)} in ${counted(files, "file")}`;
}

/** A plain array, as it is in the model. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify(diagnostics, null, 2)}\n`;
}

const ANNOTATIONS = { error: "error", warning: "warning", info: "notice" } as const;

/** One workflow command of GitHub Actions for each problem, which marks the line in the pull request. */
export function githubAnnotations(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ code, severity, message, range, hint }) => {
      const place = range === undefined ? {} : { file: range.file, ...span(range) };
      const text = hint === undefined ? message : `${message}; ${hint}`;
      return annotation(ANNOTATIONS[severity], { ...place, title: code }, visible(text));
    })
    .join("");
}

function span({ start, end }: SourceRange): Readonly<Record<string, number>> {
  const isOneLine = start.line === end.line && end.column > start.column;
  return {
    line: start.line,
    endLine: end.line,
    col: start.column,
    ...(isOneLine ? { endColumn: end.column } : {}),
  };
}

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

/** SARIF 2.1.0, as code scanning services read it. */
export function sarif(
  diagnostics: readonly Diagnostic[],
  rules: readonly RuleWords[],
  version: string,
): string {
  const used = rules.filter(({ code }) => diagnostics.some((diagnostic) => diagnostic.code === code));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "rollcall",
            version,
            rules: used.map(({ code, title, explanation }) => ({
              id: code,
              shortDescription: { text: title },
              fullDescription: { text: explanation },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { ROOT: { description: { text: "The root of the repository." } } },
        results: diagnostics.map((diagnostic) => sarifResult(diagnostic, used)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function sarifResult({ code, severity, message, range, hint }: Diagnostic, rules: readonly RuleWords[]) {
  const ruleIndex = rules.findIndex((rule) => rule.code === code);
  return {
    ruleId: code,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: LEVELS[severity],
    message: { text: hint === undefined ? message : `${message}; ${hint}` },
    locations: range === undefined ? [] : [sarifLocation(range)],
  };
}

function sarifLocation({ file, start, end }: SourceRange) {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file), uriBaseId: "ROOT" },
      region: {
        startLine: start.line,
        startColumn: start.column,
        endLine: end.line,
        endColumn: end.column,
      },
    },
  };
}
