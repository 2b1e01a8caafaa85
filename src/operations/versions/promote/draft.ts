import type { Address } from "../../../model/address.ts";
import { isObject, property, type Json, type JsonObject } from "../../../model/json.ts";
import type { Kind } from "../../../model/kind.ts";
import { isReference, type Resource } from "../../../model/resource.ts";
import { hintsOf } from "../../../reconcile/compare/hints.ts";
import type { LoadedProject } from "../../../schema/load.ts";
import { PROJECT_FILE } from "../../../schema/read/discover.ts";
import { documentOf, editedFile, type FileEdits, type FoundDocument } from "../../../schema/write/documents.ts";
import { editOrder, type Edit } from "../../../schema/write/edits.ts";
import { filesOf, type Files } from "../../../schema/write/files.ts";
import { emptiedEntries } from "../../../schema/write/manifest-entries.ts";
import { specEdits } from "../../../schema/write/structure.ts";
import { checkOutcome, checkPair, promoted, refusal, serversOf, type Pair } from "./check.ts";
import { movedPatches } from "./patches.ts";
import { foldedSpec } from "./texts.ts";

/** A project whose files are to be changed, in all its environments. */
export interface PromotionProject {
  readonly environments: readonly [LoadedProject, ...LoadedProject[]];
  readonly kinds: ReadonlyMap<string, Kind>;
  /** The project as it would be with these texts in its files, and without these files. */
  readonly reload: (
    texts: ReadonlyMap<string, string>,
    gone: ReadonlySet<string>,
  ) => Promise<readonly LoadedProject[]>;
}

/** What a promotion makes of the files. Nothing is written yet. */
export interface PromotionDraft {
  /** New texts of files, by their path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly gone: ReadonlySet<string>;
  /** What served the version: it is removed, or keeps the rules for other versions. */
  readonly servers: readonly { readonly address: Address; readonly what: "removed" | "reduced" }[];
  /** The environments whose patches go along. */
  readonly patchedIn: readonly string[];
  /** Other versions of the object, which inherit from it. */
  readonly followers: readonly Address[];
}

/**
 * The files with a version folded into the manifest of its object, and without the version. Throws `SelectionError` where
 * that is not possible.
 */
export async function draftPromotion(project: PromotionProject, pair: Pair): Promise<PromotionDraft> {
  const { environments, kinds } = project;
  const [first] = environments;
  for (const one of environments) checkPair(one, pair);
  const servers = distinct(environments.flatMap((one) => serversOf(one, pair, kinds)));
  const files = filesOf(first);
  const changes = manifestChanges({ files, project: first, pair, kinds }, servers);
  const { texts, gone } = await written({ files, project: first, pair }, changes);
  const now = await project.reload(texts, gone);
  for (const [index, one] of environments.entries()) {
    const after = now[index];
    if (after !== undefined) checkOutcome(after, promoted(one, pair, kinds), pair);
  }
  const followers = environments.flatMap((one) => followersIn(one, pair)).map(({ address }) => address);
  return {
    texts,
    gone,
    servers: changes.servers,
    patchedIn: changes.patchedIn,
    followers: [...new Set(followers)],
  };
}

function distinct(resources: readonly Resource[]): readonly Resource[] {
  return [...new Map(resources.map((one) => [one.address, one])).values()];
}

function followersIn({ resources }: LoadedProject, { object, version }: Pair): readonly Resource[] {
  return resources.filter((one) => {
    if (one.kind !== version.kind || one.address === version.address) return false;
    return Object.values(one.spec).some((value) => isReference(value) && value.ref === object.address);
  });
}

interface Changes extends Pick<PromotionDraft, "texts" | "gone" | "servers" | "patchedIn"> {
  /** By file. */
  readonly edits: ReadonlyMap<string, FileEdits>;
}

interface Subject {
  readonly files: Files;
  readonly project: LoadedProject;
  readonly pair: Pair;
}

function manifestChanges(
  { files, project, pair, kinds }: Subject & { readonly kinds: ReadonlyMap<string, Kind> },
  servers: readonly Resource[],
): Changes {
  const found = (one: Resource) => documentIn(files, pair, one);
  const [own, version] = [found(pair.object), found(pair.version)];
  const to = { file: own.file, spec: property(own.value, "spec") ?? {} };
  const declared = property(property(version.value, "spec"), pair.into) ?? {};
  const hints = hintsOf(pair.objectKind);
  const folded = foldedSpec({ project, files, hints }, to, { file: version.file, spec: declared });
  const all = new Map<string, { edits: Edit[]; removed: Set<number> }>();
  const inFile = (file: string) => {
    const one = all.get(file) ?? { edits: [], removed: new Set<number>() };
    all.set(file, one);
    return one;
  };
  inFile(own.file).edits.push(...editsOf(own, folded.spec, pair.objectKind));
  inFile(version.file).removed.add(version.document);
  const served = servers.map((one) => {
    const document = found(one);
    const left = leftOf(document, kinds.get(one.kind), pair.version.address);
    if (left === undefined) inFile(document.file).removed.add(document.document);
    else inFile(document.file).edits.push(...left);
    return { address: one.address, what: left === undefined ? ("removed" as const) : ("reduced" as const) };
  });
  const removed = served.filter(({ what }) => what === "removed").map(({ address }) => address);
  const move = { from: pair.version.address, to: pair.object.address, into: pair.into, removed };
  const patches = movedPatches(files, move);
  if (patches.edits.length > 0) inFile(PROJECT_FILE).edits.push(...patches.edits);
  return {
    texts: folded.texts,
    gone: folded.gone,
    servers: served,
    patchedIn: patches.environments,
    edits: all,
  };
}

function documentIn(files: Files, pair: Pair, resource: Resource): FoundDocument {
  const found = documentOf(files, resource);
  if (found !== undefined) return found;
  throw refusal(pair, `${resource.file} was changed in the meantime`, "run the command again");
}

/** The changes that leave out the version; `undefined` where nothing is left. */
function leftOf(
  document: FoundDocument,
  kind: Kind | undefined,
  version: Address,
): readonly Edit[] | undefined {
  const spec = property(document.value, "spec");
  if (kind?.withoutVersion === undefined || !isObject(spec)) return [];
  const left = kind.withoutVersion(spec, (value: Json) => property(value, "ref") === version);
  return left === undefined ? undefined : editsOf(document, left, kind);
}

function editsOf({ document, value }: FoundDocument, after: JsonObject, kind: Kind): readonly Edit[] {
  const changes = specEdits(property(value, "spec") ?? {}, after, kind.fields);
  return changes.map((change): Edit => Object.assign({}, change, { document, way: ["spec", ...change.path] }));
}

/** The texts of all files that change, and the files that are to be deleted. */
async function written(
  { files, project, pair }: Subject,
  { texts: included, gone: unused, edits }: Changes,
): Promise<Pick<PromotionDraft, "texts" | "gone">> {
  const texts = new Map(included);
  const gone = new Set(unused);
  const write = (file: string, one: FileEdits) => {
    const sorted = one.edits.toSorted((a, b) => editOrder(a) - editOrder(b));
    const result = editedFile(files, file, { ...one, edits: sorted });
    if (result === undefined)
      throw refusal(pair, `${file} cannot be edited without changing something else`, "promote by hand");
    if (result === "gone") gone.add(file);
    else texts.set(file, result.text);
  };
  for (const [file, one] of edits) if (file !== PROJECT_FILE) write(file, one);
  const emptied = await emptiedEntries(project.root, project.settings.manifests, gone);
  const inProject = [...(edits.get(PROJECT_FILE)?.edits ?? []), ...withoutEntries(project, emptied)];
  if (inProject.length > 0) write(PROJECT_FILE, { edits: inProject, removed: new Set() });
  return { texts, gone };
}

/** `spec.manifests` without the entries of which nothing is left. */
function withoutEntries({ settings }: LoadedProject, emptied: readonly number[]): readonly Edit[] {
  if (emptied.length === 0) return [];
  const items = settings.manifests.flatMap((_, from) => (emptied.includes(from) ? [] : [{ from }]));
  return [{ document: 0, way: ["spec", "manifests"], do: "arrange", items }];
}
