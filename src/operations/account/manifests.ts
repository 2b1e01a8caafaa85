import { addressOf, type Address } from "../../model/address.ts";
import type { SkippedObject, Unwritten } from "../../model/pull-result.ts";
import { authored } from "../../schema/author/authored.ts";
import { objectKey, slugsFor, type NamedObject } from "../../schema/author/slugs.ts";
import { draftsOf, unwritableObject } from "../pull/drafts.ts";
import type { Account } from "./account.ts";
import type { AccountObject } from "./inventory.ts";

export interface ManifestTexts {
  readonly text: string;
  /** What the manifests do not hold. */
  readonly unwritten: readonly Unwritten[];
  /** Objects that cannot have a manifest. */
  readonly unwritable: readonly SkippedObject[];
}

/**
 * The manifests of live objects, as a pull into a single file would write them: under their addresses, or those that follow
 * from their names. `listed` are the objects that they can refer to.
 */
export async function manifestsOf(
  { provider, resources }: Pick<Account, "provider" | "resources">,
  objects: readonly AccountObject[],
  listed: readonly AccountObject[],
): Promise<ManifestTexts> {
  const slugs = slugsFor(objects.map(namedObject), new Set(resources.map(({ address }) => address)));
  const named = objects.map((object) => {
    const { kind, live } = object;
    const slug = slugs.get(objectKey(kind.kind, live.id)) ?? live.id;
    return { ...object, address: ownAddress(object) ?? addressOf(kind.kind, slug) };
  });
  const known = listed.map((object) => {
    const address = ownAddress(object);
    return address === undefined ? object : { ...object, address };
  });
  const { drafts, unwritten, unwritable } = await draftsOf({
    kinds: provider.kinds,
    objects: named,
    listed: [...known, ...named],
    resources,
    fields: "set",
  });
  const files = authored(drafts, { layout: "single", taken: new Set() });
  return {
    text: files.map(({ text }) => text).join("---\n"),
    unwritten,
    unwritable: unwritable.map(unwritableObject),
  };
}

function namedObject(object: AccountObject): NamedObject {
  const { kind, live, name } = object;
  const owner = ownAddress(object);
  return { kind, id: live.id, name, ...(owner !== undefined && { owner }) };
}

/** The address in the environment at hand. */
function ownAddress({ owner }: AccountObject): Address | undefined {
  return owner?.isElsewhere === true ? undefined : owner?.address;
}
