import type { Lint, LintSubject } from "../../../../model/kind.ts";
import { nodeAt } from "../../../../model/node.ts";
import { entriesOf, stringAt } from "../../objects/lints/content.ts";
import { phoneNumbers } from "../../objects/lints/phone-numbers.ts";

/** RC3013: criteria are told apart by name. */
const rubricNames: Lint = ({ subjects, report }) => {
  for (const { spec, node, address } of subjects) {
    const seen = new Set<string>();
    for (const { index, item } of entriesOf(spec["rubric"])) {
      const name = stringAt(item, "name");
      if (name === undefined) continue;
      if (seen.has(name)) {
        const at = nodeAt(node, ["rubric", String(index), "name"]);
        report({ code: "RC3013", message: `the rubric already has a criterion "${name}"`, at, address });
      }
      seen.add(name);
    }
  }
};

function isDialled({ spec }: LintSubject): boolean {
  const channel = spec["telnyx_conversation_channel"];
  return channel === "phone_call" || channel === "sms_chat";
}

export const lints: readonly Lint[] = [rubricNames, phoneNumbers(["/destination"], isDialled)];
