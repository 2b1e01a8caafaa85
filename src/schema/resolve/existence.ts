import type { Address } from "../../model/address.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { nodeAt, textOf, type MapNode, type ScalarNode } from "../../model/node.ts";
import { didYouMean } from "../../model/suggest.ts";
import { shown } from "../diagnostics/shown.ts";
import type { Manifest } from "../project/manifest.ts";
import { patchesOf, type Project } from "../project/project.ts";
import type { ProjectText } from "../project/read-project.ts";
import { patched } from "./patches.ts";

const ENVIRONMENTS = ["metadata", "environments"] as const;

/** The manifests of a project by whether their resource exists in one environment. */
export interface Existence {
  /** Those that exist, with the patches of the environment. */
  readonly here: readonly Manifest[];
  /** The others, as they would be with these patches. */
  readonly elsewhere: readonly Manifest[];
  /** The environments of every manifest, by address. */
  readonly environments: ReadonlyMap<Address, readonly string[]>;
}

/** Which resources an environment has, and what their manifests are there. */
export function manifestsIn(
  { project, manifests, unreadable }: ProjectText,
  environment: string | undefined,
  report: ReportFinding,
): Existence {
  const environments = new Map(manifests.map(({ address, root }) => [address, environmentsOf(root, project)]));
  const isHere = ({ address }: Manifest) =>
    environment === undefined ||
    unreadable.project ||
    environments.get(address)?.includes(environment) !== false;
  const declared = { manifests: manifests.filter(isHere), environments, unreadable };
  const others = { ...declared, manifests: manifests.filter((manifest) => !isHere(manifest)) };
  const patches = patchesOf(project, environment);
  return {
    here: patched(declared, patches, report),
    elsewhere: patched(others, patches, () => undefined),
    environments,
  };
}

/** The environments in which a resource exists. A list with a mistake limits nothing: the mistake is reported. */
function environmentsOf(root: MapNode, { environments }: Project): readonly string[] {
  const list = nodeAt(root, ENVIRONMENTS);
  if (list?.type !== "list" || list.items.length === 0) return environments;
  const names = new Set(list.items.map(textOf));
  const isKnown = [...names].every((name) => name !== undefined && environments.includes(name));
  return isKnown ? environments.filter((name) => names.has(name)) : environments;
}

/** RC4001: an environment that the project does not have. The shape of the list is checked elsewhere. */
export function checkEnvironments(root: MapNode, { environments }: Project, report: ReportFinding): void {
  const list = nodeAt(root, ENVIRONMENTS);
  for (const node of list?.type === "list" ? list.items : []) {
    const name = textOf(node);
    if (name === undefined || environments.includes(name)) continue;
    const hint = didYouMean(name, environments) ?? `environments: ${environments.join(", ")}`;
    const message = `metadata.environments: unknown environment ${shown((node as ScalarNode).value)}`;
    report({ code: "RC4001", message, at: node, hint });
  }
}
