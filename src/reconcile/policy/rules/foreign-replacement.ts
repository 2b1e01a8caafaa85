import type { Rule } from "../rule.ts";

/** An object that the ledger does not know is not deleted. */
export const foreignReplacement: Rule = {
  id: "foreign-replacement",
  code: "foreign",
  title: "An object that this project did not make would be replaced.",
  check: ({ decisions }) =>
    decisions
      .filter(({ match, action }) => action === "replace" && match.entry === undefined)
      .map(({ match: { address, isImported, live } }) => ({
        address,
        message: `${address} ${isImported === true ? "is imported" : "was matched by name"} and would be replaced, but this project did not create it`,
        hint: `give the manifest another name, or import the object first: rollcall import ${address} ${live?.id ?? "<id>"}`,
      })),
};
