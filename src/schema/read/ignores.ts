import type { Comment } from "./comments.ts";
import { DIAGNOSTIC_RULES, ruleOf } from "../diagnostics/diagnostics-table.ts";
import type { Finding, ReportFinding } from "../../model/finding.ts";
import { silencingLines } from "../diagnostics/finding.ts";
import { lineAt, type Place, type Source } from "../../model/source.ts";
import { didYouMean } from "../../model/suggest.ts";

/** One code silenced on one line. */
interface Ignore {
  readonly code: string;
  readonly at: Place;
  /** Counted from 0. */
  readonly line: number;
}

const IGNORE = /^#+\s*rollcall-ignore\b[:\s]*(.*)$/s;
const CODES = /^(RC\d{4}(?:\s*,\s*RC\d{4})*)\s*(?::\s*(.*))?$/s;

/** The ignore comments of a file; those that are not usable are reported. */
export function ignoresIn(
  source: Source,
  comments: readonly Comment[],
  report: ReportFinding,
): readonly Ignore[] {
  const next = nextLines(source, comments);
  return comments.flatMap(({ text, offset }) => {
    const body = IGNORE.exec(text.trimEnd())?.[1];
    if (body === undefined) return [];
    const at = { source, start: offset, end: offset + text.trimEnd().length };
    const codes = codesOf(body, at, report);
    const line = lineAt(source, offset);
    return codes.map((code) => ({ code, at, line: next.get(line) ?? line }));
  });
}

/** A comment on a line of its own speaks about the next line that is not one: line to that line. */
function nextLines(source: Source, comments: readonly Comment[]): ReadonlyMap<number, number> {
  const next = new Map<number, number>();
  for (const { offset } of comments.toReversed()) {
    const line = lineAt(source, offset);
    const alone = source.text.slice(source.lines[line], offset).trim() === "";
    if (alone) next.set(line, next.get(line + 1) ?? line + 1);
  }
  return next;
}

function codesOf(body: string, at: Place, report: ReportFinding): readonly string[] {
  const [, list, reason] = CODES.exec(body) ?? [];
  if (list === undefined || reason === undefined || reason.trim() === "") {
    const message = list === undefined ? "the comment has no code" : "the comment gives no reason";
    report({ code: "RC3020", message, at, hint: "write `# rollcall-ignore RC3007: the reason`" });
    return [];
  }
  return list.split(/\s*,\s*/).filter((code) => {
    const rule = ruleOf(code);
    if (rule?.ignorable === true) return true;
    const message =
      rule === undefined ? `there is no code ${code}` : `${code} (${rule.title}) cannot be silenced`;
    const known = DIAGNOSTIC_RULES.filter((other) => "ignorable" in other).map((other) => other.code);
    report({ code: "RC3020", message, at, hint: rule === undefined ? didYouMean(code, known) : undefined });
    return false;
  });
}

/** The findings that no comment silences, and one for every comment that silences none. */
export function withoutIgnored(findings: readonly Finding[], ignores: readonly Ignore[]): readonly Finding[] {
  const byLine = new Map<string, Ignore>(
    ignores.map((ignore) => [keyOf(ignore.code, ignore.at.source.file, ignore.line), ignore]),
  );
  const used = new Set<Ignore>();
  const left = findings.filter((finding) => {
    const ignore = silencingLines(finding)
      .map(({ file, line }) => byLine.get(keyOf(finding.code, file, line)))
      .find((found) => found !== undefined);
    if (ignore !== undefined) used.add(ignore);
    return ignore === undefined;
  });
  const idle = ignores
    .filter((ignore) => !used.has(ignore))
    .map(({ code, at }): Finding => ({
      code: "RC3021",
      message: `${code} is not reported here`,
      at,
      hint: "remove the comment",
    }));
  return [...left, ...idle];
}

function keyOf(code: string, file: string, line: number): string {
  return `${code} ${line} ${file}`;
}
