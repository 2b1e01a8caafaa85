import type { Address } from "../../model/address.ts";
import { isList, isObject, type Json } from "../../model/json.ts";
import { pointer } from "../../model/pointer.ts";
import type { LoadedProject } from "../load.ts";

/** A place in the `spec` of a resource whose text comes from a file. */
export interface UserOfFile {
  readonly address: Address;
  readonly at: string;
}

/** The places that each included file is the text of. */
export function usersOfFiles(project: LoadedProject): ReadonlyMap<string, readonly UserOfFile[]> {
  const users = new Map<string, UserOfFile[]>();
  for (const { address, spec } of project.resources) {
    for (const path of textPaths(spec)) {
      const at = pointer(path);
      const file = project.includedFile(address, at);
      if (file !== undefined) users.set(file, [...(users.get(file) ?? []), { address, at }]);
    }
  }
  return users;
}

function textPaths(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === "string") return [path];
  if (isList(value)) return value.flatMap((item, index) => textPaths(item, [...path, String(index)]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => textPaths(member, [...path, key]));
}
