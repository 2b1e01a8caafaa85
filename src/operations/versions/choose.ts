import { nameKey } from "../../model/name.ts";
import { listed } from "../../model/suggest.ts";
import { SelectionError } from "../account/account.ts";
import { selectorOf } from "../account/selected.ts";
import type { Version, Versions } from "./read.ts";

export const MAIN = "main";

/**
 * The version that a text means: `main`, an address of the project, an id, or a name that only one version has. Throws
 * `SelectionError`.
 */
export function chosenVersion(versions: Versions, text: string): Version {
  const { of, kinds, all } = versions;
  const named = selectorOf(text, [kinds.version]);
  const found =
    text === MAIN
      ? all.filter(({ isMain }) => isMain)
      : named.kind === undefined
        ? called(versions, text)
        : addressed(versions, named.text);
  const [first, ...others] = found;
  const whose = of.address ?? of.name;
  const other = first === undefined ? versions.otherObject(text) : undefined;
  if (other !== undefined)
    throw new SelectionError(`${text} is a version of ${other}, and not of ${whose}`, {
      to: "to see the versions of this one",
      run: ["versions", "list", of.address ?? of.id],
    });
  if (first === undefined)
    throw new SelectionError(`${whose} has no version with the address, id or name ${text}`, {
      to: "to see its versions",
      run: ["versions", "list", of.address ?? of.id],
    });
  if (others.length > 0)
    throw new SelectionError(
      `${text} is the name of ${found.length} versions: ${listed(found.map(({ id }) => id))}`,
      "pass the id of one",
    );
  return first;
}

function addressed(versions: Versions, name: string): readonly Version[] {
  const address = `${versions.kinds.version.kind}/${name}`;
  const own = versions.all.filter(
    ({ managed, manifest }) =>
      (managed?.address === address && managed.isElsewhere !== true) || manifest?.address === address,
  );
  return own.length > 0 ? own : called(versions, name);
}

function called({ of, all }: Versions, text: string): readonly Version[] {
  const identified = all.filter(({ id }) => id === text || `${of.id}/${id}` === text);
  if (identified.length > 0) return identified;
  return all.filter(({ name }) => name !== undefined && nameKey(name) === nameKey(text));
}
