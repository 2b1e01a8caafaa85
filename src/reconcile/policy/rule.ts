import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { Refusal, Step } from "../../model/plan.ts";
import type { PlanChoices } from "../../model/plan-choices.ts";
import type { Decision } from "../decide/decide.ts";
import type { Pending } from "../observe/pending.ts";
import type { Match } from "../observe/match.ts";
import type { UndeclaredChild } from "../observe/undeclared-children.ts";
import type { Other } from "../decide/uses.ts";
import type { OtherState } from "./owner.ts";

/** One reason to refuse a plan. */
export interface Rule {
  /** The name of its file. */
  readonly id: string;
  /** The `rule` of its refusals in reports. Several rules may share one. */
  readonly code: Refusal["rule"];
  /** What is refused, in one sentence. docs/plan-format.md repeats it. */
  readonly title: string;
  readonly check: (input: PolicyInput) => readonly Finding[];
}

/** A refusal without the code of its rule. */
export type Finding = Omit<Refusal, "rule">;

/** Everything that a rule may look at. */
export interface PolicyInput {
  readonly kinds: ReadonlyMap<string, Kind>;
  /** All resources, those included about which nothing is decided. */
  readonly matches: readonly Match[];
  /** The same with all manifests, also where everything is to be destroyed. */
  readonly declaredMatches: readonly Match[];
  readonly decisions: readonly Decision[];
  /** The resources that are observed, selected or not. */
  readonly observed: ReadonlySet<Address>;
  readonly steps: readonly Step[];
  /** Addresses whose steps cannot be ordered. */
  readonly stuck: readonly Address[];
  /** Resources that were found by their name alone, by address. */
  readonly unclaimed: ReadonlyMap<Address, Match>;
  readonly ids: ReadonlyMap<Address, string>;
  /** Live objects about which nothing is decided: not selected, or not managed. */
  readonly others: readonly Other[];
  readonly undeclaredChildren: readonly UndeclaredChild[];
  /** Work that is lost with objects that are deleted. */
  readonly pending: readonly Pending[];
  /** The ledgers of the other environments, where the plan concerns them. */
  readonly otherEnvironments: readonly OtherState[];
  /** How many resources the project declares, selected or not. */
  readonly declared: number;
  /** The API key belongs to another account than at the last apply. */
  readonly isOtherAccount: boolean;
  readonly options: PolicyOptions;
}

export interface PolicyOptions extends Omit<PlanChoices, "turn" | "only"> {
  /** Everything in this environment is protected. */
  readonly protectAll: boolean;
}

/** True when the live object is deleted, with or without another one in its place. */
export function isDeleted({ action }: Decision): boolean {
  return action === "delete" || action === "replace";
}
