import { type Json, type JsonObject, stringsIn } from "../../../model/json.ts";
import type { ReportFinding } from "../../../model/finding.ts";
import { grouped } from "../../../model/grouped.ts";
import type { Kind, Lint, LintSubject } from "../../../model/kind.ts";
import { textsIn, type TextAt } from "../../../model/node.ts";
import { schemasAt, typesOf, urlSchemes } from "../../../model/json-schema.ts";
import { labelled, shown } from "../../diagnostics/shown.ts";
import { urlProblem } from "../../../model/url.ts";

const WEB = ["https", "http"];

/** RC3030: fields that hold a URL. */
export const urls: Lint = ({ subjects, report }) => {
  for (const [kind, ofKind] of grouped(subjects, (subject) => subject.kind)) {
    const mayHoldUrl = urlPaths(kind);
    for (const subject of ofKind) {
      for (const found of textsIn(subject.node)) if (mayHoldUrl(found.path)) checkUrl(subject, found, report);
    }
  }
};

/** Answers by schema, for programs that check again and again. */
const KNOWN = new WeakMap<JsonObject, Map<string, boolean>>();
/** Free content may have any paths: at this number, the answers of a schema begin anew. */
const MOST_PATHS = 10_000;

/** Whether there is a value with which the text at a path is a URL; most paths are those of many resources. */
function urlPaths(kind: Kind): (path: readonly string[]) => boolean {
  const known = KNOWN.get(kind.schema) ?? new Map<string, boolean>();
  KNOWN.set(kind.schema, known);
  return (path) => {
    const key = path.join("\0");
    const answer = known.get(key) ?? schemesAt({ kind, spec: undefined }, path) !== undefined;
    if (known.size >= MOST_PATHS) known.clear();
    known.set(key, answer);
    return answer;
  };
}

function checkUrl(subject: LintSubject, { node, text, path }: TextAt, report: ReportFinding): void {
  const schemes = schemesAt(subject, path);
  if (schemes === undefined || node.unread === true) return;
  // The API has an empty text for none where the field may be left out.
  if (text === "" && !isRequired(subject, path)) return;
  const problem = urlProblem(text, schemes);
  if (problem === undefined || isSaid(subject, text, path)) return;
  const found = text.trim() === "" ? "the URL" : shown(text);
  report({
    code: "RC3030",
    message: `${labelled(`${subject.kind.kind}.spec`, path)}: ${found} ${problem.message}`,
    at: node,
    address: subject.address,
    hint: problem.hint,
  });
}

/** The schema has a pattern for it, and the text another form. */
function isSaid({ kind, spec }: LintSubject, text: string, path: readonly string[]): boolean {
  return schemasAt(kind.schema, spec, path).some(
    ({ pattern }) => typeof pattern === "string" && !new RegExp(pattern, "u").test(text),
  );
}

function isRequired({ kind, spec }: LintSubject, path: readonly string[]): boolean {
  const key = path.at(-1) ?? "";
  return schemasAt(kind.schema, spec, path.slice(0, -1)).some(({ required }) =>
    stringsIn(required).includes(key),
  );
}

/** Without a value, all variants of the schema count. */
interface Schemed {
  readonly kind: Kind;
  readonly spec: Json | undefined;
}

/** The schemes that the text at a path may begin with; `undefined` where it is no URL. */
function schemesAt({ kind, spec }: Schemed, path: readonly string[]): readonly string[] | undefined {
  const schemas = schemasAt(kind.schema, spec, path);
  // Free content may have a field of that name.
  if (!typesOf(schemas).includes("string")) return undefined;
  const schemes = urlSchemes(schemas);
  if (schemes.length > 0) return schemes;
  return /(?:^|_)url$/.test(path.at(-1) ?? "") ? WEB : undefined;
}
