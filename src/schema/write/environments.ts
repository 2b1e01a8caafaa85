import type { Address } from "../../model/address.ts";
import { isList } from "../../model/json.ts";
import { pointer } from "../../model/pointer.ts";
import type { LoadedProject } from "../load.ts";
import type { Edit } from "./edits.ts";
import { nodeOf, type Files } from "./files.ts";
import type { Obstacle } from "./place.ts";
import { sharedBy, spotAt } from "./yaml-text.ts";

/** The change to a file that limits a resource to these environments. */
export function environmentsEdit(
  project: LoadedProject,
  files: Files,
  address: Address,
  environments: readonly string[],
): { readonly file: string; readonly edit: Edit } | Obstacle {
  const range = project.locate(address, pointer([]));
  const yaml = range === undefined ? undefined : files.yaml(range.file);
  const spec =
    range === undefined || yaml === undefined ? undefined : spotAt(yaml, range.start.offset, range.end.offset);
  if (range === undefined || yaml === undefined || spec?.way.length !== 1) return UNKNOWN;
  const metadata = { document: spec.document, way: ["metadata"] };
  const list = { ...metadata, way: ["metadata", "environments"] };
  if (sharedBy(yaml, list) !== undefined) return UNKNOWN;
  const old = nodeOf(yaml, list);
  if (!isList(old))
    return { file: range.file, edit: { ...metadata, do: "add", key: "environments", value: environments } };
  const kept = old.flatMap((name, from) => (environments.some((one) => one === name) ? [{ from }] : []));
  const added = environments.filter((name) => !old.includes(name)).map((value) => ({ value }));
  return { file: range.file, edit: { ...list, do: "arrange", items: [...kept, ...added] } };
}

const UNKNOWN: Obstacle = {
  reason: "metadata.environments cannot be written there without changing something else",
  hint: "write it by hand",
};
