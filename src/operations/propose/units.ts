import { replaceIn } from "../../model/at-path.ts";
import { grouped } from "../../model/grouped.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { PathChange, Plan, ResourceChange } from "../../model/plan.ts";
import { pointer, segments } from "../../model/pointer.ts";
import { canonical, hasKeys } from "../../reconcile/compare/canonical.ts";
import { valueAt } from "../../reconcile/compare/difference.ts";
import type { Hints } from "../../reconcile/compare/hints.ts";
import { pathChange } from "../../reconcile/plan/change.ts";

/** The changes, with those of one absent element or block as one, in conflict where a part of it is. */
export function unitsOf(
  change: Pick<ResourceChange, "before" | "after" | "changes">,
  hints: Hints,
  { names }: Plan,
): readonly PathChange[] {
  const sides = [canonical(change.before, hints), canonical(change.after, hints)] as const;
  const roots = grouped(change.changes, ({ path }) => pointer(rootOf(segments(path), sides, hints)));
  return [...roots].flatMap(([root, parts]): readonly PathChange[] => {
    const isWhole = parts.every(({ path }) => path === root);
    if (isWhole || !parts.some((one) => one.class === "conflict")) return parts;
    const path = segments(root);
    const [before, after] = sides.map((side) => valueAt(side, path));
    const baseline = baselineOf(parts, path);
    const whole = { path, before, after, baseline, class: "conflict" as const };
    return [pathChange(whole, { hints, names, includedFile: () => undefined })];
  });
}

/** The shortest part of a path that one side does not have; a list as such is no unit. */
function rootOf(path: readonly string[], sides: readonly JsonObject[], hints: Hints): readonly string[] {
  let at = hints;
  for (const [index, segment] of path.entries()) {
    at = at.child(segment);
    const prefix = path.slice(0, index + 1);
    if (!hasKeys(at) && sides.some((side) => valueAt(side, prefix) === undefined)) return prefix;
  }
  return path;
}

/** As last applied, put together from its leaves. */
function baselineOf(parts: readonly PathChange[], root: readonly string[]): Json | undefined {
  return parts.reduce<Json | undefined>(
    (whole, { path, baseline }) =>
      baseline === undefined ? whole : replaceIn(whole, segments(path).slice(root.length), baseline),
    undefined,
  );
}
