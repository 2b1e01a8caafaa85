import type { Address } from "../../../model/address.ts";
import { equal, isObject, property, type Json, type JsonObject } from "../../../model/json.ts";
import type { Kind } from "../../../model/kind.ts";
import { pointer, segments } from "../../../model/pointer.ts";
import type { Resource } from "../../../model/resource.ts";
import { hintsOf } from "../../../reconcile/compare/hints.ts";
import { linksOf } from "../../../reconcile/compare/references.ts";
import { inheriting } from "../../../reconcile/observe/desired.ts";
import { leaves } from "../../../reconcile/compare/difference.ts";
import type { LoadedProject } from "../../../schema/load.ts";
import { SelectionError } from "../../account/account.ts";
import { firstDifference, overlap } from "../../propose/paths.ts";
import { errorsIn, lineText, rangeLine } from "../../../model/diagnostic.ts";

/** A version and the object that it is a version of, as one project declares them. */
export interface Pair {
  readonly object: Resource;
  readonly version: Resource;
  readonly objectKind: Kind;
  /** Below which field of `spec` the version declares what it changes. */
  readonly into: string;
}

export function refusal({ version }: Pair, why: string, hint: string): SelectionError {
  return new SelectionError(`${version.address} was not promoted: ${why}`, hint);
}

function resourceIn({ resources }: LoadedProject, address: Address): Resource | undefined {
  return resources.find((one) => one.address === address);
}

const BY_HAND = "promote by hand, or change this first";

/** Checks that the rest of the manifests allows the version to be merged into its object, in every environment. */
export function checkPair(project: LoadedProject, pair: Pair): void {
  const object = resourceIn(project, pair.object.address);
  const version = resourceIn(project, pair.version.address);
  const { name } = project.environment;
  if (object !== undefined && version === undefined)
    throw refusal(
      pair,
      `${lineText(pair.version)}: it does not exist in environment ${name}, and ${object.address} does, which would change there`,
      BY_HAND,
    );
  if (object === undefined || version === undefined) return;
  for (const one of [object, version])
    if (one.lifecycle.observe === true)
      throw refusal(pair, `${lineText(one)}: ${one.address} is observed in environment ${name}`, BY_HAND);
  if (version.lifecycle.protect === true)
    throw refusal(
      pair,
      `${lineText(version)}: it is protected in environment ${name}, and its manifest would be removed`,
      "set lifecycle.protect to false first",
    );
  if (version.lifecycle.ignore.length > 0)
    throw refusal(
      pair,
      `${lineText(version)}: it ignores ${version.lifecycle.ignore.join(", ")}, so its manifest does not declare everything`,
      "remove lifecycle.ignore from the version, and declare the fields that are to be promoted",
    );
  const changed = leaves(property(version.spec, pair.into) ?? {}).map(([path]) => path);
  const ignored = object.lifecycle.ignore.find((path) => changed.some((one) => overlap(segments(path), one)));
  if (ignored !== undefined)
    throw refusal(
      pair,
      `${lineText(object)}: ${object.address} ignores ${ignored}, which the version changes`,
      "remove the path from lifecycle.ignore",
    );
}

/**
 * The resources that serve conversations with the version, and can do without it. Throws `SelectionError` where something
 * else refers to the version.
 */
export function serversOf(
  project: LoadedProject,
  pair: Pair,
  kinds: ReadonlyMap<string, Kind>,
): readonly Resource[] {
  const { address } = pair.version;
  const servers: Resource[] = [];
  const places: string[] = [];
  for (const resource of project.resources) {
    const kind = kinds.get(resource.kind);
    const links = kind === undefined ? [] : linksOf(kind, resource.spec);
    const own = links.filter(({ value }) => property(value, "ref") === address);
    if (own.length === 0 || resource.address === address) continue;
    const isOfObject = links.some(
      ({ rule, value }) => rule.at === kind?.identity.parent && property(value, "ref") === pair.object.address,
    );
    if (kind?.withoutVersion !== undefined && isOfObject) servers.push(resource);
    else
      for (const { path } of own) {
        const range = project.locate(resource.address, pointer(path));
        const place = range === undefined ? lineText(resource) : rangeLine(range);
        places.push(`${place}: ${resource.address} refers to it`);
      }
  }
  if (places.length > 0) throw refusal(pair, places.join("; "), `refer to ${pair.object.address} there first`);
  const fixed = servers.find(({ lifecycle }) => lifecycle.protect === true || lifecycle.observe === true);
  if (fixed === undefined) return servers;
  const why = fixed.lifecycle.protect === true ? "protected" : "observed";
  throw refusal(pair, `${lineText(fixed)}: ${fixed.address} serves it and is ${why}`, BY_HAND);
}

/** The project as it is to be in one environment: every `spec` by its address. */
export function promoted(
  project: LoadedProject,
  pair: Pair,
  kinds: ReadonlyMap<string, Kind>,
): ReadonlyMap<Address, JsonObject> {
  const version = resourceIn(project, pair.version.address);
  const isVersion = (value: Json) => property(value, "ref") === pair.version.address;
  const specs = project.resources.flatMap((one): readonly (readonly [Address, JsonObject])[] => {
    if (one.address === pair.version.address) return [];
    if (one.address === pair.object.address && version !== undefined) {
      const changes = property(version.spec, pair.into) ?? {};
      const spec = inheriting(one.spec, changes, hintsOf(pair.objectKind));
      return [[one.address, isObject(spec) ? spec : {}]];
    }
    const without = kinds.get(one.kind)?.withoutVersion;
    const spec = without === undefined ? one.spec : without(one.spec, isVersion);
    return spec === undefined ? [] : [[one.address, spec]];
  });
  return new Map(specs);
}

/** The edited manifests have no errors and say exactly what they are to say. Throws `SelectionError`. */
export function checkOutcome(now: LoadedProject, wanted: ReadonlyMap<Address, JsonObject>, pair: Pair): void {
  const [error] = errorsIn(now.diagnostics);
  if (error !== undefined) {
    const { range } = error;
    const place = range === undefined ? "" : `${rangeLine(range)}: `;
    throw refusal(pair, `the manifests would have an error: ${place}${error.message}`, error.hint ?? BY_HAND);
  }
  const where = `in environment ${now.environment.name}`;
  for (const { address, spec, ...resource } of now.resources) {
    const expected = wanted.get(address);
    if (expected !== undefined && equal(spec, expected)) continue;
    const path = expected === undefined ? [] : (firstDifference(expected, spec) ?? []);
    const range = now.locate(address, pointer(path));
    const place = range === undefined ? resource.file : rangeLine(range);
    throw refusal(
      pair,
      `${place}: ${address} would have another value at ${pointer(["spec", ...path])} than the version ${where}`,
      "if a patch sets it, remove the patch first; otherwise promote by hand",
    );
  }
  const lost = [...wanted.keys()].find((address) => resourceIn(now, address) === undefined);
  if (lost !== undefined) throw refusal(pair, `${lost} would be lost ${where}`, BY_HAND);
}
