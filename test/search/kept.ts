import { expect } from "vitest";
import type { RequestLogEntry } from "../../src/providers/telnyx/emulator/request-log.ts";
import { isObserved, standing } from "./live-state.ts";
import { type Change, type Known, keyOf } from "./oracle.ts";
import { effective } from "./report.ts";
import { manifestsOf, type World } from "./story-state.ts";

/** Keys of the objects that a manifest protects, or that an apply has protected. */
export function protectedIn(world: World): ReadonlySet<string> {
  const manifests = manifestsOf(world.project);
  const held = manifests.filter(({ lifecycle }) => lifecycle?.["protect"] === true);
  return new Set(held.flatMap((manifest) => standing(world, manifest, manifests).slice(0, 1).map(keyOf)));
}

/** How a run ended that was judged, and what it sent. */
interface Sent {
  /** Absent if it was killed. */
  readonly code: number | undefined;
  readonly requests: readonly RequestLogEntry[];
}

/** Nothing that is protected was deleted by this project. */
export function keepsProtected(
  world: World,
  held: ReadonlySet<string>,
  changes: readonly Change[],
  sent: Sent,
): void {
  // Of two of one name, that which is left over is not the one that the manifest protects.
  const ended = changes.filter(
    ({ what, object }) => what === "ended" && held.has(keyOf(object)) && !object.isLeftOver,
  );
  expect(
    ended.filter(({ object }) => !isEndedByApi(world, object, sent)).map(({ object }) => keyOf(object)),
    "protected but deleted",
  ).toEqual([]);
}

/**
 * The API ends a canary with each write to its assistant; the run that wrote begins it again before it ends with success.
 * One that was killed or failed between the two has deleted nothing: the next apply begins it again.
 */
function isEndedByApi(world: World, { kind, id }: Known, { code, requests }: Sent): boolean {
  const assistant = world.books.objects.get(keyOf({ kind: "Assistant", id }));
  if (kind !== "CanaryDeploy" || code === 0 || assistant?.isAlive !== true) return false;
  const own = effective(requests).filter(({ path }) => path.startsWith(`/ai/assistants/${id}`));
  return (
    !own.some(({ method, path }) => method === "DELETE" && path.endsWith("/canary-deploys")) && own.length > 0
  );
}

/** Keys of the objects that are only looked at, and of what lives under them. */
export function observedNow(world: World): ReadonlySet<string> {
  const manifests = manifestsOf(world.project);
  const observed = manifests.filter((one) => isObserved(one, manifests));
  const own = observed.flatMap((one) => standing(world, one, manifests).slice(0, 1));
  const parents = new Set(own.flatMap(({ kind, id }) => (kind === "Assistant" ? [id] : [])));
  const under = world.books.live().filter(({ kind, id }) => {
    return (kind === "AssistantVersion" || kind === "CanaryDeploy") && parents.has(id.split("/")[0] ?? "");
  });
  return new Set([...own, ...under].map(keyOf));
}

/** What is observed was neither written nor deleted by this project. */
export function keepsObserved(
  { books }: World,
  observed: ReadonlySet<string>,
  changes: readonly Change[],
): void {
  // Of two of one name, that which is left over is not the one that the manifest observes; its versions are neither.
  const isLeftOver = ({ id, isLeftOver: own }: Known) =>
    own || books.objects.get(keyOf({ kind: "Assistant", id: id.split("/")[0] ?? "" }))?.isLeftOver === true;
  const written = changes.filter(({ object }) => observed.has(keyOf(object)) && !isLeftOver(object));
  expect(
    written.map((change) => `${keyOf(change.object)} ${change.what}`),
    "observed, and written",
  ).toEqual([]);
}
