import type { ListedVersion, VersionedObject, VersionList } from "../../model/version-list.ts";
import { masked } from "../../schema/diagnostics/credentials/find.ts";
import type { Account } from "../account/account.ts";
import type { FoundObject } from "../account/find.ts";
import type { Version, Versions } from "./read.ts";

/** What lists show of the versions of an object. */
export function versionList({ environment }: Pick<Account, "environment">, { of, all }: Versions): VersionList {
  return { environment, assistant: versionedObject(of), versions: all.map(listedVersion) };
}

export function versionedObject({ address, id, name }: FoundObject): VersionedObject {
  return { ...(address !== undefined && { address }), id, name: masked(name) };
}

export function listedVersion(found: Version): ListedVersion {
  const { live: _, name, ...version } = found;
  return { ...version, ...(name !== undefined && { name: masked(name) }) };
}
