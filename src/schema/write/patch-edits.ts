import type { Address } from "../../model/address.ts";
import { valueIn, withValue } from "../../model/at-path.ts";
import type { Fields } from "../../model/field-hints.ts";
import { isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import { pointer } from "../../model/pointer.ts";
import type { Arranged, Edit } from "./edits.ts";
import { nodeOf } from "./files.ts";
import { mergedPatch } from "./merged-patch.ts";
import type { SpecPatch } from "./patch-of.ts";
import { specEdits } from "./structure.ts";
import type { YamlText } from "./yaml-text.ts";

/** What to add to the patches of an environment for one manifest. */
export interface ManifestPatch {
  readonly address: Address;
  readonly spec: SpecPatch;
  readonly lifecycle?: JsonObject;
  readonly fields: Fields;
  /** The manifest without patches, as written. */
  readonly base: Json | undefined;
}

/** Where the patches of an environment are written in the project file. */
export function patchesAt(environment: string): readonly string[] {
  return ["spec", "environments", environment, "patches"];
}

/** The resources that patches of an environment change. */
export function patchTargets(yaml: YamlText | undefined, environment: string): ReadonlySet<string> {
  const patches = yaml && nodeOf(yaml, { document: 0, way: patchesAt(environment) });
  const targets = (isList(patches) ? patches : []).map((patch) => property(patch, "target"));
  return new Set(targets.filter((target) => typeof target === "string"));
}

/** The changes to the project file that add to the patches of an environment. What a patch says already is changed there. */
export function patchEdits(
  yaml: YamlText,
  environment: string,
  patches: readonly ManifestPatch[],
): readonly Edit[] {
  const way = patchesAt(environment);
  const written = nodeOf(yaml, { document: 0, way });
  const known = isList(written) ? written : [];
  const all = patches.map((patch) => changesFor(patch, known, way));
  const inside = all.flatMap((one) => one.inside);
  const fresh = all.flatMap((one) => one.fresh);
  const gone = new Set(all.flatMap((one) => one.gone));
  if (fresh.length === 0 && gone.size === 0) return inside;
  const items: readonly Arranged[] = [
    ...known.flatMap((_, from) => (gone.has(from) ? [] : [{ from }])),
    ...fresh.map((value) => ({ value })),
  ];
  if (items.length === 0) return [...inside, { document: 0, way, do: "remove" }];
  return [
    ...inside,
    isList(written) ? { document: 0, way, do: "arrange", items } : added(yaml, environment, fresh),
  ];
}

interface PatchChanges {
  /** In a patch that is there. */
  readonly inside: readonly Edit[];
  readonly fresh: readonly Json[];
  /** Positions of patches that say nothing any more. */
  readonly gone: readonly number[];
}

function changesFor(one: ManifestPatch, known: readonly Json[], way: readonly string[]): PatchChanges {
  const { patch, without } = withoutReplaced(one, known);
  const body = bodyOf(patch);
  const values = patch.spec.values.map(({ path, value }): Json => {
    return { target: patch.address, path: pointer(["spec", ...path]), value };
  });
  const index = lastFor(known, patch.address);
  const old = index === undefined ? undefined : property(known[index], "patch");
  if (body === undefined) return { inside: [], fresh: values, gone: without };
  if (index === undefined || !isObject(old))
    return { inside: [], fresh: [{ target: patch.address, patch: body }, ...values], gone: without };
  const next = mergedPatch({ patch: old, more: body, base: patch.base }, patch.fields);
  if (isEmpty(next)) return { inside: [], fresh: values, gone: [...without, index] };
  return { inside: editsOf(old, next, [...way, String(index), "patch"]), fresh: values, gone: without };
}

/** A value that a patch sets by its path and that is to be removed: that patch goes, and nothing else is needed if the manifest has no value there. */
function withoutReplaced(
  patch: ManifestPatch,
  known: readonly Json[],
): { readonly patch: ManifestPatch; readonly without: readonly number[] } {
  const { address, spec, base } = patch;
  const removed = removedIn(spec.merged ?? {});
  const at = new Map(removed.map((path) => [pointer(["spec", ...path]), path]));
  const without = known.flatMap((one, index) =>
    property(one, "target") === address && at.has(String(property(one, "path"))) ? [index] : [],
  );
  const merged = without.reduce<JsonObject>((rest, index) => {
    const path = at.get(String(property(known[index], "path"))) ?? [];
    return valueIn(base, ["spec", ...path]) === undefined ? withoutMember(rest, path) : rest;
  }, spec.merged ?? {});
  if (without.length === 0) return { patch, without };
  const { merged: _, ...others } = spec;
  return { patch: { ...patch, spec: isEmpty({ merged }) ? others : { ...others, merged } }, without };
}

function removedIn(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (value === null) return [path];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => removedIn(member, [...path, key]));
}

/** Without the blocks that then are empty. */
function withoutMember(whole: JsonObject, path: readonly string[]): JsonObject {
  const rest = withValue(whole, path, undefined);
  const around = path.slice(0, -1);
  const block = valueIn(rest, around);
  const isLeft = around.length === 0 || (isObject(block) && Object.keys(block).length > 0);
  return isLeft ? rest : withoutMember(rest, around);
}

function bodyOf({ spec: { merged }, lifecycle }: ManifestPatch): JsonObject | undefined {
  if (merged === undefined && lifecycle === undefined) return undefined;
  return { ...(lifecycle !== undefined && { lifecycle }), ...(merged !== undefined && { spec: merged }) };
}

/** The last patch of a manifest counts. */
function lastFor(patches: readonly Json[], address: Address): number | undefined {
  const index = patches.findLastIndex((patch) => property(patch, "target") === address);
  return index < 0 ? undefined : index;
}

/** The first patches of an environment; one between brackets gets lines of its own. */
function added(yaml: YamlText, environment: string, patches: readonly Json[]): Edit {
  const spot = { document: 0, way: patchesAt(environment).slice(0, -1) };
  const settings = nodeOf(yaml, spot);
  if (isObject(settings) && Object.keys(settings).length > 0)
    return { ...spot, do: "add", key: "patches", value: patches };
  return { ...spot, do: "replace", value: { patches } };
}

function editsOf(before: Json, after: Json, way: readonly string[]): readonly Edit[] {
  return specEdits(before, after, {}).map(({ path, ...change }): Edit =>
    Object.assign(change, { document: 0, way: [...way, ...path] }),
  );
}

function isEmpty(body: Json): boolean {
  return (
    isObject(body) && Object.values(body).every((part) => isObject(part) && Object.keys(part).length === 0)
  );
}
