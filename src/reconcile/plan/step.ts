import type { Address } from "../../model/address.ts";
import { property } from "../../model/json.ts";
import type { Step } from "../../model/plan.ts";
import { segments } from "../../model/pointer.ts";
import { isReference } from "../../model/resource.ts";
import { appliedIn, type Decision } from "../decide/decide.ts";
import { withIgnored } from "../observe/desired.ts";
import { fingerprint } from "../observe/fingerprint.ts";
import { hintsOf } from "../compare/hints.ts";
import { contentDigest } from "../observe/version-content.ts";

/** The members that steps of every action have. A deletion or a detachment declares nothing. */
export function stepOf(
  decision: Decision,
  action: Step["action"],
  needs: readonly string[],
  suffix = "",
): Step {
  const { match, spec, protect } = decision;
  const { address, kind, entry, live, movedFrom } = match;
  const objectId = live?.id ?? entry?.id;
  const parent = declaredParent(decision);
  const applied = appliedIn(match);
  const ignored = match.desired?.resource.lifecycle.ignore ?? [];
  const isLeaving = action === "delete" || action === "detach";
  const desired =
    spec === undefined || isLeaving ? undefined : withIgnored(spec, undefined, ignored, hintsOf(kind));
  const basis = { desired, applied, ignored };
  return {
    id: `${address}${suffix}`,
    address,
    action,
    needs: unique(needs),
    kind: kind.kind,
    ...(objectId === undefined ? {} : { objectId }),
    ...(parent === undefined ? {} : { parent }),
    ...(live === undefined ? {} : { fingerprint: fingerprint(kind, live, basis) }),
    ...(desired === undefined ? {} : { desired }),
    ...(applied === undefined ? {} : { applied }),
    ...(protect ? { protect: true as const } : {}),
    ...(decision.action === "observe" ? { observe: true as const } : {}),
    ...(ignored.length === 0 ? {} : { ignored }),
    ...(movedFrom === undefined ? {} : { movedFrom }),
    ...(action === "update" ? promotionIn(decision) : {}),
  };
}

function promotionIn({ promotes }: Decision): Pick<Step, "promotes"> {
  if (promotes?.live === undefined) return {};
  const { kind, live } = promotes;
  return { promotes: { kind: kind.kind, id: live.id, content: contentDigest(kind, live) } };
}

export function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort();
}

/** The address of the declared parent, also where its id is known. */
export function declaredParent({ match }: Decision): Address | undefined {
  const { parent } = match.kind.identity;
  if (parent === undefined || match.desired === undefined) return undefined;
  const value = property(match.desired.spec, segments(parent)[0] ?? "");
  return isReference(value) ? value.ref : undefined;
}
