import type { Address } from "../../model/address.ts";
import { isList } from "../../model/json.ts";
import type { LoadedProject } from "../load.ts";
import type { Edit } from "./edits.ts";
import { nodeOf, type Files } from "./files.ts";
import { foundAt, type Obstacle } from "./place.ts";
import { sharedBy } from "./yaml-text.ts";

/** The change to a file that limits a resource to these environments. */
export function environmentsEdit(
  project: LoadedProject,
  files: Files,
  address: Address,
  environments: readonly string[],
): { readonly file: string; readonly edit: Edit } | Obstacle {
  const found = foundAt(project, files, address, []);
  if (found?.spot.way.length !== 1) return UNKNOWN;
  const { file, yaml, spot } = found;
  const metadata = { document: spot.document, way: ["metadata"] };
  const list = { ...metadata, way: ["metadata", "environments"] };
  if (sharedBy(yaml, list) !== undefined) return UNKNOWN;
  const old = nodeOf(yaml, list);
  if (!isList(old)) return { file, edit: { ...metadata, do: "add", key: "environments", value: environments } };
  const kept = old.flatMap((name, from) => (environments.some((one) => one === name) ? [{ from }] : []));
  const added = environments.filter((name) => !old.includes(name)).map((value) => ({ value }));
  return { file, edit: { ...list, do: "arrange", items: [...kept, ...added] } };
}

const UNKNOWN: Obstacle = {
  reason: "metadata.environments cannot be written there without changing something else",
  hint: "write it by hand",
};
