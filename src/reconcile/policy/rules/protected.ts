import { isDeleted, type Rule } from "../rule.ts";

export const protectedObject: Rule = {
  id: "protected",
  code: "protected",
  title: "A protected object would be deleted or replaced.",
  check: ({ decisions, options: { protectAll } }) => [
    ...decisions
      .filter((decision) => decision.isKept === true && isDeleted(decision))
      .map(({ match: { address } }) => ({
        address,
        message: `${address} is kept by .rollcallignore and would be deleted`,
        hint: "declare it, or remove the pattern from .rollcallignore",
      })),
    ...decisions
      .filter((decision) => decision.protect && decision.isKept !== true && isDeleted(decision))
      .map(({ match: { address }, action }) => ({
        address,
        message: `${address} is protected and would be ${action}d`,
        hint: protectAll
          ? "its environment protects every resource: remove `protect: true` from the environment; this affects all its resources"
          : "apply it once with lifecycle.protect: false, then delete it",
      })),
  ],
};
