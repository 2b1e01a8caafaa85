import { parseAddress } from "../../../model/address.ts";
import type { Lint, LintSubject } from "../../../model/kind.ts";
import { entriesAt } from "./lifecycle-content.ts";

/** RC3023: former addresses are free, and of the same kind. */
export const formerAddresses: Lint = ({ subjects, report }) => {
  const declared = new Set<string>(subjects.map(({ address }) => address));
  const claimed = new Map<string, LintSubject>();
  for (const subject of subjects) {
    const { kind, address } = subject;
    for (const { text, node: at } of entriesAt(subject, "movedFrom")) {
      if (parseAddress(text) === undefined) continue;
      const other = claimed.get(text);
      if (text === address) report({ code: "RC3023", message: `${text} is its own address`, at, address });
      else if (!text.startsWith(`${kind.kind}/`)) {
        const message = `${text} is not ${/^[AEIOU]/.test(kind.kind) ? "an" : "a"} ${kind.kind}`;
        report({ code: "RC3023", message, at, address });
      } else if (declared.has(text)) {
        report({ code: "RC3023", message: `${text} is still declared`, at, address });
      } else if (other !== undefined && other !== subject) {
        report({ code: "RC3023", message: `${other.address} already moved from ${text}`, at, address });
      } else claimed.set(text, subject);
    }
  }
};
