import type { Address } from "../../model/address.ts";
import { choiceAt, type OnConflict } from "../../model/conflict.ts";
import { equal, type Json, type JsonObject } from "../../model/json.ts";
import type { PathChange, ResourceChange, Risk } from "../../model/plan.ts";
import { pathChange, type Wording } from "./change.ts";
import { redacted } from "../compare/redact.ts";
import type { Decision } from "../decide/decide.ts";
import { hintsOf } from "../compare/hints.ts";
import { inheritedBy } from "./inherited.ts";
import type { Match } from "../observe/match.ts";
import { referenceId } from "../../model/object-ids.ts";
import { linksOf } from "../compare/references.ts";

/** What the description of one decision needs from the plan as a whole. */
export interface View {
  /** The file that the text at a path of a resource was included from. */
  readonly includedFile: (address: Address, path: string) => string | undefined;
  readonly names: Readonly<Record<string, Address>>;
  /** How many live objects hold each id. */
  readonly users: ReadonlyMap<Json, number>;
  /** What each resource will be. */
  readonly after: ReadonlyMap<Address, JsonObject>;
  /** What has dependent children that a write to it removes. */
  readonly parentsOfDependents: ReadonlySet<Address | undefined>;
  /** Addresses whose deletion loses pending work. */
  readonly losesPending: ReadonlySet<Address>;
  readonly onConflict: OnConflict;
}

/** How many live objects hold each id; a child's link to its parent does not count. */
export function usersOf(matches: readonly Match[]): ReadonlyMap<Json, number> {
  const users = new Map<Json, number>();
  for (const { kind, live } of matches) {
    if (live === undefined) continue;
    const links = linksOf(kind, live.spec).filter(({ rule }) => rule.at !== kind.identity.parent);
    for (const id of new Set(links.map(({ value }) => value))) users.set(id, (users.get(id) ?? 0) + 1);
  }
  return users;
}

function usersIn({ users }: View, { kind, live }: Match): number | undefined {
  const id = live === undefined ? undefined : referenceId(kind, live.id);
  return id === undefined ? undefined : users.get(id);
}

export function wordingOf({ match }: Decision, { includedFile: fileOf, names }: View): Wording {
  const includedFile = (path: string) => fileOf(match.address, path);
  return { hints: hintsOf(match.kind), names, includedFile };
}

/** A decision as data for plans and reports. What is seldom shown of thousands of objects is found when it is read. */
export function resourceChange(decision: Decision, view: View): ResourceChange {
  const { match, action, comparison } = decision;
  const wording = wordingOf(decision, view);
  const [what, effects] = [whatChanges(decision, view, wording), effectsOf(decision, view, wording)];
  const unmanaged = () => (comparison?.unmanaged ?? []).map((path) => pathChange(path, wording));
  if (match.live === undefined || (action !== "no-op" && action !== "observe"))
    return { ...what, unmanaged: unmanaged(), ...effects, ...specsOf(decision) };
  const live = match.live.spec;
  return {
    ...what,
    get unmanaged() {
      return unmanaged();
    },
    ...effects,
    get before() {
      return redacted(live, wording.hints);
    },
    get after() {
      return redacted(live, wording.hints);
    },
  };
}

type Effects = Pick<ResourceChange, "risks" | "usedBy" | "inherits" | "split">;

function whatChanges(
  decision: Decision,
  view: View,
  wording: Wording,
): Omit<ResourceChange, "unmanaged" | "before" | "after" | keyof Effects> {
  const { match, action, comparison, reason } = decision;
  const changes = [...(comparison?.changes ?? []), ...(comparison?.released ?? [])];
  return {
    address: match.address,
    kind: match.kind.kind,
    action,
    ...(match.live === undefined ? {} : { id: match.live.id }),
    ...(reason === undefined ? {} : { reason }),
    ...(match.movedFrom === undefined ? {} : { movedFrom: match.movedFrom }),
    ...declarationOf(decision),
    changes: changes
      .map((change) => pathChange(change, wording))
      .map((change) => (action === "observe" ? change : settled(change, match.address, view.onConflict))),
  };
}

function effectsOf(decision: Decision, view: View, wording: Wording): Effects {
  const usedBy = usersIn(view, decision.match);
  const inherits = inheritedBy(decision, view.after, wording);
  return {
    risks: risksOf(decision, view),
    ...(usedBy === undefined ? {} : { usedBy }),
    ...(inherits === undefined ? {} : { inherits }),
    ...splitChange(decision),
  };
}

function splitChange({ match, action, comparison, spec }: Decision): Pick<ResourceChange, "split"> {
  const { splitOf } = match.kind;
  if (splitOf === undefined || ["no-op", "observe", "forget"].includes(action)) return {};
  const target = action === "delete" ? undefined : (comparison?.target ?? spec);
  const [before, after] = [match.live?.spec, target].map((one) => (one === undefined ? [] : splitOf(one)));
  return before === undefined || after === undefined || equal(before, after)
    ? {}
    : { split: { before, after } };
}

/** The whole object before and after, secrets as digests. */
function specsOf({ match, action, comparison, spec }: Decision): Pick<ResourceChange, "before" | "after"> {
  if (action === "no-op" || action === "observe") return {};
  const hints = hintsOf(match.kind);
  const before = match.live === undefined ? undefined : redacted(match.live.spec, hints);
  const after = action === "delete" ? undefined : (comparison?.target ?? spec);
  return {
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after: redacted(after, hints) }),
  };
}

function declarationOf({
  match,
  protect,
}: Decision): Pick<ResourceChange, "protect" | "labels" | "file" | "line"> {
  const resource = match.desired?.resource;
  return {
    ...(protect ? { protect: true as const } : {}),
    ...(resource === undefined ? {} : { labels: resource.labels, file: resource.file }),
    ...(resource?.line === undefined ? {} : { line: resource.line }),
  };
}

function settled(change: PathChange, address: Address, on: OnConflict): PathChange {
  const isOverwritten = change.class === "conflict" && choiceAt(on, address, change.path) === "overwrite";
  return isOverwritten ? { ...change, overwrites: true } : change;
}

function risksOf({ match, action, comparison, protect }: Decision, view: View): readonly Risk[] {
  const writes = action !== "observe" && (comparison?.changes.length ?? 0) > 0;
  const deletes = action === "delete" || action === "replace";
  const users = usersIn(view, match) ?? 0;
  return [
    ...(writes && match.kind.reachesCallers === true ? ["reaches-callers" as const] : []),
    ...(writes && isWiderRollout(match, comparison?.target) ? ["wider-rollout" as const] : []),
    ...(writes && view.parentsOfDependents.has(match.address) ? ["child-reset" as const] : []),
    ...(writes && users > 0 && match.kind.reachesCallers !== true ? ["shared-object" as const] : []),
    ...(deletes ? ["deletes" as const] : []),
    ...(deletes && protect ? ["protected" as const] : []),
    ...(deletes && view.losesPending.has(match.address) ? ["pending-work" as const] : []),
  ];
}

function isWiderRollout({ kind, live }: Match, target: JsonObject | undefined): boolean {
  return live !== undefined && target !== undefined && kind.isWiderRollout?.(live.spec, target) === true;
}
