import type { YAMLParseError } from "yaml";
import type { Finding } from "./finding.ts";
import type { Source } from "./source.ts";

/** What went wrong, for people who do not know the words of the YAML specification. */
export function syntaxFinding(source: Source, error: YAMLParseError): Finding {
  const [start, end] = error.pos;
  const at = { source, start, end };
  if (error.code === "TAB_AS_INDENT") {
    return { code: "RC1007", message: "a tab is used for indentation", at, hint: "indent with spaces" };
  }
  if (error.code === "TAG_RESOLVE_FAILED") return { code: "RC1014", message: lower(error.message), at };
  if (error.code === "RESOURCE_EXHAUSTION") return { code: "RC1015", message: "nested too deeply", at };
  const words = WORDS[error.code];
  return {
    code: "RC1006",
    message: words?.message ?? lower(error.message),
    at,
    hint: words?.hint,
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
  BAD_INDENT: { message: "the indentation does not fit", hint: "align it with the lines above" },
  BAD_SCALAR_START: {
    message: "plain text cannot begin with this character",
    hint: "put the text in quotes",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: "a mapping cannot begin on the line of a key",
    hint: "put text that contains `: ` in quotes, or begin the mapping on the next line",
  },
  MULTILINE_IMPLICIT_KEY: {
    message: "a key must stand on one line, followed by `:`",
    hint: "is a `:` missing, or a line indented differently?",
  },
  MISSING_CHAR: {
    message: "a character is missing here",
    hint: "is a quote or a bracket not closed, or a `:` missing?",
  },
  KEY_OVER_1024_CHARS: { message: "a key of more than 1,024 characters", hint: "is a quote missing?" },
};
