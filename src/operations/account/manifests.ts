import { addressOf, type Address } from "../../model/address.ts";
import type { SkippedObject, Unwritten } from "../../model/pull-result.ts";
import { authored } from "../../schema/author/authored.ts";
import { objectKey, slugsFor } from "../../schema/author/slugs.ts";
import { draftsOf, unwritableObject } from "../pull/drafts.ts";
import { isFree, withDependencies } from "../pull/gather.ts";
import type { Account } from "./account.ts";
import { type AccountObject, namedObject, ownAddress } from "./inventory.ts";

export interface ManifestTexts {
  readonly text: string;
  /** What the manifests do not hold. */
  readonly unwritten: readonly Unwritten[];
  /** Objects that cannot have a manifest. */
  readonly unwritable: readonly SkippedObject[];
}

/**
 * The manifests of live objects, as a pull into a single file would write them: under their addresses, or under those
 * that follow from their names. A pull would include the objects that they refer to, so these have addresses, too.
 * `listed` are the objects that they can refer to.
 */
export async function manifestsOf(
  { provider, resources }: Pick<Account, "provider" | "resources">,
  objects: readonly AccountObject[],
  listed: readonly AccountObject[],
): Promise<ManifestTexts> {
  const others = withDependencies(
    objects,
    listed.filter((one) => isFree(one) && one.owner?.isElsewhere !== true),
  );
  const named = addressed(others, resources);
  const addresses = new Map(named.map(({ kind, live, address }) => [objectKey(kind.kind, live.id), address]));
  const known = listed.map((object) => {
    const address = ownAddress(object) ?? addresses.get(objectKey(object.kind.kind, object.live.id));
    return address === undefined ? object : { ...object, address };
  });
  const input = { kinds: provider.kinds, listed: [...known, ...named], resources, fields: "set" } as const;
  const { drafts, unwritten, unwritable } = await draftsOf({ ...input, objects: named });
  const shown = new Set(named.slice(0, objects.length).map(({ address }) => address));
  const isShown = ({ address }: { readonly address: Address }) => shown.has(address);
  const files = authored(drafts.filter(isShown), { layout: "single", taken: new Set() });
  return {
    text: files.map(({ text }) => text).join("---\n"),
    unwritten: unwritten.filter(isShown),
    unwritable: unwritable.map(unwritableObject).filter(isShown),
  };
}

function addressed(objects: readonly AccountObject[], resources: Account["resources"]) {
  const slugs = slugsFor(objects.map(namedObject), new Set(resources.map(({ address }) => address)));
  return objects.map((object) => {
    const { kind, live } = object;
    const slug = slugs.get(objectKey(kind.kind, live.id)) ?? live.id;
    return Object.assign({}, object, { address: ownAddress(object) ?? addressOf(kind.kind, slug) });
  });
}
