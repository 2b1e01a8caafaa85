import { valueIn } from "../../../model/at-path.ts";
import { isReference } from "../../../model/resource.ts";
import { nameKey, roughName } from "../../../model/name.ts";
import { segments } from "../../../model/pointer.ts";
import type { ReportFinding } from "../../../model/finding.ts";
import type { Lint, LintSubject } from "../../../model/kind.ts";
import { nodeAt, type Node } from "../../../model/node.ts";
import { rangeOf } from "../../../model/source.ts";
import { rangeLine } from "../../../model/diagnostic.ts";

/** RC3006 and RC3034: two objects of one kind and parent with the same or a confusingly similar name. */
export const remoteNames: Lint = ({ subjects, report }) => {
  const namesakes = new Map<string, LintSubject[]>();
  const similar = new Map<string, LintSubject>();
  for (const subject of subjects) {
    const remote = remoteName(subject);
    const under = parentOf(subject);
    const key = JSON.stringify([subject.kind.kind, under, nameKey(remote)]);
    const known = namesakes.get(key);
    if (known !== undefined) {
      known.push(subject);
      continue;
    }
    namesakes.set(key, [subject]);
    const likely = JSON.stringify([subject.kind.kind, under, roughName(remote)]);
    const twin = similar.get(likely);
    similar.set(likely, subject);
    if (twin !== undefined) reportTwin(subject, twin, report);
  }
  for (const group of namesakes.values()) reportNamesakes(group, report);
};

/** Those whose live object is known by its id do not need a name of their own. */
function reportNamesakes(group: readonly LintSubject[], report: ReportFinding): void {
  const untied = group.filter(({ isTied, kind }) => isTied !== true || kind.identity.singleton === true);
  for (const subject of untied.length === group.length ? group.slice(1) : untied) {
    const other = group.find((one) => one !== subject);
    if (other !== undefined) reportNamesake(subject, other, report);
  }
}

function reportNamesake(subject: LintSubject, other: LintSubject, report: ReportFinding): void {
  const { kind, address } = subject;
  const place = rangeLine(rangeOf(other.at));
  const isSingleton = kind.identity.singleton === true;
  report({
    code: "RC3006",
    message: isSingleton
      ? `each ${parentOf(subject)} has at most one ${kind.kind}, which is already ${other.address}`
      : `the remote name "${remoteName(subject)}" is already used by ${other.address}`,
    at: nameNode(subject) ?? subject.at,
    address,
    hint: isSingleton
      ? `see ${place}`
      : `see ${place}; where both are live, name the object of each: lifecycle: { import: <id> }`,
  });
}

function reportTwin(subject: LintSubject, twin: LintSubject, report: ReportFinding): void {
  report({
    code: "RC3034",
    message: `its remote name looks like that of ${twin.address}`,
    at: nameNode(subject) ?? subject.at,
    address: subject.address,
    hint: `see ${rangeLine(rangeOf(twin.at))}`,
  });
}

function remoteName({ kind, name, spec }: LintSubject): string {
  if (kind.identity.singleton === true) return "";
  const declared = valueIn(spec, namePath(kind));
  return typeof declared === "string" && namePath(kind).length > 0 ? declared : name;
}

function namePath({ identity }: LintSubject["kind"]): readonly string[] {
  return identity.name === undefined ? [] : segments(identity.name);
}

function nameNode({ kind, node }: LintSubject): Node | undefined {
  const path = namePath(kind);
  return path.length > 0 ? nodeAt(node, path) : undefined;
}

function parentOf({ kind, spec }: LintSubject): string {
  const { parent } = kind.identity;
  const value = parent === undefined ? undefined : valueIn(spec, segments(parent));
  return isReference(value) ? value.ref : typeof value === "string" ? value : "";
}
