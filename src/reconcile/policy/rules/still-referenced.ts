import { referenceId } from "../../../model/object-ids.ts";
import { nameOf } from "../../observe/natural-name.ts";
import { usesIn, type Other } from "../../decide/uses.ts";
import { isDeleted, type Rule } from "../rule.ts";

export const stillReferenced: Rule = {
  id: "still-referenced",
  code: "referenced",
  title: "An object would be deleted that other live objects still refer to.",
  check: ({ decisions, others }) => {
    const uses = usesIn(decisions, others);
    return decisions.filter(isDeleted).flatMap((decision) => {
      const { match, action } = decision;
      const { address, kind, live } = match;
      const id = live === undefined ? undefined : referenceId(kind, live.id);
      if (id === undefined) return [];
      const users = (uses.users.get(id) ?? []).filter((other) => other !== decision);
      const strangers = uses.strangers.get(id) ?? [];
      if (users.length + strangers.length === 0) return [];
      const names = [...users.map((user) => user.match.address), ...strangers.map(nameOfOther)].join(", ");
      const message = `${address} would be ${action}d, but ${names} will still refer to it`;
      return [{ address, message, hint: "remove those references first" }];
    });
  },
};

function nameOfOther({ kind, object, address }: Other): string {
  if (address !== undefined) return address;
  const name = nameOf(kind, object.spec);
  return `${kind.kind} ${typeof name === "string" ? `"${name}" ` : ""}(${object.id}), which is not in the manifests,`;
}
