import type { Address } from "../../model/address.ts";
import { elementText } from "../../model/field-hints.ts";
import type { Kind } from "../../model/kind.ts";
import type { PathChange, Plan } from "../../model/plan.ts";
import { pointer, segments } from "../../model/pointer.ts";
import type { LeftOut } from "../../model/proposal.ts";
import { COMMON_TAG } from "../../schema/write/place.ts";
import { leftPath, type Sorted } from "./leftovers.ts";

interface Project {
  readonly plan: Plan;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** The tags that the project gives to all. */
  readonly common: readonly string[];
}

/** Tags of the project that were removed live: no manifest can say that one object lacks them. */
export function withoutCommonTags({ wanted, left }: Sorted, { plan, kinds, common }: Project): Sorted {
  if (common.length === 0) return { wanted, left };
  const also: LeftOut[] = [];
  const rest = new Map<Address, readonly PathChange[]>();
  for (const [address, changes] of wanted) {
    const kind = kinds.get(plan.changes.find((change) => change.address === address)?.kind ?? "");
    const at = segments(kind?.tags ?? "");
    const paths = new Set(at.length === 0 ? [] : common.map((tag) => pointer([...at, elementText(tag)])));
    const isCommon = ({ path, before }: PathChange) => before === undefined && paths.has(path);
    also.push(...changes.filter(isCommon).map((change) => leftPath(address, change, COMMON_TAG)));
    const kept = changes.filter((change) => !isCommon(change));
    if (kept.length > 0) rest.set(address, kept);
  }
  return { wanted: rest, left: [...left, ...also] };
}
