import type { Address } from "../model/address.ts";
import type { Kind } from "../model/kind.ts";
import type { Plan } from "../model/plan.ts";
import { pointer, segments } from "../model/pointer.ts";
import type { AdoptedPath, LeftOut, Proposal } from "../model/proposal.ts";
import type { LoadedProject } from "../schema/load.ts";
import { filesOf } from "../schema/write/files.ts";
import { patchTargets } from "../schema/write/patch-edits.ts";
import { rewrite, UNWRITTEN } from "../schema/write/propose.ts";
import { PROJECT_FILE } from "../schema/read/discover.ts";
import type { Patching } from "../schema/write/patching.ts";
import type { Touched } from "../schema/write/tasks.ts";
import { ownEnvironment, type ProjectFiles } from "./own-environment.ts";
import {
  ELSEWHERE,
  pathTranslator,
  objections,
  without,
  type PathTranslator,
  type Refused,
} from "./propose/check.ts";
import { withoutCommonTags } from "./propose/common-tags.ts";
import { sorted, type Reason, type Sorted } from "./propose/leftovers.ts";
import { listsOf, withWholeLists } from "./propose/lists.ts";
import { overlap } from "./propose/paths.ts";
import { adopt, type Wanted } from "./propose/rewrites.ts";
import { changedElsewhere } from "./unchanged-elsewhere.ts";

/** New texts for the files of a project, and what they adopt. Nothing is written yet. */
export interface Draft {
  readonly texts: ReadonlyMap<string, string>;
  /** Files that are not there yet. */
  readonly created: readonly string[];
  readonly adopted: readonly AdoptedPath[];
  readonly left: readonly LeftOut[];
}

export interface ProposeInput extends ProjectFiles {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly plan: Plan;
}

const UNSAID: Reason = {
  reason: "a manifest cannot express this",
  hint: "edit the manifest, or apply to restore the last applied value",
};

/**
 * The texts of the manifests with the live values of the paths that drifted. They are loaded in every environment before
 * they are returned: a value that would break something or change anything else is left out.
 */
export function proposeDrift(input: ProposeInput): Promise<Draft> {
  return adoptPaths(input, sorted(input.plan, input.kinds));
}

/** The same for chosen paths of the plan. */
export async function adoptPaths(input: ProposeInput, start: Sorted): Promise<Draft> {
  const { kinds, plan, loaded, reload } = input;
  const { patching, tryByPatch } = patchingOf(input);
  const changesElsewhere = elsewhereOf(input);
  const listOf = listsOf(plan, kinds);
  const possible = withoutCommonTags(start, { plan, kinds, common: loaded.settings.tags.common });
  let { wanted, left } = withWholeLists(possible.wanted, possible.left, listOf);
  const before = pathTranslator(loaded.resources, kinds, plan);
  for (;;) {
    // A project with errors stays one without changes, too.
    if (wanted.size === 0) return { texts: new Map(), created: [], adopted: [], left };
    const { rewrites, resources, remaining } = adopt(loaded.resources, { kinds, plan, wanted });
    const { texts, failures, touched } = rewrite(loaded, rewrites, { patching });
    const refused: Refused[] = remaining.map(({ address, change }) => ({
      address,
      path: segments(change.path),
      reason: UNSAID,
    }));
    for (const failure of failures) {
      const path = before.toCanonical(failure.address, failure.path);
      refused.push({ address: failure.address, path, reason: failure });
    }
    const project = texts.size === 0 || refused.length > 0 ? loaded : await reload(texts);
    const after = pathTranslator(resources, kinds, plan);
    if (refused.length === 0) refused.push(...objections(project, { resources, kinds, wanted }, after));
    if (project !== loaded && refused.length === 0) refused.push(...(await changesElsewhere(texts, wanted)));
    if (refused.length === 0) {
      const written = pathTranslator(project.resources, kinds, plan);
      const adopted = described(project, wanted, touched, { before, after: written, patching });
      const created = [...texts.keys()].filter((file) => loaded.digests[file] === undefined).sort();
      return { texts, created, adopted, left };
    }
    if (tryByPatch(refused)) continue;
    const rest = without(wanted, refused);
    ({ wanted, left } = withWholeLists(rest.wanted, [...left, ...rest.left], listOf));
  }
}

/**
 * A manifest that no other environment uses is changed itself. If a patch of it sets the value, the patch is changed.
 */
function patchingOf(input: ProposeInput) {
  const own = ownEnvironment(input);
  const { loaded } = input;
  const byPatch = new Set<Address>();
  const isPatched = (address: Address) => byPatch.has(address) || own.isPatched(address);
  const tryByPatch = (refused: readonly Refused[]): boolean => {
    const places = refused.flatMap(({ address, reason }) =>
      address !== undefined && IN_THE_WAY.has(reason.reason) && !isPatched(address) ? [address] : [],
    );
    if (places.length === 0) return false;
    const targets = patchTargets(filesOf(loaded).yaml(PROJECT_FILE), loaded.environment.name);
    const found = places.filter((address) => targets.has(address));
    for (const address of found) byPatch.add(address);
    return found.length > 0;
  };
  return { patching: { ...own, isPatched }, tryByPatch };
}

const IN_THE_WAY: ReadonlySet<string> = new Set([ELSEWHERE.reason, UNWRITTEN.reason]);

/** What new texts would change in other environments, as reasons to leave out what is wanted. */
function elsewhereOf({ loaded: { environments }, otherEnvironments }: ProposeInput) {
  let before: ReturnType<typeof otherEnvironments> | undefined;
  return async (texts: ReadonlyMap<string, string>, wanted: Wanted): Promise<readonly Refused[]> => {
    if (environments.length < 2) return [];
    before ??= otherEnvironments(new Map());
    const changed = changedElsewhere(await before, await otherEnvironments(texts));
    return changed.map(({ address, message, hint }): Refused => {
      const reason = { reason: message, ...(hint !== undefined && { hint }) };
      return address !== undefined && wanted.has(address) ? { address, reason } : { reason };
    });
  };
}

interface Describing {
  readonly before: PathTranslator;
  readonly after: PathTranslator;
  readonly patching: Patching;
}

function described(
  project: LoadedProject,
  wanted: Wanted,
  touched: readonly Touched[],
  { before, after, patching }: Describing,
): readonly AdoptedPath[] {
  const { environment } = project;
  return [...wanted].flatMap(([address, changes]) =>
    changes.map(({ path, label }): AdoptedPath => {
      const own = touched.filter(
        (one) => one.address === address && overlap(before.toCanonical(address, one.path), segments(path)),
      );
      const at = pointer(after.toPositions(address, segments(path)));
      const place = project.locate(address, at);
      const file = own[0]?.file ?? place?.file ?? "";
      const dropped = [...new Set(own.flatMap((edit) => edit.dropped))];
      return {
        address,
        path,
        label,
        file,
        ...(place?.file === file ? { line: place.start.line } : {}),
        ...(dropped.length > 0 ? { dropped } : {}),
        ...(file === PROJECT_FILE || patching.isPatched(address) ? { patchOf: environment.name } : {}),
      };
    }),
  );
}

/** What the plan made afterwards says about what was adopted. */
export function settled(draft: Draft, before: Plan, after: Plan): Proposal {
  const { adopted, left, texts, created } = draft;
  const open = new Map(after.changes.map(({ address, changes }) => [address, changes]));
  const unsettled = adopted.filter(({ address, path }) =>
    open.get(address)?.some((change) => overlap(segments(change.path), segments(path))),
  );
  return {
    adopted,
    left,
    files: [...texts.keys()].sort(),
    created,
    unsettled: unsettled.map(({ address, path, label }) => ({ address, path, label })),
    followers: followersIn(before, after),
  };
}

/** Resources that the later plan changes and the earlier one does not: they inherit what was adopted. */
export function followersIn(before: Plan, after: Plan): readonly Address[] {
  const pending = (plan: Plan) =>
    plan.changes.flatMap(({ address, changes }) =>
      changes.some((change) => change.class === "pending") ? [address] : [],
    );
  const were = new Set(pending(before));
  return pending(after).filter((address) => !were.has(address));
}
