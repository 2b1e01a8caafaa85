import { parseAddress } from "../../../model/address.ts";
import type { ReportFinding } from "../../../model/finding.ts";
import { missingField } from "../../../model/json-schema.ts";
import { property } from "../../../model/json.ts";
import type { Lint, LintSubject } from "../../../model/kind.ts";
import { type Node, nodeAt, textOf } from "../../../model/node.ts";
import { segments } from "../../../model/pointer.ts";
import { isReference } from "../../../model/resource.ts";
import { rangeOf } from "../../../model/source.ts";
import { misspelt } from "../../../model/suggest.ts";
import { IS_POINTER } from "../envelope-schema.ts";
import { rangeLine } from "../../../model/diagnostic.ts";

/** RC3036: a live object is imported by one resource. */
export const importedIds: Lint = ({ subjects, report }) => {
  const seen = new Map<string, LintSubject>();
  for (const subject of subjects) {
    const at = nodeAt(subject.root, ["lifecycle", "import"]);
    const id = textOf(at);
    if (at === undefined || id === undefined) continue;
    const key = `${subject.kind.kind} ${id}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, subject);
      continue;
    }
    report({
      code: "RC3036",
      message: `${first.address} already imports ${id}`,
      at,
      address: subject.address,
      hint: `see ${rangeLine(rangeOf(first.at))}`,
    });
  }
};

/** RC3023: former addresses are free, and of the same kind. */
export const formerAddresses: Lint = ({ subjects, report }) => {
  const declared = new Set<string>(subjects.map(({ address }) => address));
  const claimed = new Map<string, LintSubject>();
  for (const subject of subjects) {
    const { kind, address } = subject;
    for (const { text, node: at } of entriesAt(subject, "movedFrom")) {
      if (parseAddress(text) === undefined) continue;
      const other = claimed.get(text);
      if (text === address) report({ code: "RC3023", message: `${text} is its own address`, at, address });
      else if (!text.startsWith(`${kind.kind}/`)) {
        const message = `${text} is not ${/^[AEIOU]/.test(kind.kind) ? "an" : "a"} ${kind.kind}`;
        report({ code: "RC3023", message, at, address });
      } else if (declared.has(text)) {
        report({ code: "RC3023", message: `${text} is still declared`, at, address });
      } else if (other !== undefined && other !== subject) {
        report({ code: "RC3023", message: `${other.address} already moved from ${text}`, at, address });
      } else claimed.set(text, subject);
    }
  }
};

/** RC3022: what is ignored is not declared at the same time. RC3035: and is no slip of the finger. */
export const ignoredPaths: Lint = ({ subjects, report }) => {
  for (const subject of subjects) {
    for (const { text, node } of entriesAt(subject, "ignore")) {
      if (IS_POINTER.test(text)) checkIgnored(subject, node, segments(text), report);
    }
  }
};

function checkIgnored(subject: LintSubject, at: Node, path: readonly string[], report: ReportFinding): void {
  const { kind, spec, node, address } = subject;
  if (nodeAt(node, path) !== undefined) {
    const message = `${address} declares an ignored path`;
    report({ code: "RC3022", message, at, address, hint: "remove the path here, or the value below `spec`" });
    return;
  }
  const missing = missingField(kind.schema, spec, path);
  // A live object can have fields that are not documented.
  const meant = missing === undefined ? undefined : misspelt(missing.name, missing.fields);
  if (missing === undefined || meant === undefined) return;
  const message = `${kind.kind}.spec has no field ${missing.path}`;
  report({ code: "RC3035", message, at, address, hint: `did you mean "${meant}"?` });
}

/**
 * RC3040 and RC3041: a manifest that manages what lives under an observed object, and one that means to be managed where
 * everything is observed.
 */
export const observedResources: Lint = ({ subjects, project, report }) => {
  for (const subject of subjects) {
    const { address, root, isObserved } = subject;
    const own = nodeAt(root, ["lifecycle", "observe"]);
    if (isObserved === true) {
      if (own?.type !== "scalar" || own.value !== false) continue;
      const message = "observe: false has no effect: the environment observes every resource";
      const hint = "remove it here, or remove `observe: true` from the environment";
      report({ code: "RC3041", message, at: own, address, hint });
      continue;
    }
    const parent = parentOf(subject, project);
    if (parent?.isObserved !== true) continue;
    report({
      code: "RC3040",
      message: `${address} lives under ${parent.address}, which is observed: a write to the one writes to the other`,
      at: own ?? subject.at,
      address,
      hint: "set lifecycle: { observe: true } here, too, or manage both",
    });
  }
};

function parentOf(
  { kind, spec }: LintSubject,
  project: ReadonlyMap<string, LintSubject>,
): LintSubject | undefined {
  const { parent } = kind.identity;
  const value = parent === undefined ? undefined : property(spec, segments(parent)[0] ?? "");
  return isReference(value) ? project.get(value.ref) : undefined;
}

/** The texts of a list below `lifecycle`, with their places. */
function entriesAt(
  { root }: LintSubject,
  field: string,
): readonly { readonly text: string; readonly node: Node }[] {
  const list = nodeAt(root, ["lifecycle", field]);
  if (list?.type !== "list") return [];
  return list.items.flatMap((node) => {
    const text = textOf(node);
    return text === undefined ? [] : [{ text, node }];
  });
}
