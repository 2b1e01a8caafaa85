import { type Diagnostic, errorsIn } from "../model/diagnostic.ts";
import { equal, type Json } from "../model/json.ts";
import type { Obstacle } from "../model/pull-result.ts";
import type { Resource } from "../model/resource.ts";
import type { LoadedProject } from "../schema/load.ts";
import { firstDifference } from "./propose/paths.ts";
import { obstacle, obstacleOf } from "./pull/check.ts";

/** What new texts of files would change in other environments: their resources, and whether they are valid. */
export function changedElsewhere(
  before: readonly LoadedProject[],
  after: readonly LoadedProject[],
): readonly Obstacle[] {
  return after.flatMap((project) => {
    const { name } = project.environment;
    const old = before.find(({ environment }) => environment.name === name);
    const known = new Map(old?.resources.map((resource) => [resource.address, resource]));
    const next = new Map(project.resources.map((resource) => [resource.address, resource]));
    const changed = [...new Set([...known.keys(), ...next.keys()])].flatMap((address): readonly Obstacle[] => {
      const where = differenceOf(known.get(address), next.get(address));
      if (where === undefined) return [];
      return [
        { address, ...(where !== "" && { where }), message: `environment ${name} would change`, hint: HINT },
      ];
    });
    return changed.length > 0 ? changed : freshErrors(name, old?.diagnostics ?? [], project.diagnostics);
  });
}

const HINT = "write what differs as a patch of the environment that it is live in";

/** The first difference, as a path; empty where one does not exist. */
function differenceOf(before: Resource | undefined, after: Resource | undefined): string | undefined {
  if (before === undefined || after === undefined) return before === after ? undefined : "";
  if (equal(formOf(before), formOf(after))) return undefined;
  return (firstDifference(formOf(before), formOf(after)) ?? []).join(".");
}

/** Without the place in the files. */
function formOf({ spec, name, labels, lifecycle }: Resource): Json {
  const { import: named, ...rest } = lifecycle;
  return { spec, name, labels, lifecycle: { ...rest, ...(named !== undefined && { import: named.id }) } };
}

function freshErrors(
  environment: string,
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
): readonly Obstacle[] {
  const known = new Set(errorsIn(before).map(textOf));
  const fresh = errorsIn(after)
    .filter((one) => !known.has(textOf(one)))
    .map(obstacleOf);
  return fresh.map((one) => obstacle(`${one.message} (environment ${environment})`, one));
}

function textOf({ address, code, message }: Diagnostic): string {
  return [address, code, message].join("\n");
}
