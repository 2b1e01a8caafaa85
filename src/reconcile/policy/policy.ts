import type { Address } from "../../model/address.ts";
import { choiceAt, conflictRules, ruleText, type OnConflict } from "../../model/conflict.ts";
import { stringify } from "../../model/json.ts";
import type { LiveObject } from "../../model/provider.ts";
import type { Refusal } from "../../model/plan.ts";
import { pointer, segments } from "../../model/pointer.ts";
import { canonical } from "../compare/canonical.ts";
import { isMainVersion, type Decision } from "../decide/decide.ts";
import { valueAt } from "../compare/difference.ts";
import { hintsOf } from "../compare/hints.ts";
import { otherIdentity } from "../observe/identity.ts";
import { nameOf, referenceId } from "../observe/match.ts";
import { usesIn, type Other, type Uses } from "../decide/uses.ts";

export interface PolicyOptions {
  readonly onConflict: OnConflict;
  readonly allowMassChange: boolean;
  /** Everything in this environment is protected. */
  readonly protectAll: boolean;
  /** How many objects the ledger knows, chosen or not. */
  readonly managed: number;
  /** How many resources the project declares, chosen or not. */
  readonly declared: number;
  /** Deleting everything is what was asked for. */
  readonly destroy: boolean;
  /** Live objects that a planned write may remove and that nobody declares, with the address of their parent. */
  readonly bystanders: readonly Bystander[];
  /** Live objects about which nothing is decided: not chosen, or nobody's. */
  readonly others: readonly Other[];
}

export interface Bystander {
  readonly parent: Address;
  readonly kind: string;
  readonly object: LiveObject;
  /** The ledger knows it: it left the manifests. */
  readonly isOwn?: true;
}

const MASS_CHANGE_SHARE = 0.3;
const MASS_CHANGE_MINIMUM = 10;

/** Every reason not to apply. The plan is shown all the same. */
export function refusals(decisions: readonly Decision[], options: PolicyOptions): readonly Refusal[] {
  const uses = usesIn(decisions, options.others);
  return [
    ...decisions.flatMap((decision) => [
      ...ambiguous(decision),
      ...conflicting(decision, options.onConflict),
      ...unknownPaths(decision, options.onConflict),
      ...protectedDeletion(decision, options.protectAll),
      ...mainVersion(decision),
      ...foreignReplacement(decision),
      ...unrecordedDeletion(decision),
      ...stillReferenced(decision, uses),
    ]),
    ...options.bystanders
      .filter(({ parent }) => choiceAt(options.onConflict, parent) !== "overwrite")
      .map(wipedBystander),
    ...(options.destroy || options.declared > 0 ? [] : emptied(decisions)),
    ...(options.allowMassChange || options.destroy ? [] : massChange(decisions, options.managed)),
  ];
}

function ambiguous({ match }: Decision): readonly Refusal[] {
  if (match.candidates === undefined) return [];
  const found = `${match.candidates.length} live objects have the name of ${match.address}: ${match.candidates.join(", ")}`;
  const hint = `say which one it is with lifecycle: { import: <id> }, or with "rollcall import ${match.address} <id>"; or give it another name`;
  return [{ address: match.address, rule: "ambiguous", message: found, hint }];
}

/** What is to be adopted is a conflict until the manifest has the live value. */
function conflicting({ match, comparison }: Decision, on: OnConflict): readonly Refusal[] {
  const conflicts = (comparison?.changes ?? []).filter((change) => change.class === "conflict");
  const open = conflicts
    .map(({ path }) => pointer(path))
    .filter((path) => choiceAt(on, match.address, path) !== "overwrite");
  const count = open.length;
  if (count === 0) return [];
  const paths = count === 1 ? "one path was" : `${count} paths were`;
  return [
    {
      address: match.address,
      rule: "conflict",
      message: `${paths} changed both in the manifest and outside Git since the last apply`,
      hint: "keep the live value with --on-conflict=adopt, or overwrite it with --on-conflict=overwrite",
    },
  ];
}

/** A path that neither the manifest nor the live object has, such as a misspelt key of a list. */
function unknownPaths({ match, spec }: Decision, on: OnConflict): readonly Refusal[] {
  const { address, live, entry, kind } = match;
  const rules = conflictRules(on).filter((rule) => rule.address === address && rule.path !== undefined);
  if (rules.length === 0) return [];
  const hints = hintsOf(kind);
  const known = [spec, live?.spec, entry?.applied].map((value) => canonical(value, hints));
  return rules
    .filter(({ path = "" }) => known.every((value) => valueAt(value, segments(path)) === undefined))
    .map((rule) => ({
      address,
      rule: "conflict",
      message: `--on-conflict=${ruleText(rule)} matches nothing: neither the manifest nor the live object has this path`,
      hint: '"rollcall plan --format json" has the path of each conflict',
    }));
}

function protectedDeletion({ match, action, protect }: Decision, protectAll: boolean): readonly Refusal[] {
  if (!protect || (action !== "delete" && action !== "replace")) return [];
  return [
    {
      address: match.address,
      rule: "protected",
      message: `${match.address} is protected and would be ${action === "delete" ? "deleted" : "replaced"}`,
      hint: protectAll
        ? "its environment protects everything: take `protect: true` out of the environment, and mind what else that lets go"
        : "apply it once with lifecycle.protect: false, then delete it",
    },
  ];
}

function mainVersion({ match, comparison }: Decision): readonly Refusal[] {
  if (!isMainVersion(match) || (comparison?.changes.length ?? 0) === 0) return [];
  return [
    {
      address: match.address,
      rule: "main-version",
      message: `${match.address} has become the main version and cannot be edited as a version any more`,
      hint: "move its changes into the manifest of the object it belongs to, and remove this manifest",
    },
  ];
}

/** An object that the ledger does not know is not ours to delete. */
function foreignReplacement({ match, action }: Decision): readonly Refusal[] {
  if (action !== "replace" || match.entry !== undefined) return [];
  return [
    {
      address: match.address,
      rule: "foreign",
      message: `${match.address} ${match.isImported === true ? "is imported" : "was found by its name"} and would have to be replaced, but this project did not make it`,
      hint: `give the manifest another name, or take the object first: rollcall import ${match.address} ${match.live?.id ?? "<id>"}`,
    },
  ];
}

/** An object that is not as the ledger has it may be another one, and is not deleted. */
function unrecordedDeletion({ match, action }: Decision): readonly Refusal[] {
  const { address, kind, entry, live } = match;
  if ((action !== "delete" && action !== "replace") || entry === undefined || live === undefined) return [];
  const other = otherIdentity(kind, entry, live);
  if (other === undefined) return [];
  const { label, recorded } = other;
  const now = other.live === undefined ? `has no ${label}` : `has the ${label} ${stringify(other.live)}`;
  const before = recorded === undefined ? "none" : stringify(recorded);
  const back =
    recorded === undefined ? "" : `if it is the right one, give it the recorded ${label} back; otherwise `;
  return [
    {
      address,
      rule: "foreign",
      message: `${address} would be ${action}d, but ${live.id} ${now}, and the ledger has recorded ${before}: it may be another object`,
      hint: `${back}take it out of the ledger, which leaves it live: rollcall ledger forget ${address}`,
    },
  ];
}

/** Live objects that will still refer to what is to be deleted. */
function stillReferenced(decision: Decision, uses: Uses): readonly Refusal[] {
  const { match, action } = decision;
  const id = match.live === undefined ? undefined : referenceId(match.kind, match.live.id);
  if ((action !== "delete" && action !== "replace") || id === undefined) return [];
  const users = (uses.users.get(id) ?? []).filter((other) => other !== decision);
  const strangers = uses.strangers.get(id) ?? [];
  if (users.length + strangers.length === 0) return [];
  const names = [...users.map((user) => user.match.address), ...strangers.map(nameOfOther)].join(", ");
  return [
    {
      address: match.address,
      rule: "referenced",
      message: `${match.address} would be ${action}d, but ${names} will still refer to it`,
      hint: "remove those references first",
    },
  ];
}

function nameOfOther({ kind, object, address }: Other): string {
  if (address !== undefined) return address;
  const name = nameOf(kind, object.spec);
  return `${kind.kind} ${typeof name === "string" ? `"${name}" ` : ""}(${object.id}), which nobody declares,`;
}

function wipedBystander({ parent, kind, isOwn }: Bystander): Refusal {
  const [what, hint] =
    isOwn === true
      ? ["that left the manifests", "declare it again, or pass --prune to delete it"]
      : ["that no manifest declares", "declare it, end it, or pass --on-conflict=overwrite to discard it"];
  return {
    address: parent,
    rule: "canary",
    message: `${parent} has a live ${kind} ${what}, and a write to ${parent} would remove it`,
    hint,
  };
}

function emptied(decisions: readonly Decision[]): readonly Refusal[] {
  const deletions = decisions.filter(({ action }) => action === "delete").length;
  if (deletions === 0) return [];
  return [
    {
      rule: "empty",
      message: `no manifest was found, and ${deletions} live ${deletions === 1 ? "object" : "objects"} would be deleted`,
      hint: 'check the path; to delete everything on purpose use "rollcall destroy"',
    },
  ];
}

function massChange(decisions: readonly Decision[], managed: number): readonly Refusal[] {
  const touched = decisions.filter(
    ({ action, match }) => match.entry !== undefined && ["update", "delete", "replace"].includes(action),
  ).length;
  if (managed < MASS_CHANGE_MINIMUM || touched <= managed * MASS_CHANGE_SHARE) return [];
  return [
    {
      rule: "mass-change",
      message: `${touched} of ${managed} managed objects would be updated or deleted: more than 30 %`,
      hint: "look through the plan; if it is meant, pass --allow-mass-change",
    },
  ];
}
