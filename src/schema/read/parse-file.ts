import type { ReportFinding } from "../../model/finding.ts";
import type { Source } from "../../model/source.ts";
import type { ParsedFile } from "./parse.ts";
import { simpleDocuments } from "./simple-yaml.ts";

/** Parses a file of a project. The parser of the whole language is loaded where a file needs it. */
export async function parseFile(source: Source, report: ReportFinding): Promise<ParsedFile> {
  const documents = simpleDocuments(source);
  if (documents !== undefined) return { source, documents, whole: true, comments: [] };
  const { parse } = await import("./parse.ts");
  return parse(source, report);
}
