import type { Match } from "../../observe/match.ts";
import type { Rule } from "../rule.ts";

/** An object that the ledger does not know, or knows only because it was observed, is not deleted. */
export const foreignReplacement: Rule = {
  id: "foreign-replacement",
  code: "foreign",
  title: "An object that this project did not make would be replaced.",
  check: ({ decisions }) =>
    decisions
      .filter(({ match, action }) => action === "replace" && isForeign(match))
      .map(({ match: { address, entry, isImported, live } }) => {
        const how =
          entry !== undefined ? "was observed" : isImported === true ? "is imported" : "was matched by name";
        const forget = entry === undefined ? "" : `run "rollcall ledger forget ${address}" and `;
        return {
          address,
          message: `${address} ${how} and would be replaced, but this project did not create it`,
          hint: `give the manifest another name, or ${forget}import the object first with "rollcall import ${address} ${live?.id ?? "<id>"}"`,
        };
      }),
};

function isForeign({ entry }: Match): boolean {
  return entry === undefined || entry.observe === true;
}
