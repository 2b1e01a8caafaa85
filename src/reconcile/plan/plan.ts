import type { Address } from "../../model/address.ts";
import type { Plan } from "../../model/plan.ts";
import type { Target } from "../../model/provider.ts";
import type { Other } from "../decide/uses.ts";
import { foreignCounts, foreignIn, foreignObject, withoutIgnored } from "../observe/foreign.ts";
import type { Pending } from "../observe/pending.ts";
import type { UndeclaredChild } from "../observe/undeclared-children.ts";
import type { OtherState } from "../policy/owner.ts";
import { refusals } from "../policy/policy.ts";
import { unclaimedIn } from "../policy/unclaimed.ts";
import { makeDecisions, type DecisionInput, type Decisions } from "./decisions.ts";
import { appearedChild, driftOf } from "./drift.ts";
import { specsAfter } from "./inherited.ts";
import { resourceChange, usersOf, type View } from "./view.ts";

/** Everything that a plan is made from. */
export interface PlanInput extends DecisionInput {
  readonly project: string;
  readonly environment: string;
  readonly target: Target;
  readonly commit?: string;
  /** The file that the text at a path of a resource was included from. */
  readonly includedFile?: (address: Address, path: string) => string | undefined;
  readonly undeclaredChildren?: readonly UndeclaredChild[];
  /** The ledgers of the other environments, where the plan concerns them. */
  readonly otherEnvironments?: readonly OtherState[];
  /** Work that is lost with objects that are deleted. */
  readonly pending?: readonly Pending[];
}

type Foreign = ReturnType<typeof foreignIn>;

/**
 * What apply would do, as data. Pure: the same input gives the same plan. `decided` are the decisions from the same
 * input, where they are known.
 */
export function makePlan(input: PlanInput, decided: Decisions = makeDecisions(input)): Plan {
  const { ledger, options } = input;
  const { matches, decisions, steps } = decided;
  const foreign = foreignIn(matches, input.snapshot, input.kinds);
  const unmanaged = withoutIgnored(foreign, input.snapshot, {
    kinds: input.kinds,
    isIgnored: options.isIgnored,
  });
  const counts = foreignCounts(unmanaged);
  const view = viewOf(input, decided);
  const undeclared = (input.undeclaredChildren ?? []).filter(({ isOwn }) => isOwn !== true);
  return {
    project: input.project,
    environment: input.environment,
    ...(options.destroy === true ? { destroy: true as const } : {}),
    target: input.target,
    ledger: { ...(ledger === undefined ? {} : { lineage: ledger.lineage }), serial: ledger?.serial ?? 0 },
    ...(input.commit === undefined ? {} : { commit: input.commit }),
    changes: decisions.map((decision) => resourceChange(decision, view)),
    drift: [...decisions.flatMap((decision) => driftOf(decision, view)), ...undeclared.map(appearedChild)],
    refusals: refusalsOf(input, decided, foreign),
    steps: losing(steps, input.pending),
    names: view.names,
    foreign: counts,
    ...(input.snapshot.unlisted === undefined ? {} : { uncounted: input.snapshot.unlisted }),
    ...nounsOf(
      [...Object.keys(counts), ...(input.snapshot.unlisted ?? []).map(({ kind }) => kind)],
      input.kinds,
    ),
    ...(options.showForeign === true
      ? { foreignObjects: unmanaged.map(({ kind, object }) => foreignObject(kind, object)) }
      : {}),
    counts: {
      manifests: input.resources.length,
      live: matches.filter(({ live }) => live !== undefined).length,
    },
  };
}

function losing(steps: Plan["steps"], pending: readonly Pending[] = []): Plan["steps"] {
  const ids = new Set(pending.map(({ step }) => step));
  return steps.map((step) => (ids.has(step.id) ? { ...step, losesPending: true as const } : step));
}

function nounsOf(names: readonly string[], kinds: PlanInput["kinds"]): Pick<Plan, "nouns"> {
  const nouns = names.flatMap((name) => {
    const { one, many } = kinds.get(name)?.nouns ?? {};
    return one === undefined || many === undefined ? [] : [[name, { one, many }] as const];
  });
  return nouns.length === 0 ? {} : { nouns: Object.fromEntries(nouns) };
}

function viewOf(
  { includedFile, undeclaredChildren = [], pending = [], options }: PlanInput,
  { matches, ids, decisions, steps }: Decisions,
): View {
  const restored = steps.filter(({ action }) => action === "restore").map(({ parent }) => parent);
  return {
    includedFile: includedFile ?? (() => undefined),
    names: Object.fromEntries([...ids].map(([address, id]) => [id, address])),
    users: usersOf(matches),
    after: specsAfter(matches, decisions),
    parentsOfDependents: new Set([...undeclaredChildren.map(({ parent }) => parent), ...restored]),
    losesPending: new Set(pending.map(({ address }) => address)),
    onConflict: options.onConflict,
  };
}

function refusalsOf(input: PlanInput, decided: Decisions, foreign: Foreign): Plan["refusals"] {
  const { kinds, ledger, target, resources, options } = input;
  return refusals({
    ...decided,
    kinds,
    options,
    unclaimed: unclaimedIn({ ...decided, ledger }),
    others: undecided(decided, foreign),
    undeclaredChildren: input.undeclaredChildren ?? [],
    otherEnvironments: input.otherEnvironments ?? [],
    pending: input.pending ?? [],
    declared: resources.length,
    isOtherAccount: ledger?.account !== undefined && ledger.account !== target.account,
  });
}

/** Live objects about which nothing is decided. Former versions of an object are its history, and use nothing. */
function undecided({ matches, decisions }: Decisions, foreign: Foreign): readonly Other[] {
  const decided = new Set(decisions.map(({ match }) => match.address));
  const left = matches.flatMap(({ kind, live, address }) =>
    live === undefined || decided.has(address) ? [] : [{ kind, object: live, address }],
  );
  return [...left, ...foreign.filter(({ kind }) => kind.identity.parent === undefined)];
}
