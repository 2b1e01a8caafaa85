import type { ReportFinding } from "../../model/finding.ts";
import type { Node } from "../../model/node.ts";
import { jsonFault } from "../../model/parse-json.ts";
import { startOf, type Source } from "../../model/source.ts";
import { parse } from "./parse.ts";

/** Such a file is JSON to the letter. All others are YAML, which has JSON in it. */
export function isJsonFile({ file }: Pick<Source, "file">): boolean {
  return /\.json$/i.test(file);
}

/** The one document of a file that is no manifest; `undefined` where it has mistakes, which are reported. */
export function documentIn(source: Source, what: string, report: ReportFinding): Node | undefined {
  if (isJsonFile(source) && !isJson(source, report)) return undefined;
  const { documents, whole } = parse(source, report);
  if (!whole) return undefined;
  const [first, second] = documents;
  if (first === undefined) report({ code: "RC2001", message: `${what} is empty`, at: startOf(source) });
  if (second !== undefined)
    report({ code: "RC2001", message: `${what} is one document, and this is a second one`, at: second });
  return first;
}

/** Whether a text is JSON that loses no value when it is read. Otherwise the place is reported. */
export function isJson(source: Source, report: ReportFinding): boolean {
  // A byte order mark is not JSON, but some editors write one.
  const mark = source.text.startsWith("\uFEFF") ? 1 : 0;
  const fault = jsonFault(source.text.slice(mark));
  if (fault === undefined) return true;
  const start = fault.offset + mark;
  const at = { source, start, end: start + 1 };
  const { duplicate, message } = fault;
  if (duplicate !== undefined)
    report({ code: "RC1008", message: `duplicate key "${duplicate}"`, at, hint: "keep one of them" });
  else report({ code: "RC1006", message: `not valid JSON: ${lower(message)}`, at });
  return false;
}

function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}
