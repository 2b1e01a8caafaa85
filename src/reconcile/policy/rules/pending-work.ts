import type { Rule } from "../rule.ts";

export const pendingWork: Rule = {
  id: "pending-work",
  code: "pending",
  title: "An object would be deleted that still has pending work, such as scheduled events.",
  check: ({ pending, kinds, options: { allowPendingEvents } }) => {
    if (allowPendingEvents === true) return [];
    return pending.flatMap(({ address, kind, id, count }) => {
      const work = kinds.get(kind)?.pending;
      if (work === undefined) return [];
      const what = `${count} pending ${count === 1 ? work.one : work.many}`;
      return [
        {
          address,
          message: `${address} would be deleted and has ${what}, which would not take place`,
          hint: `to see what is pending, run "rollcall ${work.command} ${id}"; to delete it anyway, pass --allow-pending-events`,
        },
      ];
    });
  },
};
