import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  Schema,
  type CST,
  type Document,
} from "yaml";
import { buildTree, DEEPEST } from "./build-tree.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { commentsIn, type Comment } from "./comments.ts";
import type { Node } from "../../model/node.ts";
import type { Source } from "../../model/source.ts";
import { syntaxFinding } from "./syntax.ts";

export interface ParsedFile {
  readonly source: Source;
  /** Documents that are not empty and could be read. */
  readonly documents: readonly Node[];
  /** False when a part of the file could not be read. */
  readonly whole: boolean;
  /** All comments, when any of them has to do with diagnostics. */
  readonly comments: readonly Comment[];
}

/** The parser's stack has one or two tokens for each collection. */
const DEEPEST_STACK = 2 * DEEPEST + 60;
const MOST_LEXEMES = 1_000_000;

/** Scalars come as text: what plain text means is decided in `scalar.ts`. */
const SCHEMA = new Schema({ schema: "failsafe", resolveKnownTags: false });
const OPTIONS = {
  schema: SCHEMA,
  uniqueKeys: false,
  prettyErrors: false,
  keepSourceTokens: false,
  logLevel: "silent",
} as const;

/** The text has no control characters; `read-file.ts` reports them. */
export function parse(source: Source, report: ReportFinding): ParsedFile {
  const tokens = tokensOf(source, report);
  if (tokens === undefined) return { source, documents: [], whole: false, comments: [] };
  const documents: Node[] = [];
  let whole = true;
  const composer = new Composer(OPTIONS);
  for (const document of composer.compose(tokens)) {
    const error = document.errors[0];
    if (error === undefined) {
      const root = documentRoot(source, document, report);
      if (root !== undefined) documents.push(root);
    } else {
      report(syntaxFinding(source, error, unclosedIn(source)));
      whole = false;
    }
  }
  // A stream without documents may still have problems.
  const stray = composer.streamInfo().errors[0];
  if (stray !== undefined) report(syntaxFinding(source, stray, unclosedIn(source)));
  whole &&= stray === undefined;
  const comments = source.text.includes("rollcall-ignore") ? commentsIn(tokens) : [];
  return { source, documents, whole, comments };
}

function documentRoot(source: Source, document: Document, report: ReportFinding): Node | undefined {
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.source === "" && contents.type === "PLAIN"))
    return undefined;
  if (isScalar(contents) || isMap(contents) || isSeq(contents) || isAlias(contents)) {
    return buildTree(source, contents, report);
  }
  return undefined;
}

/**
 * The tokens of the file, or `undefined` when it is nested deeper than a recursive reader can bear. Driven lexeme by
 * lexeme, so that a hostile file is given up before it takes time or memory.
 */
function tokensOf(source: Source, report: ReportFinding): readonly CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let offset = 0;
  let count = 0;
  for (const lexeme of new Lexer().lex(source.text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    count++;
    if (parser.stack.length > DEEPEST_STACK || count > MOST_LEXEMES) {
      const message =
        count > MOST_LEXEMES ? "too many values in one file" : `nested more than ${DEEPEST} levels deep`;
      report({ code: "RC1015", message, at: { source, start: offset, end: offset + 1 } });
      return undefined;
    }
    offset += lengthOf(lexeme);
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** Where a bracket or a quote was opened that is not closed. */
function unclosedIn(source: Source): readonly number[] {
  const open: number[] = [];
  const unclosed: number[] = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(source.text)) {
    if (lexeme === "[" || lexeme === "{") open.push(offset);
    else if (lexeme === "]" || lexeme === "}") open.pop();
    else if (lexeme === FLOW_END) unclosed.push(open.pop() ?? offset);
    else if (isOpenQuote(lexeme)) unclosed.push(offset);
    offset += lengthOf(lexeme);
  }
  return [...unclosed, ...open];
}

/** A flow collection that ends without its bracket. */
const FLOW_END = "\u0018";
const MARKS: ReadonlySet<string> = new Set(["\u0002", FLOW_END, "\u001F"]);

/** The lexer marks the beginning of documents, plain scalars and flow ends with characters of its own. */
function lengthOf(lexeme: string): number {
  return lexeme.length === 1 && MARKS.has(lexeme) ? 0 : lexeme.length;
}

function isOpenQuote(lexeme: string): boolean {
  const quote = lexeme[0];
  return (quote === '"' || quote === "'") && (lexeme.length === 1 || !lexeme.endsWith(quote));
}
