import type { JsonObject } from "../../src/model/json.ts";
import { asShown, firstLack, type Live } from "../stories/live.ts";
import { addressOf, type Manifest, resolved } from "../stories/manifests.ts";
import { keyOf } from "./oracle.ts";
import { manifestsOf, type World } from "./story-state.ts";

/** What is declared and not live as declared; seen without the engine's own eyes. */
export function lacksOf(world: World): readonly string[] {
  const manifests = manifestsOf(world.project);
  const promoted = promotedIn(world);
  return manifests
    .filter((one) => !isObserved(one, manifests) && !refersToUntold(world, one, manifests))
    .filter(
      (one) => !promoted.some((address) => JSON.stringify([addressOf(one), one.spec]).includes(`"${address}"`)),
    )
    .flatMap((manifest) => {
      const candidates = standing(world, manifest, manifests);
      const wanted = (target: string) => idOf(world, target, manifests);
      const lacks = candidates.map((live) =>
        firstLack(asShown(manifest.kind, resolved(manifest.spec, wanted) as JsonObject), live.raw),
      );
      if (candidates.length === 0) return [`${addressOf(manifest)} is not live`];
      return lacks.includes(undefined) ? [] : [`${addressOf(manifest)}${lacks[0] ?? ""}`];
    });
}

/**
 * Declared versions that are main, because somebody has promoted them. They have the values of main; a plan that would
 * change them is refused.
 */
export function promotedIn(world: World): readonly string[] {
  const manifests = manifestsOf(world.project);
  const main = world.books.live().filter(({ kind, isMain }) => kind === "AssistantVersion" && isMain === true);
  return manifests.filter((one) => main.some((live) => isOf(world, live, one, manifests))).map(addressOf);
}

/** A live version has the name that a manifest declares, and the parent. */
function isOf(world: World, live: Live, { kind, spec }: Manifest, all: readonly Manifest[]): boolean {
  const above = (spec["assistant"] as { readonly ref?: string } | undefined)?.ref;
  const isVersion = kind === "AssistantVersion" && live.name === spec["version_name"];
  return isVersion && above !== undefined && live.id.startsWith(`${idOf(world, above, all)}/`);
}

/** It refers to what is observed and live under another name than the declared one: the name does not tell its id. */
function refersToUntold(world: World, { spec }: Manifest, all: readonly Manifest[]): boolean {
  const text = JSON.stringify(spec);
  return all.some(
    (one) =>
      text.includes(`"ref":"${addressOf(one)}"`) &&
      isObserved(one, all) &&
      standing(world, one, all).length === 0,
  );
}

/** Its manifest says so, or that of the assistant whose part it is. */
export function isObserved({ kind, lifecycle, spec }: Manifest, all: readonly Manifest[]): boolean {
  if (lifecycle?.["observe"] === true) return true;
  if (kind !== "AssistantVersion" && kind !== "CanaryDeploy") return false;
  const above = (spec["assistant"] as { readonly ref?: string } | undefined)?.ref;
  return all.some((one) => addressOf(one) === above && one.lifecycle?.["observe"] === true);
}

/** What stands live for a manifest, this project's own first. */
export function standing(world: World, manifest: Manifest, all: readonly Manifest[]): readonly Live[] {
  const { kind, spec } = manifest;
  const live = world.books.live().filter((one) => one.kind === kind && one.isMain !== true);
  const above = (spec["assistant"] as { readonly ref?: string } | undefined)?.ref;
  const parent = above === undefined ? undefined : idOf(world, above, all);
  if (kind === "CanaryDeploy") return live.filter(({ id }) => id === parent);
  const name = spec["name"] ?? spec["display_name"] ?? spec["version_name"];
  const found = live.filter(
    (one) => one.name === name && (kind !== "AssistantVersion" || one.id.startsWith(`${parent}/`)),
  );
  const rank = (one: { readonly kind: string; readonly id: string }) => {
    const known = world.books.objects.get(keyOf(one));
    if (known?.isLeftOver === true) return 2;
    return known?.maker === "us" || known?.isAdopted === true ? 0 : 1;
  };
  // What is observed is not renamed, and what is left over under its name is another object.
  const own = isObserved(manifest, all) ? found.filter((one) => rank(one) < 2) : found;
  return own.toSorted((a, b) => rank(a) - rank(b));
}

function idOf(world: World, address: string, all: readonly Manifest[]): string {
  const manifest = all.find((one) => addressOf(one) === address);
  const [live] = manifest === undefined ? [] : standing(world, manifest, all);
  return live?.id.split("/").at(-1) ?? `nothing for ${address}`;
}
