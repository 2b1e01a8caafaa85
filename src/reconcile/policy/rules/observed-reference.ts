import type { Address } from "../../../model/address.ts";
import { isReference } from "../../../model/resource.ts";
import { linksOf } from "../../compare/references.ts";
import { writes, type Decision } from "../../decide/decide.ts";
import type { Rule } from "../rule.ts";

/** An observed object is not created, so there is no id to write. */
export const observedReference: Rule = {
  id: "observed-reference",
  code: "observed",
  title: "A resource would be written that refers to an observed one without a live object.",
  check: ({ decisions }) => {
    const missing = new Set(
      decisions.flatMap(({ match, observed }) =>
        observed === true && match.live === undefined ? [match.address] : [],
      ),
    );
    if (missing.size === 0) return [];
    return decisions.filter(writes).flatMap((decision) =>
      referred(decision)
        .filter((target) => missing.has(target))
        .map((target) => ({
          address: decision.match.address,
          message: `${decision.match.address} refers to ${target}, which is observed and does not exist live`,
          hint: `correct the name of ${target}, create the object, or remove the reference`,
        })),
    );
  },
};

function referred({ match, spec = {} }: Decision): readonly Address[] {
  const targets = linksOf(match.kind, spec).flatMap(({ rule, value }) =>
    isReference(value) && rule.local !== true ? [value.ref] : [],
  );
  return [...new Set(targets)];
}
