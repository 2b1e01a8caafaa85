import type { Refusal } from "../../model/plan.ts";
import type { Finding, PolicyInput, Rule } from "./rule.ts";
import { adoptedParent } from "./rules/adopted-parent.ts";
import { ambiguousName } from "./rules/ambiguous-name.ts";
import { conflict } from "./rules/conflict.ts";
import { cycle } from "./rules/cycle.ts";
import { differentObject } from "./rules/different-object.ts";
import { duplicateName } from "./rules/duplicate-name.ts";
import { foreignReplacement } from "./rules/foreign-replacement.ts";
import { importedObject } from "./rules/import.ts";
import { mainVersion } from "./rules/main-version.ts";
import { massChange } from "./rules/mass-change.ts";
import { nameInUse } from "./rules/name-in-use.ts";
import { noManifests } from "./rules/no-manifests.ts";
import { observedChild } from "./rules/observed-child.ts";
import { observedElsewhere } from "./rules/observed-elsewhere.ts";
import { observedReference } from "./rules/observed-reference.ts";
import { observedSibling } from "./rules/observed-sibling.ts";
import { otherEnvironment } from "./rules/other-environment.ts";
import { pendingWork } from "./rules/pending-work.ts";
import { protectedObject } from "./rules/protected.ts";
import { stillReferenced } from "./rules/still-referenced.ts";
import { unaskedAdoption } from "./rules/unasked-adoption.ts";
import { undeclaredChild } from "./rules/undeclared-child.ts";
import { unknownConflictPath } from "./rules/unknown-conflict-path.ts";
import { unreadableEnvironment } from "./rules/unreadable-environment.ts";
import { wrongAccount } from "./rules/wrong-account.ts";

/** Every reason to refuse a plan, in the order in which reports show them. */
export const RULES: readonly Rule[] = [
  ambiguousName,
  conflict,
  unknownConflictPath,
  protectedObject,
  mainVersion,
  foreignReplacement,
  differentObject,
  stillReferenced,
  undeclaredChild,
  observedChild,
  observedElsewhere,
  observedReference,
  observedSibling,
  noManifests,
  massChange,
  pendingWork,
  cycle,
  duplicateName,
  nameInUse,
  importedObject,
  unaskedAdoption,
  adoptedParent,
  wrongAccount,
  otherEnvironment,
  unreadableEnvironment,
];

/** Why the plan is not applied, resource by resource; what concerns the plan as a whole comes last. */
export function refusals(input: PolicyInput): readonly Refusal[] {
  const places = new Map(input.decisions.map(({ match: { address } }, at) => [address, at]));
  const placeOf = ({ address }: Refusal) => (address && places.get(address)) ?? places.size;
  return RULES.flatMap((rule) => rule.check(input).map((finding) => refusal(rule, finding))).toSorted(
    (a, b) => placeOf(a) - placeOf(b),
  );
}

function refusal({ code }: Rule, { address, ...said }: Finding): Refusal {
  return { ...(address === undefined ? {} : { address }), rule: code, ...said };
}
