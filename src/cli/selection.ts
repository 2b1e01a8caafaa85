import type { Address } from "../model/address.ts";
import type { ConflictRule, OnConflict } from "../model/conflict.ts";
import type { Resource } from "../model/resource.ts";
import type { PlanChoices } from "../model/plan-choices.ts";
import { checkRules } from "./conflict-option.ts";
import { UsageError } from "./failure.ts";
import { entryAddressFrom } from "./project.ts";
import type { OpenWorkspace, Part, PlanningOptions } from "./workspace.ts";

/** What the path, `--target` and `--selector` leave of the project. */
export async function choicesOf(options: PlanningOptions, workspace: OpenWorkspace): Promise<PlanChoices> {
  const only = await selection(options, workspace);
  checkRules(options.onConflict ?? [], workspace.resources);
  return {
    prune: options.prune ?? false,
    onConflict: conflictChoices(options.onConflict),
    allowMassChange: options.allowMassChange ?? false,
    ...(options.destroy === true ? { destroy: true } : {}),
    adopt: options.adopt ?? false,
    ...(options.allowPendingEvents === true ? { allowPendingEvents: true } : {}),
    ...(only === undefined ? {} : { only }),
  };
}

/** A plain choice stands in a saved plan as one word. */
function conflictChoices(rules: readonly ConflictRule[] = []): OnConflict {
  const [first, ...more] = rules;
  if (first === undefined) return "refuse";
  return more.length === 0 && first.address === undefined ? first.what : rules;
}

/** Which of the options that choose the content of a plan were given. */
export function choicesGiven(options: PlanningOptions): readonly string[] {
  return [
    ...(options.prune === undefined ? [] : ["--prune"]),
    ...(options.onConflict === undefined ? [] : ["--on-conflict"]),
    ...(options.allowMassChange === undefined ? [] : ["--allow-mass-change"]),
    ...(options.allowPendingEvents === undefined ? [] : ["--allow-pending-events"]),
    ...(options.adopt === undefined ? [] : ["--adopt"]),
    ...(options.target.length === 0 ? [] : ["--target"]),
    ...(options.selector.length === 0 ? [] : ["--selector"]),
  ];
}

async function selection(
  { target, selector, prune, destroy }: PlanningOptions,
  { resources, part, ledger }: OpenWorkspace,
): Promise<ReadonlySet<Address> | undefined> {
  if (target.length === 0 && selector.length === 0) return part?.addresses;
  const chosen =
    part === undefined ? resources : resources.filter(({ address }) => part.addresses.has(address));
  const declared = new Set<string>(chosen.map(({ address }) => address));
  const left = target.filter((text) => !declared.has(text));
  if (left.length > 0) {
    // What a part of the project does not declare may be declared by another part.
    const entries = part === undefined ? ((await ledger.read())?.entries ?? {}) : {};
    for (const text of left) {
      if (!Object.hasOwn(entries, text)) throw new UsageError(`--target ${text} ${unknown(part)}`);
      if (prune !== true && destroy !== true)
        throw new UsageError(`--target ${text} is no longer in the manifests`, "use --prune to delete it");
    }
  }
  const labelled = selector.length === 0 ? [] : withLabels(selector, chosen);
  return new Set([...target.map(entryAddressFrom), ...labelled.map(({ address }) => address)]);
}

function unknown(part: Part | undefined): string {
  return part === undefined
    ? "is not the address of a resource of this project"
    : `is not declared in ${part.path}`;
}

function withLabels(selector: readonly string[], resources: readonly Resource[]): readonly Resource[] {
  const pairs = selector.map((text) => {
    const [key, value] = text.split("=");
    if (key === undefined || value === undefined)
      throw new UsageError(`--selector takes key=value, not ${text}`);
    return [key, value] as const;
  });
  const labelled = resources.filter(({ labels }) => pairs.every(([key, value]) => labels[key] === value));
  if (labelled.length === 0) throw new UsageError(`no resource has the labels ${selector.join(", ")}`);
  return labelled;
}
