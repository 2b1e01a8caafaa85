import type { Address } from "../../model/address.ts";
import { type Diagnostic, errorsIn, type SourceRange } from "../../model/diagnostic.ts";
import type { Kind } from "../../model/kind.ts";
import type { PathChange, Plan } from "../../model/plan.ts";
import { pointer, segments } from "../../model/pointer.ts";
import type { LeftOut } from "../../model/proposal.ts";
import type { Resource } from "../../model/resource.ts";
import { desiredResources } from "../../reconcile/observe/desired.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import type { LoadedProject } from "../../schema/load.ts";
import { leftPath, type Reason, type Sorted } from "./leftovers.ts";
import { canonicalPath, firstDifference, overlap, positions } from "./paths.ts";
import { resolved, type Wanted } from "./rewrites.ts";

/** What is not to be adopted: a canonical path, everything at an address, or everything at all. */
export interface Refused {
  readonly address?: Address;
  readonly path?: readonly string[];
  readonly reason: Reason;
}

/** Translates between canonical paths and the positions in the manifests. */
export interface PathTranslator {
  toCanonical(address: Address, path: readonly string[]): readonly string[];
  toPositions(address: Address, path: readonly string[]): readonly string[];
}

export function pathTranslator(
  resources: readonly Resource[],
  kinds: ReadonlyMap<string, Kind>,
  plan: Plan,
): PathTranslator {
  const desired = desiredResources(resources, kinds);
  const translate = (translation: typeof positions) => (address: Address, path: readonly string[]) => {
    const one = desired.get(address);
    const kind = one === undefined ? undefined : kinds.get(one.resource.kind);
    if (one === undefined || kind === undefined) return path;
    return translation(resolved(kind, one.spec, plan), path, hintsOf(kind));
  };
  return { toCanonical: translate(canonicalPath), toPositions: translate(positions) };
}

export const ELSEWHERE: Reason = {
  reason: "writing it would change something else",
  hint: "edit the manifest",
};

/** What the project is to become. */
interface Meant {
  readonly resources: readonly Resource[];
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly wanted: Wanted;
}

/** What the new texts break, and where the project with them differs from what was intended. */
export function objections(
  project: LoadedProject,
  { resources, kinds, wanted }: Meant,
  paths: PathTranslator,
): readonly Refused[] {
  const errors = errorsIn(project.diagnostics);
  if (errors.length > 0) return errors.map((error) => objection(error, project, wanted, paths));
  const specs = new Map(project.resources.map(({ address, spec }) => [address, spec]));
  return resources.flatMap(({ address, kind: name, spec }): readonly Refused[] => {
    const kind = kinds.get(name);
    const path = firstDifference(spec, specs.get(address), kind && hintsOf(kind));
    if (path === undefined) return [];
    return wanted.has(address)
      ? [{ address, path: paths.toCanonical(address, path), reason: ELSEWHERE }]
      : [{ reason: ELSEWHERE }];
  });
}

/** A problem is about the adopted value in which it stands, or about all of the resource. In a patch it has no address. */
function objection(
  { address, message, hint, range }: Diagnostic,
  project: LoadedProject,
  wanted: Wanted,
  paths: PathTranslator,
): Refused {
  const reason = { reason: message, ...(hint === undefined ? {} : { hint }) };
  const candidates = [...wanted].filter(([other]) => address === undefined || other === address);
  const places = candidates.flatMap(([other, changes]) =>
    changes.map((change) => ({ address: other, path: segments(change.path) })),
  );
  const found = places.find((one) => {
    const at = paths.toPositions(one.address, one.path);
    return isInside(range, project.locate(one.address, pointer(at)));
  });
  if (found !== undefined) return { ...found, reason };
  return address === undefined || !wanted.has(address) ? { reason } : { address, reason };
}

function isInside(inner: SourceRange | undefined, outer: SourceRange | undefined): boolean {
  if (inner === undefined || outer === undefined || inner.file !== outer.file) return false;
  return inner.start.offset >= outer.start.offset && inner.end.offset <= outer.end.offset;
}

/** What is left of the wanted paths; at least one is left out. */
export function without(wanted: Wanted, refused: readonly Refused[]): Sorted {
  const left: LeftOut[] = [];
  const rest = new Map<Address, readonly PathChange[]>();
  for (const [address, changes] of wanted) {
    const kept = changes.filter((change) => {
      const found = refused.find((one) => concerns(one, address, change, changes));
      if (found !== undefined) left.push(leftPath(address, change, found.reason));
      return found === undefined;
    });
    if (kept.length > 0) rest.set(address, kept);
  }
  if (left.length > 0) return { wanted: rest, left };
  return without(wanted, [{ reason: refused[0]?.reason ?? ELSEWHERE }]);
}

/** A path that no change is about concerns all of them. */
function concerns(
  { address, path }: Refused,
  at: Address,
  change: PathChange,
  all: readonly PathChange[],
): boolean {
  if (address === undefined || (address === at && path === undefined)) return true;
  if (address !== at || path === undefined) return false;
  const isAbout = (other: PathChange) => overlap(segments(other.path), path);
  return (
    isAbout(change) || !all.some(isAbout) || all.some((other) => isAbout(other) && isPair(other, change, path))
  );
}

/** One element was removed and another added: a problem inside the old one also concerns the new one. */
function isPair(gone: PathChange, came: PathChange, path: readonly string[]): boolean {
  const [from, to] = [segments(gone.path), segments(came.path)];
  const areSiblings = from.length === to.length && overlap(from.slice(0, -1), to.slice(0, -1));
  return areSiblings && from.length < path.length && gone.before === undefined && came.after === undefined;
}
