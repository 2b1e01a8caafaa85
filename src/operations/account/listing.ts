import { grouped } from "../../model/grouped.ts";
import { isList, isObject, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Cell, GroupList, ListedObject, ObjectList } from "../../model/object-list.ts";
import { segments } from "../../model/pointer.ts";
import { valueAt } from "../../reconcile/compare/difference.ts";
import { masked } from "../../schema/diagnostics/credentials/find.ts";
import { SelectionError, type Account } from "./account.ts";
import type { AccountObject } from "./inventory.ts";
import type { Grouping } from "./query.ts";
import { globTest } from "./selected.ts";
import { shownSpec } from "./shown.ts";

/** What `get` shows of objects; the kinds in the order in which they are shown. */
export function listing(
  { environment }: Pick<Account, "environment">,
  kinds: readonly Kind[],
  objects: readonly AccountObject[],
  isComplete: boolean,
): ObjectList {
  return {
    environment,
    kinds: kinds.map((kind) => ({
      kind: kind.kind,
      many: kind.nouns.many,
      hasTags: kind.tags !== undefined,
      objects: objects
        .filter((object) => object.kind === kind)
        .map((object) => listedObject(object, isComplete)),
    })),
  };
}

function listedObject(object: AccountObject, isComplete: boolean): ListedObject {
  const { kind, live, name, owner, parent, tags } = object;
  return {
    id: live.id,
    name: masked(name),
    ...(owner !== undefined && { managed: owner }),
    ...(object.isIgnored === true && { isIgnored: true }),
    ...(parent !== undefined && { parent: { id: parent.id, name: masked(parent.name) } }),
    ...(live.createdAt !== undefined && { createdAt: live.createdAt }),
    ...(live.updatedAt !== undefined && { updatedAt: live.updatedAt }),
    ...(live.versionId !== undefined && kind.identity.parent === undefined && { versionId: live.versionId }),
    tags: tags.map(masked),
    cells: cellsOf(object),
    spec: () => shownSpec(kind, live.spec),
    isComplete,
  };
}

function cellsOf({ kind, live, parent }: AccountObject): readonly Cell[] {
  const columns = (kind.columns ?? []).map(({ title, at, wide }) => ({
    title,
    text: masked(plainText(valueAt(live.spec, segments(at)))),
    isWide: wide === true,
  }));
  const isNamedByParent = kind.identity.singleton === true;
  return [
    ...(parent === undefined || isNamedByParent
      ? []
      : [{ title: "PARENT", text: masked(parent.name), isWide: false }]),
    ...(kind.splitOf === undefined
      ? []
      : [{ title: "SPLIT", text: masked(splitText(kind, live.spec)), isWide: false }]),
    ...columns,
  ];
}

function plainText(value: Json | undefined): string {
  if (value === undefined || value === null || isObject(value)) return "";
  return isList(value) ? value.map(plainText).join(", ") : String(value);
}

/** `v2 10%, main 90%` */
function splitText(kind: Kind, spec: JsonObject): string {
  const rules = (kind.splitOf?.(spec) ?? []).map(({ match, shares, main }) => {
    const parts = shares.map(({ version, percent }) => `${plainText(version)} ${percent}%`);
    const all = main > 0 ? [...parts, `main ${main}%`] : parts;
    return `${match === "" ? "" : `${match}: `}${all.join(", ")}`;
  });
  return rules.join("; ");
}

/**
 * The words that objects are sorted by, with how many objects have each, in the order of the alphabet. Throws
 * `SelectionError` for a selector that no word fits.
 */
export function groupList(
  { one, many, at }: Grouping,
  objects: readonly AccountObject[],
  selectors: readonly string[] = [],
): GroupList {
  const words = objects.flatMap(({ kind, live }) => {
    const place = at(kind);
    const value = place === undefined ? undefined : valueAt(live.spec, segments(place));
    return (isList(value) ? value : [value]).filter((word) => typeof word === "string" && word !== "");
  });
  const counts = grouped(words as readonly string[], (word) => word);
  const tests = selectors.map(globTest);
  const missing = selectors.filter((_, index) => ![...counts.keys()].some((word) => tests[index]?.(word)));
  if (missing.length > 0) throw new SelectionError(`there is no ${one} ${missing.join(", ")}`);
  const isNamed = (word: string) => tests.length === 0 || tests.some((fits) => fits(word));
  const groups = [...counts].filter(([word]) => isNamed(word)).sort(([a], [b]) => (a < b ? -1 : 1));
  return { many, groups: groups.map(([word, all]) => ({ name: masked(word), objects: all.length })) };
}
