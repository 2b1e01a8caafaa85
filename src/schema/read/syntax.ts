import type { YAMLParseError } from "yaml";
import type { Finding } from "../../model/finding.ts";
import { lineAt, type Place, type Source } from "../../model/source.ts";

/**
 * What went wrong, for people who do not know the words of the YAML specification. `unclosed`: where brackets and
 * quotes were opened that are not closed; the parser notices only much later.
 */
export function syntaxFinding(source: Source, error: YAMLParseError, unclosed: readonly number[]): Finding {
  const [start, end] = error.pos;
  const at = { source, start, end: Math.max(end, start + 1) };
  if (error.code === "TAB_AS_INDENT") {
    return { code: "RC1007", message: "a tab is used for indentation", at, hint: "indent with spaces" };
  }
  if (error.code === "TAG_RESOLVE_FAILED") return { code: "RC1014", message: lower(error.message), at };
  if (error.code === "RESOURCE_EXHAUSTION") return { code: "RC1015", message: "nested too deeply", at };
  return (
    templateFinding(at) ??
    unclosedFinding(source, error, unclosed) ??
    deeperLineFinding(error, at) ??
    worded(error, at)
  );
}

function worded(error: YAMLParseError, at: Place): Finding {
  const words = WORDS[error.code];
  return { code: "RC1006", message: words?.message ?? lower(error.message), at, hint: words?.hint };
}

/** `greeting: {{name}}, hello`: braces begin a mapping. */
function templateFinding({ source, start }: Place): Finding | undefined {
  const line = lineAt(source, start);
  const [from, to] = [source.lines[line] ?? 0, source.lines[line + 1] ?? source.text.length];
  const found = /[:-][ \t]+\{\{/.exec(source.text.slice(from, to));
  if (found === null) return undefined;
  const begin = from + found.index + found[0].length - 2;
  return {
    code: "RC1006",
    message: "plain text cannot begin with {{",
    at: { source, start: begin, end: begin + 2 },
    hint: "put the text in quotes",
  };
}

const ABOUT_ENDS: ReadonlySet<string> = new Set([
  "MISSING_CHAR",
  "BAD_INDENT",
  "BLOCK_IN_FLOW",
  "UNEXPECTED_TOKEN",
]);

function unclosedFinding(
  source: Source,
  error: YAMLParseError,
  unclosed: readonly number[],
): Finding | undefined {
  const start = unclosed.findLast((offset) => offset <= error.pos[0]);
  if (start === undefined || !ABOUT_ENDS.has(error.code)) return undefined;
  const opening = source.text[start] ?? "";
  const closing = CLOSING[opening];
  if (closing === undefined) return undefined;
  return {
    code: "RC1006",
    message: `this ${opening} is not closed`,
    at: { source, start, end: start + 1 },
    hint: `write the closing ${closing}`,
  };
}

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "{": "}", '"': '"', "'": "'" };

/** A line that is indented deeper than the plain text above continues it, and so must not have a key. */
function deeperLineFinding(error: YAMLParseError, { source, start }: Place): Finding | undefined {
  if (error.code !== "BLOCK_AS_IMPLICIT_KEY") return undefined;
  const line = lineAt(source, start);
  const next = source.lines[line + 1];
  if (next === undefined || /:(?:\s|$)/.test(source.text.slice(start, next))) return undefined;
  const begin = next + source.text.slice(next).search(/\S/);
  return {
    code: "RC1006",
    message: "the indentation is inconsistent",
    at: { source, start: begin, end: begin + 1 },
    hint: "align it with the lines above",
  };
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

const WORDS: Readonly<Partial<Record<string, { readonly message: string; readonly hint: string }>>> = {
  BAD_DQ_ESCAPE: {
    message: "unknown escape in a text with double quotes",
    hint: "write a backslash as \\\\, or use single quotes",
  },
  BAD_INDENT: { message: "the indentation is inconsistent", hint: "align it with the lines above" },
  BAD_SCALAR_START: {
    message: "plain text cannot begin with this character",
    hint: "put the text in quotes",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: "a mapping cannot begin on the line of a key",
    hint: "put text that contains `: ` in quotes, or begin the mapping on the next line",
  },
  MULTILINE_IMPLICIT_KEY: {
    message: "a key must be on one line, followed by `:`",
    hint: "is a `:` missing, or a line indented differently?",
  },
  MISSING_CHAR: { message: "a character is missing here", hint: "is a `:` or a `,` missing?" },
  KEY_OVER_1024_CHARS: { message: "a key of more than 1,024 characters", hint: "is a quote missing?" },
};
