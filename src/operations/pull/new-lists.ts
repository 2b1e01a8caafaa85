import { grouped } from "../../model/grouped.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { PathChange, Plan } from "../../model/plan.ts";
import { pointer, segments } from "../../model/pointer.ts";
import { canonical, hasKeys } from "../../reconcile/compare/canonical.ts";
import { valueAt } from "../../reconcile/compare/difference.ts";
import { hintsOf, type Hints } from "../../reconcile/compare/hints.ts";
import { pathChange } from "../../reconcile/plan/change.ts";

interface Sides {
  readonly live: JsonObject | undefined;
  readonly declared: JsonObject | undefined;
}

/** An undeclared list is declared as a whole: declaring one element would remove the others. */
export function withNewLists(
  changes: readonly PathChange[],
  kind: Kind,
  { live, declared }: Sides,
  { names }: Plan,
): readonly PathChange[] {
  const hints = hintsOf(kind);
  const [before, own] = [canonical(live, hints), canonical(declared, hints)];
  const roots = grouped(changes, ({ path }) =>
    pointer(newListAround(segments(path), own, hints) ?? segments(path)),
  );
  return [...roots].flatMap(([root, parts]): readonly PathChange[] => {
    const path = segments(root);
    if (parts.every((part) => part.path === root)) return parts;
    const whole = { path, before: valueAt(before, path), after: undefined, baseline: undefined };
    const wording = { hints, names, includedFile: () => undefined };
    return [pathChange({ ...whole, class: "unmanaged" }, wording)];
  });
}

/** The elements of an open set have nothing to do with each other. */
function newListAround(
  path: readonly string[],
  declared: JsonObject,
  hints: Hints,
): readonly string[] | undefined {
  let at = hints;
  for (const [index, segment] of path.entries()) {
    const around = path.slice(0, index);
    if (hasKeys(at) && at.hint.set !== "open" && valueAt(declared, around) === undefined) return around;
    at = at.child(segment);
  }
  return undefined;
}
