import type { Address } from "../../model/address.ts";
import { grouped } from "../../model/grouped.ts";
import type { Step } from "../../model/plan.ts";
import { type Decision, isMainVersion } from "../decide/decide.ts";
import { dependencyOf } from "../observe/dependent-kinds.ts";
import type { Match } from "../observe/match.ts";
import { ownId, parentId } from "../../model/object-ids.ts";
import { promotedAs } from "../observe/version-content.ts";

/** A version that left the manifests and is still there beside main: it can become main. */
export function isPromotable({ kind, desired, live, entry }: Match): boolean {
  return kind.isPromotable === true && desired === undefined && live !== undefined && entry?.replaced !== true;
}

/**
 * An update after which an object is exactly what one of its versions is now promotes that version, which then is no
 * longer a version beside main.
 */
export function withPromotions(decisions: readonly Decision[], matches: readonly Match[]): readonly Decision[] {
  const versions = matches.filter((one) => isPromotable(one) && !isMainVersion(one));
  if (versions.length === 0) return decisions;
  const under = grouped(versions, ({ kind, live }) => parentId(kind, live?.id ?? ""));
  const promoted = new Map<Address, Address>();
  const next = decisions.map((decision): Decision => {
    const found = promotionOf(decision, under.get(decision.match.live?.id) ?? []);
    const version = found?.promotes?.address;
    if (found === undefined || version === undefined) return decision;
    promoted.set(version, decision.match.address);
    return found;
  });
  return next.map((decision) => {
    const by = promoted.get(decision.match.address);
    const reason = `no longer in the manifests, and ${by} becomes this version`;
    return by === undefined
      ? decision
      : Object.assign({}, decision, { action: "forget" as const, reason, becomesMainOf: by });
  });
}

function promotionOf(decision: Decision, versions: readonly Match[]): Decision | undefined {
  const { match, action, comparison } = decision;
  if (action !== "update" || match.live === undefined || comparison === undefined) return undefined;
  for (const version of versions) {
    if (version.live === undefined) continue;
    const objects = { kind: match.kind, object: match.live, versionKind: version.kind, version: version.live };
    const target = promotedAs(objects, comparison.target);
    if (target === undefined) continue;
    const reason = `promotes ${version.address} (version ${ownId(version.live.id)}), which is exactly this; every caller meets it at once, and a canary ends`;
    return { ...decision, comparison: { ...comparison, target }, promotes: version, reason };
  }
  return undefined;
}

/**
 * A canary that is deleted, too, is deleted after the promotion: until then it sends callers to the version, and never
 * again to what main was before.
 */
export function afterPromotions(
  steps: readonly Step[],
  decisions: ReadonlyMap<Address, Decision>,
): readonly Step[] {
  const promoting = new Map(
    steps.flatMap(({ id, objectId, promotes }) => (promotes === undefined ? [] : [[objectId, id] as const])),
  );
  if (promoting.size === 0) return steps;
  return steps.map((step) => {
    const kind = decisions.get(step.address)?.match.kind;
    const first = promoting.get(step.objectId);
    if (step.action !== "delete" || first === undefined || kind === undefined) return step;
    return dependencyOf(kind) === undefined ? step : { ...step, needs: [...step.needs, first].sort() };
  });
}
