import type { Address } from "../../../model/address.ts";
import { equal, isList, type Json, type JsonObject, omit, property } from "../../../model/json.ts";
import { grouped } from "../../../model/grouped.ts";
import type { LimitedManifest } from "../../../model/pull-result.ts";
import { isReference, type Resource } from "../../../model/resource.ts";
import { hintsOf } from "../../../reconcile/compare/hints.ts";
import { linksOf } from "../../../reconcile/compare/references.ts";
import type { Kind } from "../../../model/kind.ts";
import type { ManifestDraft } from "../../../schema/author/draft.ts";
import type { LoadedProject } from "../../../schema/load.ts";
import { rewrite } from "../../../schema/write/propose.ts";
import type { Rewrite } from "../../../schema/write/structure.ts";
import { ownEnvironment } from "../../own-environment.ts";
import { obstacle } from "../check.ts";
import type { NewTexts } from "./observed-texts.ts";
import { stillIgnored, takenOver } from "./taken-over.ts";
import type { Tied } from "./ties.ts";

export interface SharedInput {
  readonly loaded: LoadedProject;
  /** The texts that stood in for files when it was loaded. */
  readonly loadedAs: ReadonlyMap<string, string>;
  readonly taken: ReadonlySet<string>;
  readonly tied: readonly Tied[];
  /** What new manifests of all objects would say. */
  readonly drafts: readonly ManifestDraft[];
  /** Resources that are to exist in their other environments only. */
  readonly limited: readonly Resource[];
}

/** The files with what is different in this environment, and the manifests that it does not have any more. */
export interface SharedTexts extends NewTexts {
  readonly limited: readonly LimitedManifest[];
}

/**
 * Changes manifests that other environments use, for this one alone: by its patches, and by the environments in which they
 * exist.
 */
export function sharedTexts(input: SharedInput): SharedTexts {
  const { loaded, loadedAs, taken, tied, drafts, limited } = input;
  const byAddress = new Map(drafts.map((draft) => [draft.address, draft]));
  const existing = existingIn(input);
  const lifecycles = tied.flatMap((one) => {
    const lifecycle = lifecycleOf(one, byAddress.get(one.address));
    return lifecycle === undefined ? [] : [[one.address, lifecycle] as const];
  });
  const environments = environmentsIn(input);
  const { texts, failures, touched } = rewrite(
    loaded,
    tied.map((one) => rewriteOf(one, byAddress.get(one.address), existing)),
    {
      patching: {
        ...ownEnvironment({ loaded, taken: () => taken }),
        lifecycles: new Map(lifecycles),
      },
      environments: new Map(environments.map((one) => [one.address, one.environments])),
      loadedAs,
    },
  );
  const places = environments.map(({ address }) => ({ file: loaded.locate(address, "")?.file ?? "", address }));
  const files = grouped([...touched, ...places], ({ file }) => file);
  const gone = new Set(limited.map(({ address }) => address));
  return {
    texts,
    addresses: new Map(
      [...files].map(([file, all]) => [file, [...new Set(all.map(({ address }) => address))]]),
    ),
    limited: environments.filter(({ address }) => gone.has(address)),
    obstacles: failures.map(({ address, path, reason, hint }) =>
      obstacle(reason, { address, where: path.length === 0 ? undefined : `spec.${path.join(".")}`, hint }),
    ),
  };
}

/** What exists in this environment afterwards. */
function existingIn({ loaded, drafts, limited }: SharedInput): ReadonlySet<Address> {
  const existing = new Set([...loaded.resources, ...drafts].map(({ address }) => address));
  for (const { address } of limited) existing.delete(address);
  return existing;
}

/** The resources that come to this environment, and those that leave it. */
function environmentsIn({ loaded, tied, limited }: SharedInput): readonly LimitedManifest[] {
  const { environment, environments, environmentsOf, resources } = loaded;
  const here = new Set(resources.map(({ address }) => address));
  const gone = new Set(limited.map(({ address }) => address));
  const changed = [...limited, ...tied.filter(({ address }) => !here.has(address))];
  return changed.map(({ address }) => {
    const others = (environmentsOf.get(address) ?? []).filter((name) => name !== environment.name);
    const names = new Set(gone.has(address) ? others : [...others, environment.name]);
    return { address, environments: environments.filter((name) => names.has(name)) };
  });
}

function rewriteOf(tied: Tied, draft: ManifestDraft | undefined, existing: ReadonlySet<Address>): Rewrite {
  const { address, kind, resource } = tied;
  const before = resource.spec;
  const after = draft === undefined ? before : takenOver(resource, draft.spec, tied);
  return { address, kind, before, after: withoutLost(after, kind, existing) };
}

/** Without references that are never sent, to resources that do not exist in this environment. */
function withoutLost(spec: JsonObject, kind: Kind, existing: ReadonlySet<Address>): JsonObject {
  return linksOf(kind, spec).reduce<JsonObject>((rest, { path, value }) => {
    const [key] = path;
    if (key === undefined || !isReference(value) || existing.has(value.ref)) return rest;
    const isLocal = hintsOf(kind).child(key).hint.local === true;
    return isLocal ? omit(rest, [key]) : rest;
  }, spec);
}

/** What the block `lifecycle` must say here: what is ignored, and the id of the object. */
function lifecycleOf({ live, kind, resource }: Tied, draft: ManifestDraft | undefined): JsonObject | undefined {
  const { ignore, import: named, observe } = resource.lifecycle;
  const wanted = draft?.lifecycle;
  const kept = stillIgnored(resource, live.spec, kind);
  const paths = property(wanted, "ignore");
  const all = [...new Set<Json>([...kept, ...(isList(paths) ? paths : [])])];
  const lifecycle = {
    ...(named !== undefined && named.id !== live.id && { import: live.id }),
    ...(!equal(all, ignore) && { ignore: all }),
    ...(property(wanted, "observe") === true && observe !== true && { observe: true }),
  };
  return Object.keys(lifecycle).length > 0 ? lifecycle : undefined;
}
