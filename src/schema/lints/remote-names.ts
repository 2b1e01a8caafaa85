import { isReference } from "../../model/resource.ts";
import { property, type Json } from "../../model/json.ts";
import { nameKey, roughName } from "../../model/name.ts";
import { segments } from "../../model/pointer.ts";
import type { Report } from "../../model/finding.ts";
import type { Lint, LintSubject } from "../../model/kind.ts";
import { nodeAt } from "../../model/node.ts";
import { rangeOf } from "../../model/source.ts";

/** RC3006 and RC3034: two objects of one kind, under the same parent, that could not, or hardly, be told apart by name. */
export const remoteNames: Lint = ({ subjects, report }) => {
  const seen = new Map<string, LintSubject>();
  const similar = new Map<string, LintSubject>();
  for (const subject of subjects) {
    const { kind, name, spec, node } = subject;
    const { parent, singleton } = kind.identity;
    const path = kind.identity.name === undefined ? [] : segments(kind.identity.name);
    const declared = path.reduce<Json | undefined>(property, spec);
    const remote = singleton === true ? "" : typeof declared === "string" && path.length > 0 ? declared : name;
    const under =
      parent === undefined ? "" : parentText(segments(parent).reduce<Json | undefined>(property, spec));
    const key = JSON.stringify([kind.kind, under, nameKey(remote)]);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, subject);
      const likely = JSON.stringify([kind.kind, under, roughName(remote)]);
      const twin = similar.get(likely);
      similar.set(likely, subject);
      if (twin !== undefined) reportTwin(subject, twin, path, report);
      continue;
    }
    const { file, start } = rangeOf(first.at);
    const what =
      singleton === true ? `there is one ${kind.kind} for each ${under}` : `the remote name "${remote}"`;
    report({
      code: "RC3006",
      message:
        singleton === true
          ? `${what}, and ${first.address} is it already`
          : `${what} is that of ${first.address} already`,
      at: (path.length > 0 ? nodeAt(node, path) : undefined) ?? subject.at,
      address: subject.address,
      hint: `see ${file}:${start.line}`,
    });
  }
};

function reportTwin(subject: LintSubject, twin: LintSubject, path: readonly string[], report: Report): void {
  const { file, start } = rangeOf(twin.at);
  report({
    code: "RC3034",
    message: `its remote name is easily taken for that of ${twin.address}`,
    at: (path.length > 0 ? nodeAt(subject.node, path) : undefined) ?? subject.at,
    address: subject.address,
    hint: `see ${file}:${start.line}`,
  });
}

function parentText(value: Json | undefined): string {
  return isReference(value) ? value.ref : typeof value === "string" ? value : "";
}
