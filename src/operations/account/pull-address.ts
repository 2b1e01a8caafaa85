import { addressOf } from "../../model/address.ts";
import type { Resource } from "../../model/resource.ts";
import { listed } from "../../model/suggest.ts";
import { slugOf } from "../../schema/author/slug.ts";
import { objectKey, slugsFor } from "../../schema/author/slugs.ts";
import { SelectionError } from "./account.ts";
import { type AccountObject, namedObject } from "./inventory.ts";
import { selectorOf, unmatched } from "./selected.ts";

/**
 * The selectors, with `Kind/id` in place of an address that nothing has yet and that a pull of everything would give an
 * object. Throws `SelectionError` where several objects have the name that the address is made of.
 */
export function withPullAddresses(
  objects: readonly AccountObject[],
  selectors: readonly string[],
  resources: readonly Pick<Resource, "address">[],
): readonly string[] {
  const missing = new Set(unmatched(objects, selectors));
  if (missing.size === 0) return selectors;
  const taken = new Set<string>(resources.map(({ address }) => address));
  const slugs = slugsFor(objects.map(namedObject), taken);
  const kinds = new Set(objects.map(({ kind }) => kind));
  return selectors.map((selector) => {
    const { kind, text } = selectorOf(selector, kinds);
    if (!missing.has(selector) || kind === undefined || taken.has(addressOf(kind.kind, text))) return selector;
    const alike = objects.filter((object) => object.kind === kind);
    const found = alike.find((object) => slugs.get(objectKey(kind.kind, object.live.id)) === text);
    if (found === undefined) return selector;
    checkSingle(selector, text, alike);
    return `${kind.kind}/${found.live.id}`;
  });
}

/** A number tells objects of one name apart; the name alone does not. */
function checkSingle(selector: string, text: string, objects: readonly AccountObject[]): void {
  const named = objects.filter(({ name, owner }) => owner === undefined && slugOf(name) === text);
  if (named.length < 2) return;
  const ids = named.map(({ kind, live }) => `${kind.kind} ${live.id}`);
  throw new SelectionError(`${selector} can be ${named.length} objects: ${listed(ids)}`, "pass the id of one");
}
