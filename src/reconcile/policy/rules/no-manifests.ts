import type { Rule } from "../rule.ts";

export const noManifests: Rule = {
  id: "no-manifests",
  code: "empty",
  title: "No manifest was found, and live objects would be deleted.",
  check: ({ decisions, declared, options: { destroy } }) => {
    const count = decisions.filter(({ action }) => action === "delete").length;
    if (destroy === true || declared > 0 || count === 0) return [];
    return [
      {
        message: `no manifest was found, and ${count} live ${count === 1 ? "object" : "objects"} would be deleted`,
        hint: 'check the path; to delete everything on purpose use "rollcall destroy"',
      },
    ];
  },
};
