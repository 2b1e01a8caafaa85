import { RE2JS } from "re2js";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Finding, ReportFinding } from "../../model/finding.ts";
import { isList, property, type Json } from "../../model/json.ts";
import { nodeAt, toJson, type Node } from "../../model/node.ts";
import type { Source } from "../../model/source.ts";
import { chatScriptSchema as schema } from "./chat-script-schema.ts";
import { compiled, validateShape } from "./validate.ts";
import { diagnosticOf, inFileOrder } from "../diagnostics/finding.ts";
import { documentIn } from "../read/data-file.ts";

/** What is expected of an answer. */
export interface Expectation {
  /** `contains "open"`, `does not match /refund/` */
  readonly text: string;
  readonly isMet: (answer: string) => boolean;
}

export interface ScriptTurn {
  readonly message: string;
  readonly expectations: readonly Expectation[];
}

/** A conversation that is held as it is written. */
export interface ChatScript {
  readonly turns: readonly ScriptTurn[];
}

export type ReadScript = { readonly script: ChatScript } | { readonly diagnostics: readonly Diagnostic[] };

/** Bytes of a script. */
export const SCRIPT_LIMIT = 256 * 1024;
/** Every mistake is reported with its place. */
export async function readChatScript(source: Source): Promise<ReadScript> {
  const findings: Finding[] = [];
  const report: ReportFinding = (finding) => void findings.push(finding);
  const node = documentIn(source, "the script", report);
  const turns = node === undefined ? [] : await turnsIn(node, report);
  if (findings.length === 0) return { script: { turns } };
  return { diagnostics: inFileOrder(findings).map(diagnosticOf) };
}

/** The turns of a document, or none where it has mistakes, which are reported. */
export async function turnsIn(node: Node, report: ReportFinding): Promise<readonly ScriptTurn[]> {
  const value = toJson(node);
  const validators = new Map([["Script", await compiled(schema)]]);
  const isSound = validateShape("Script", { node, value, schema, label: "script" }, validators, report);
  return isSound ? turnsOf(node, value, report) : [];
}

function turnsOf(root: Node, value: Json, report: ReportFinding): readonly ScriptTurn[] {
  return listAt(value, "turns").map((turn, index) => ({
    message: String(property(turn, "say")),
    expectations: expectationsOf(root, ["turns", String(index), "expect"], property(turn, "expect"), report),
  }));
}

function expectationsOf(
  root: Node,
  path: readonly string[],
  expect: Json | undefined,
  report: ReportFinding,
): readonly Expectation[] {
  const of = (at: readonly string[], value: Json | undefined, isNot: boolean): readonly Expectation[] => [
    ...listAt(value, "contains").map((text) => containing(String(text), isNot)),
    ...listAt(value, "matches").flatMap((pattern, index) => {
      const list = isList(property(value, "matches")) ? [String(index)] : [];
      return matching(String(pattern), isNot, nodeAt(root, [...at, "matches", ...list]), report);
    }),
  ];
  return [...of(path, expect, false), ...of([...path, "not"], property(expect, "not"), true)];
}

/** A list, or a single value as one. */
function listAt(value: Json | undefined, key: string): readonly Json[] {
  const found = property(value, key);
  return found === undefined ? [] : isList(found) ? found : [found];
}

/** Upper and lower case, and kinds of white space, do not matter. */
function containing(text: string, isNot: boolean): Expectation {
  const wanted = folded(text);
  return {
    text: `${isNot ? "does not contain" : "contains"} ${JSON.stringify(text)}`,
    isMet: (answer) => folded(answer).includes(wanted) !== isNot,
  };
}

function folded(text: string): string {
  return text.normalize("NFC").toLowerCase().replaceAll(/\s+/g, " ").trim();
}

/** Patterns are of RE2, which takes time in proportion to the text and knows no other behaviour. */
function matching(
  pattern: string,
  isNot: boolean,
  at: Node | undefined,
  report: ReportFinding,
): readonly Expectation[] {
  try {
    const compiledPattern = RE2JS.compile(pattern);
    const text = `${isNot ? "does not match" : "matches"} /${pattern}/`;
    return [{ text, isMet: (answer) => compiledPattern.matcher(answer).find() !== isNot }];
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    report({ code: "RC2009", message: `not a regular expression in the syntax of RE2: ${why}`, at });
    return [];
  }
}
