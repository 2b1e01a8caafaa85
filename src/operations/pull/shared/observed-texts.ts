import type { Address } from "../../../model/address.ts";
import { isObject, property } from "../../../model/json.ts";
import { pointer } from "../../../model/pointer.ts";
import type { Obstacle } from "../../../model/pull-result.ts";
import type { LoadedProject } from "../../../schema/load.ts";
import { editedPart } from "../../../schema/write/edit-text.ts";
import type { Edit } from "../../../schema/write/edits.ts";
import { filesOf, nodeOf, type Files } from "../../../schema/write/files.ts";
import { foundAt } from "../../../schema/write/place.ts";
import { joined, sharedBy, type Parts } from "../../../schema/write/yaml-text.ts";

/** New texts of files, and what could not be written. */
export interface NewTexts {
  readonly texts: ReadonlyMap<string, string>;
  /** The manifests that each file says something new of. */
  readonly addresses: ReadonlyMap<string, readonly Address[]>;
  readonly obstacles: readonly Obstacle[];
}

/** Sets `lifecycle.observe` in manifests. `loadedAs` has the texts that the project was loaded with instead of files. */
export function observedTexts(
  project: LoadedProject,
  loadedAs: ReadonlyMap<string, string>,
  wanted: readonly Address[],
): NewTexts {
  const files = filesOf(project, loadedAs);
  const parts = new Map<string, Parts>();
  const addresses = new Map<string, readonly Address[]>();
  const obstacles: Obstacle[] = [];
  for (const address of wanted) {
    const found = observeEdit(project, files, address);
    const before = found === undefined ? undefined : (parts.get(found.file) ?? files.parts(found.file));
    const after = found === undefined || before === undefined ? undefined : editedPart(before, found.edit);
    if (found === undefined || after === undefined) {
      obstacles.push(unwritable(project, address));
      continue;
    }
    parts.set(found.file, after);
    addresses.set(found.file, [...(addresses.get(found.file) ?? []), address]);
  }
  return { texts: new Map([...parts].map(([file, all]) => [file, joined(all)])), addresses, obstacles };
}

function observeEdit(
  project: LoadedProject,
  files: Files,
  address: Address,
): { readonly file: string; readonly edit: Edit } | undefined {
  const found = foundAt(project, files, address, []);
  if (found?.spot.way.length !== 1) return undefined;
  const { file, yaml } = found;
  const { document } = found.spot;
  const lifecycle = nodeOf(yaml, { document, way: ["lifecycle"] });
  if (lifecycle === undefined)
    return { file, edit: { document, way: [], do: "add", key: "lifecycle", value: { observe: true } } };
  if (!isObject(lifecycle) || sharedBy(yaml, { document, way: ["lifecycle"] }) !== undefined) return undefined;
  if (property(lifecycle, "observe") !== undefined)
    return { file, edit: { document, way: ["lifecycle", "observe"], do: "replace", value: true } };
  return { file, edit: { document, way: ["lifecycle"], do: "add", key: "observe", value: true } };
}

function unwritable(project: LoadedProject, address: Address): Obstacle {
  const range = project.locate(address, pointer([]));
  return {
    address,
    ...(range !== undefined && { where: range.file }),
    message: "lifecycle.observe cannot be written there without changing something else",
    hint: "write `lifecycle: { observe: true }` by hand",
  };
}
