import type { Kind } from "../../../model/kind.ts";
import { isReference, type Resource } from "../../../model/resource.ts";
import { linksOf } from "../../../reconcile/compare/references.ts";
import type { LoadedProject } from "../../../schema/load.ts";

/**
 * The resources without an object in an environment that nothing there asks for. A patch of the environment asks for its
 * resource and for everything that this refers to.
 */
export function unasked(
  without: readonly Resource[],
  { patched }: Pick<LoadedProject, "patched">,
  kinds: ReadonlyMap<string, Kind>,
): readonly Resource[] {
  const byAddress = new Map<string, Resource>(without.map((resource) => [resource.address, resource]));
  const asked = new Set<string>();
  const open = [...patched];
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    const resource = byAddress.get(address);
    const kind = resource === undefined ? undefined : kinds.get(resource.kind);
    if (resource === undefined || kind === undefined || asked.has(address)) continue;
    asked.add(address);
    for (const { value } of linksOf(kind, resource.spec)) if (isReference(value)) open.push(value.ref);
  }
  return without.filter(({ address }) => !asked.has(address));
}
