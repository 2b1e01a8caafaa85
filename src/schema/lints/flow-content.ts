import { isObject, type JsonObject } from "../../model/json.ts";
import type { Report } from "../finding.ts";
import type { LintSubject } from "./lint.ts";
import { nodeAt } from "../node.ts";
import { assistantContents, entriesOf, type AssistantContent } from "./assistant-content.ts";

/** The conversation flow of an assistant or of a version. */
export interface Flow {
  readonly content: AssistantContent;
  readonly nodes: ReturnType<typeof entriesOf>;
  readonly edges: ReturnType<typeof entriesOf>;
  readonly flow: JsonObject;
}

export function flowsIn(subjects: readonly LintSubject[]): readonly Flow[] {
  return assistantContents(subjects).flatMap((content) => {
    const flow = content.own["conversation_flow"];
    if (!isObject(flow)) return [];
    return [{ content, flow, nodes: entriesOf(flow["nodes"]), edges: entriesOf(flow["edges"]) }];
  });
}

/** Reports at a path of the flow. */
export function reportAt(
  { node, subject }: AssistantContent,
  path: readonly string[],
  finding: Parameters<Report>[0],
  report: Report,
): void {
  report({ ...finding, at: nodeAt(node, ["conversation_flow", ...path]), address: subject.address });
}
