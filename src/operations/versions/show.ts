import { property, isObject, type JsonObject } from "../../model/json.ts";
import { segments } from "../../model/pointer.ts";
import type { Unwritten } from "../../model/pull-result.ts";
import type { ListedVersion, VersionDiff } from "../../model/version-list.ts";
import { SelectionError, type Account } from "../account/account.ts";
import { withReferred } from "../account/collect.ts";
import { accountObject, inventory, type AccountObject } from "../account/inventory.ts";
import { manifestsOf } from "../account/manifests.ts";
import { ownersIn } from "../account/owners.ts";
import { shownSpec } from "../account/shown.ts";
import { MAIN } from "./choose.ts";
import { versionDiff } from "./compare.ts";
import { listedVersion } from "./list.ts";
import type { Version, Versions } from "./read.ts";

/** One version as people and programs see it. */
export interface ShownVersion {
  readonly version: ListedVersion;
  /** As a pull would write it. */
  readonly manifest: string;
  /** What the manifest does not hold. */
  readonly unwritten: readonly Unwritten[];
  /** The fields, without secrets. */
  readonly configuration: JsonObject;
  /** From main to this version. */
  readonly diff: VersionDiff;
}

/** Reads one version by its id. */
export async function shownVersion(
  account: Account,
  versions: Versions,
  version: Version,
): Promise<ShownVersion> {
  const [object, diff] = await Promise.all([
    accountObjectOf(account, versions, version),
    versionDiff(account, versions, { from: MAIN, to: version.id }),
  ]);
  const { of } = versions;
  const listed = [
    ...(await inventory(account, { kinds: [of.kind] })).filter(({ live }) => live.id !== of.id),
    await mainObject(account, versions),
  ];
  const known = await withReferred(account, [object], { listed, kinds: [of.kind] });
  const { text, unwritten, unwritable } = await manifestsOf(account, [object], known);
  return {
    version: listedVersion(version),
    manifest: text,
    unwritten: [
      ...unwritten,
      ...unwritable.map(({ address, path = "", why = "", hint = "" }) => ({ address, path, why, hint })),
    ],
    configuration: fieldsOf(versions, version, object),
    diff,
  };
}

async function mainObject(account: Account, { of }: Versions): Promise<AccountObject> {
  return accountObject(of.kind, of.live, await ownersIn(account));
}

async function accountObjectOf(account: Account, versions: Versions, version: Version): Promise<AccountObject> {
  const main = await mainObject(account, versions);
  if (version.isMain) return main;
  const { version: kind } = versions.kinds;
  const live = await account.provider.read(kind.kind, version.live.id);
  if (live === undefined) throw new SelectionError(`version ${version.id} was deleted in the meantime`);
  return accountObject(kind, live, await ownersIn(account), main);
}

function fieldsOf({ kinds }: Versions, { isMain }: Version, { kind, live }: AccountObject): JsonObject {
  const spec = shownSpec(kind, live.spec);
  const fields = isMain ? spec : property(spec, segments(kinds.version.inherits.into)[0] ?? "");
  return isObject(fields) ? fields : {};
}
