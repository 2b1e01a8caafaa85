import { parseAddress } from "../../../model/address.ts";
import { segments } from "../../../model/pointer.ts";
import type { Lint } from "../../../model/kind.ts";
import { nodesAt, textOf } from "../../../model/node.ts";

/** RC3003 and RC3028: text in place of a reference that is an address, or the name of a resource of this project. */
export const literalIds: Lint = ({ subjects, report }) => {
  const declared = new Set<string>(subjects.map(({ address }) => address));
  for (const { kind, node, address } of subjects) {
    for (const { at: pattern, to } of kind.references) {
      for (const found of nodesAt(node, segments(pattern))) {
        const text = textOf(found);
        if (text === undefined) continue;
        if (parseAddress(text)?.kind === to) {
          const hint = `write { ref: ${text} }`;
          report({ code: "RC3003", message: `"${text}" is an address, not an id`, at: found, address, hint });
        } else if (declared.has(`${to}/${text}`)) {
          const message = `"${text}" is sent as the id of an object, and is the name of ${to}/${text}`;
          report({ code: "RC3028", message, at: found, address, hint: `write { ref: ${to}/${text} }` });
        }
      }
    }
  }
};
