import type { Lint, LintSubject } from "../../../model/kind.ts";
import { nodeAt } from "../../../model/node.ts";
import { segments } from "../../../model/pointer.ts";
import { property } from "../../../model/json.ts";
import { isReference } from "../../../model/resource.ts";

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
      message: `${address} lives under ${parent.address}, which is observed: to write the one is to write the other`,
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
