import type { Address } from "../../../model/address.ts";
import { stringify } from "../../../model/json.ts";
import type { Kind } from "../../../model/kind.ts";
import type { ImportProblem } from "../../compare/imports.ts";
import type { Rule } from "../rule.ts";

/** The message begins with the place at which the manifest names the id. */
export const importedObject: Rule = {
  id: "import",
  code: "import",
  title: "The object that `lifecycle.import` names cannot be imported.",
  check: ({ decisions }) =>
    decisions.flatMap(({ match: { address, kind, desired, importProblem: problem } }) => {
      const named = desired?.resource.lifecycle.import;
      if (named === undefined || problem === undefined) return [];
      const { message, hint } = worded(problem, { address, kind, id: named.id });
      return [{ address, message: `${named.place}: ${message}`, hint }];
    }),
};

function worded(
  problem: ImportProblem,
  { address, kind, id }: { readonly address: Address; readonly kind: Kind; readonly id: string },
): { readonly message: string; readonly hint: string } {
  const remove = "correct lifecycle.import, or remove it";
  switch (problem.what) {
    case "not-live":
      return {
        message: `there is no live ${kind.kind} with the id ${id}`,
        hint: `${remove}: without it the resource is matched by name or created`,
      };
    case "other-kind":
      return { message: `${id} is the id of a live ${problem.kind}, not of a ${kind.kind}`, hint: remove };
    case "other-type": {
      const { label, declared, live } = problem;
      const message = `${id} has the ${label} ${stringify(live)}, and the manifest declares ${stringify(declared)}`;
      return { message, hint: remove };
    }
    case "other-parent":
      return { message: `${id} does not belong to the object that the manifest names`, hint: remove };
    case "tied":
      return {
        message: `${address} is ${problem.id} in the ledger, and lifecycle.import names ${id}`,
        hint: `${remove}; to stop managing the other object (it is kept live), run "rollcall ledger forget ${address}"`,
      };
    case "taken":
      return {
        message: `${id} is already in the ledger as ${problem.by}`,
        hint: `move it with lifecycle: { movedFrom: [${problem.by}] }, or with "rollcall ledger move ${problem.by} ${address}"`,
      };
  }
}
