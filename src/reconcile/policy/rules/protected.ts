import { isDeleted, type Rule } from "../rule.ts";

export const protectedObject: Rule = {
  id: "protected",
  code: "protected",
  title: "A protected object would be deleted or replaced.",
  check: ({ decisions, options: { protectAll } }) =>
    decisions
      .filter((decision) => decision.protect && isDeleted(decision))
      .map(({ match: { address }, action }) => ({
        address,
        message: `${address} is protected and would be ${action}d`,
        hint: protectAll
          ? "its environment protects everything: take `protect: true` out of the environment, and mind what else that lets go"
          : "apply it once with lifecycle.protect: false, then delete it",
      })),
};
