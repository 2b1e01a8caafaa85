import { isMainVersion } from "../../decide/decide.ts";
import type { Rule } from "../rule.ts";

export const mainVersion: Rule = {
  id: "main-version",
  code: "main-version",
  title: "A version that has become the main version would be edited.",
  check: ({ decisions }) =>
    decisions
      .filter(({ match, comparison }) => isMainVersion(match) && (comparison?.changes.length ?? 0) > 0)
      .map(({ match: { address } }) => ({
        address,
        message: `${address} is now the main version and can no longer be edited as a version`,
        hint: "move its changes into the manifest of the object it belongs to, and remove this manifest",
      })),
};
