import type { Address } from "../../../model/address.ts";
import type { Step } from "../../../model/plan.ts";
import { objectsOf, ownerOf, adoptedIn, type Owner } from "../owner.ts";
import type { Finding, Rule } from "../rule.ts";

export const otherEnvironment: Rule = {
  id: "other-environment",
  code: "other-environment",
  title: "An object would be adopted, written or deleted that belongs to another environment of the project.",
  check: ({ decisions, steps, kinds, otherEnvironments }) => {
    const adopted = adoptedIn(decisions);
    const own = new Set(decisions.map(({ match }) => match.entry?.id));
    // What this environment has had all along is not contested by a ledger that is only left over, such as a copy.
    const declared = otherEnvironments.filter((other) => !("isRemoved" in other));
    const told = new Set<Address>();
    return steps.flatMap((step): readonly Finding[] => {
      const kind = kinds.get(step.kind);
      const ids = objectsOf(step, kind, adopted);
      if (kind === undefined || ids.length === 0 || told.has(step.address)) return [];
      const others = ids.some((id) => own.has(id)) ? declared : otherEnvironments;
      const owner = ownerOf({ ids, kind, adopted: adopted.get(step.address) }, others);
      if (owner === undefined) return [];
      told.add(step.address);
      return [refusal(step, owner, adopted.has(step.address))];
    });
  },
};

function refusal({ address, action, objectId }: Step, owner: Owner, isAdopted: boolean): Finding {
  const { environment, id } = owner;
  const what = isAdopted ? "adopted" : WHAT[action];
  const whose =
    id === undefined
      ? `environment ${environment} has started to create an object with that name (${owner.address})`
      : `${id} belongs to environment ${environment} (${owner.address})`;
  const message = `${address} would be ${what}, but ${whose}`;
  if (owner.isRemoved === true) return { address, message, hint: removed(environment) };
  return {
    address,
    message,
    hint:
      isAdopted || objectId === undefined
        ? "give the resource another remote name in this environment, or the environment its own account"
        : `remove it from one of the two ledgers (the live object is kept): run "rollcall ledger forget ${address}", or "rollcall ledger forget ${owner.address} --env ${environment}"`,
  };
}

function removed(environment: string): string {
  return `the project has no environment ${environment} any more, and its ledger is still there: if its objects are not needed under that name, delete that ledger`;
}

const WHAT: Readonly<Record<Step["action"], string>> = {
  create: "created",
  complete: "written",
  update: "written",
  detach: "written",
  delete: "deleted",
  restore: "written",
  "refresh-state": "adopted",
  forget: "forgotten",
};
