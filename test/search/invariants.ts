import { expect } from "vitest";
import type { Address } from "../../src/model/address.ts";
import { grouped } from "../../src/model/grouped.ts";
import type { Json } from "../../src/model/json.ts";
import type { RequestLogEntry } from "../../src/providers/telnyx/emulator/request-log.ts";
import type { Ran } from "../e2e/cli.ts";
import type { Live } from "../stories/live.ts";
import { addressOf } from "../stories/manifests.ts";
import type { PlanShown } from "../stories/order.ts";
import type { Troubles } from "./actions.ts";
import { type Change, isNothing, type Known, keyOf, overlaps, rawPath } from "./oracle.ts";
import { effective } from "./report.ts";
import { isObserved, lacksOf, standing } from "./live-state.ts";
import { manifestsOf, type World } from "./story-state.ts";

/** Where it says drift or conflict, somebody else has written; what it calls deleted or new, somebody else has made so. */
export function nothingOwnIsForeign(world: World, { changes, drift }: PlanShown): void {
  if (world.isLedgerOff) return;
  const claimed = [...changes, ...drift].flatMap(({ address, id, changes: paths }) =>
    paths
      .filter((change) => change.class === "drift" || change.class === "conflict")
      .map((change) => ({ address, id, change })),
  );
  for (const { address, id, change } of claimed) {
    const kind = address.split("/")[0] ?? "";
    const object = world.books.objects.get(keyOf({ kind, id: id ?? "" }));
    if (object === undefined) continue;
    const path = rawPath(kind, change.path);
    const isTheirs = [...object.paths].some(([own, mark]) => overlaps(own, path) && mark.who === "them");
    const isGone = referredTo(world, kind, path) || isUntold(object, path);
    // Where an update changes main in place, it has changed the version that somebody has promoted.
    const isPromoted = kind === "AssistantVersion" && object.wasMain;
    expect(
      isTheirs || isGone || isPromoted,
      `${address} ${change.path} is called ${change.class}, and nobody else wrote it`,
    ).toBe(true);
  }
  for (const one of drift) {
    const object = world.books.objects.get(keyOf({ kind: one.address.split("/")[0] ?? "", id: one.id }));
    if (one.what === "deleted")
      expect(
        object?.endedBy !== "us" || wentWithParent(world, one.id),
        `${one.address} is called deleted outside Git, and was deleted by this project`,
      ).toBe(true);
  }
}

const isUntold = ({ untold }: Known, path: string) => path.split("/").some((key) => untold.has(key));

/** With an assistant that somebody deletes, all below it is gone, whatever was gone before. */
function wentWithParent({ books }: World, id: string): boolean {
  const parent = books.objects.get(keyOf({ kind: "Assistant", id: id.split("/")[0] ?? "" }));
  return parent?.endedBy === "them";
}

/** An id of something that somebody deleted is replaced by that of its successor. */
function referredTo(world: World, kind: string, path: string): boolean {
  if ((kind !== "Assistant" && kind !== "AssistantVersion") || !/^\/(?:tool_ids|tools|mcp_servers)/.test(path))
    return false;
  return [...world.books.objects.values()].some(({ endedBy }) => endedBy === "them");
}

/** What may be refused although nobody else was at work: what is protected, still in use, or moved without a word. */
const OWN_REASONS = new Set(["protected", "referenced", "undeclared-child", "empty", "foreign"]);

export function refusesWithReason(world: World, { refusals }: PlanShown): void {
  if (world.isDisturbed) return;
  const others = refusals.filter(
    ({ rule, message, address = "" }) =>
      !OWN_REASONS.has(rule) &&
      !(rule === "ambiguous" && isRival(message)) &&
      !(rule === "conflict" && (hasUntold(world, [address]) || message.includes(" matches nothing: "))) &&
      !(rule === "adoption" && hasUntold(world, message.match(/[\w-]+/g) ?? [])),
  );
  const said = others.map(({ rule, message }) => `${rule}: ${message}`);
  expect(others, `refused where nobody else was at work: ${said.join()}`).toEqual([]);
}

/** The object at an address, or of an id in a message, has values of which nobody knows who wrote them. */
function hasUntold({ books, project }: World, words: readonly string[]): boolean {
  const names = new Set(words.map((word) => project.get(word as Address)?.remote ?? word));
  return books
    .live()
    .filter((one) => names.has(one.id) || names.has(one.name))
    .some((one) => (books.objects.get(keyOf(one))?.untold.size ?? 0) > 0);
}

/**
 * What has the name is known under an address that has left the manifests, or under one that gives the name up and is not
 * selected by --target.
 */
function isRival(message: string): boolean {
  return /which is no longer in the manifests and still live|still has: two objects would have the same name/.test(
    message,
  );
}

interface Order {
  readonly args: readonly string[];
  /** Where a saved plan has chosen that, and not the arguments. */
  readonly isOverwriting?: boolean | undefined;
  /** Reads were answered as they were before. */
  readonly isStale?: boolean;
}

/** What of somebody else's is written over or removed was shown in the plan, and what they made stays. */
export function announced(
  world: World,
  plan: PlanShown,
  changes: readonly Change[],
  { args, isOverwriting = args.some(overwritesAll), isStale = false }: Order,
): void {
  const adopted = new Set(plan.changes.filter(({ action }) => action === "adopt").map(({ id }) => id));
  for (const change of changes) {
    const { object } = change;
    const name = `${object.kind} ${object.id}`;
    if (change.what === "ended") {
      const isOurs = isKnownAsOurs(object);
      const isBelow = isBelowWhatWentWith(world, object) || (object.kind === "CanaryDeploy" && isOverwriting);
      expect(isOurs || isBelow, `${name}, which somebody else made, was deleted`).toBe(true);
    }
    if (change.what !== "changed" || change.before?.who !== "them" || isNothing(change.before.value)) continue;
    const { path } = change;
    const isOurs = isKnownAsOurs(ownerOf(world, object)) || args.includes("--adopt");
    expect(isOurs || !args.includes("--yes"), `${name} ${path}, of somebody else, was changed unasked`).toBe(
      true,
    );
    const about = plan.changes.filter(({ id }) => id === object.id || object.id.startsWith(`${id}/`));
    const isShown = about.some((one) =>
      one.changes.some((shown) => overlaps(rawPath(object.kind, shown.path), path)),
    );
    const isDeleted = about.some(isDeletion);
    // What a killed run has made, and reads do not show at all, is written once more.
    if (isStale && about.length === 0 && object.maker === "us") continue;
    expect(isShown || isDeleted, `${name} ${path}, which somebody else wrote, was changed unannounced`).toBe(
      true,
    );
  }
  const declared = new Set(manifestsOf(world.project).map(addressOf));
  const told = new Map(
    plan.changes.map((one) => {
      const key = keyOf({ kind: one.address.split("/")[0] ?? "", id: one.id ?? "" });
      return [key, !declared.has(one.address) || one.action === "replace"] as const;
    }),
  );
  for (const { address, id, action, reason } of plan.changes)
    if (id !== undefined && (action === "observe" || (action === "forget" && isTold(reason))))
      world.wereObserved.add(keyOf({ kind: address.split("/")[0] ?? "", id }));
  for (const object of world.books.objects.values()) {
    if (adopted.has(object.id)) object.isAdopted = true;
    object.isLeftOver = told.get(keyOf(object)) ?? object.isLeftOver;
  }
}

/** What is observed is not deleted; where it is forgotten, the plan says that it stays. */
function isTold(reason: string | undefined): boolean {
  return reason !== undefined && /observed.*the live object is kept/.test(reason);
}

/** Of everything, or of an assistant with its canary. */
const overwritesAll = (arg: string) => /^--on-conflict=overwrite(?:=[^:]+)?$/.test(arg);

/** A version that somebody has promoted is its assistant: an update may change main in place. */
function ownerOf({ books }: World, object: Known): Known {
  const parent = books.objects.get(keyOf({ kind: "Assistant", id: object.id.split("/")[0] ?? "" }));
  return object.wasMain && parent !== undefined ? parent : object;
}

/** A canary that somebody ends and begins again is, for the API as well, the one of its assistant: it was edited. */
function isKnownAsOurs({ maker, isAdopted, isSuccessor }: Known): boolean {
  return maker === "us" || isAdopted || isSuccessor;
}

function isDeletion({ action }: PlanShown["changes"][number]): boolean {
  return action === "delete" || action === "replace";
}

function isBelowWhatWentWith(world: World, { id, kind }: Known): boolean {
  const parent = id.split("/")[0] ?? "";
  if (kind !== "AssistantVersion" && kind !== "CanaryDeploy") return false;
  return world.books.objects.get(keyOf({ kind: "Assistant", id: parent }))?.isAlive === false;
}

/**
 * Of what this project made, no two have always had the same name. A rename is asked for. An object that is no longer
 * declared may be deleted, or get another name, in the run that makes its successor, and after it: where the run is killed
 * between the two, both are live, and each plan shows the one that is left over. What was made twice because lists were late
 * stays if somebody has written to it meanwhile.
 */
export function noDuplicate(world: World): void {
  if (world.mayBeMadeTwice) return;
  const twice = namesakes(world, ({ isSecond, paths }) => !isSecond || isUntouched(paths));
  const names = twice.map(({ kind, id }) => `${kind} ${id}`);
  expect(names, `made twice: ${names.join()}`).toEqual([]);
}

/** Lists were so late that this run may have made objects twice: from now on, plans show those that are too many. */
export function markSeconds(world: World): void {
  for (const known of namesakes(world, () => true)) known.isSecond = true;
}

/** What this project made and that has the name of another such object, among those that count. */
function namesakes({ books }: World, counts: (known: Known) => boolean): readonly Known[] {
  const named = books.live().flatMap((one) => {
    const known = books.objects.get(keyOf(one));
    if (known?.maker !== "us" || known.wasRenamed || known.wasMain || known.isLeftOver) return [];
    if (!isItem(one) || !counts(known)) return [];
    return [{ known, name: `${one.kind} ${one.id.includes("/") ? one.id.split("/")[0] : ""} ${one.name}` }];
  });
  return [...grouped(named, ({ name }) => name).values()]
    .filter(({ length }) => length > 1)
    .flatMap((all) => all.map(({ known }) => known));
}

function isUntouched(paths: Known["paths"]): boolean {
  return [...paths.values()].every(({ who }) => who === "us");
}

/** A plan of everything names each object that this project made and nobody else has written to. */
export function nothingIsUnknown(world: World, { changes }: PlanShown): void {
  if (world.wasLedgerOff) return;
  const named = new Set(
    changes.map(({ address, id }) => keyOf({ kind: address.split("/")[0] ?? "", id: id ?? "" })),
  );
  const unknown = world.books.live().flatMap((one) => {
    const key = keyOf(one);
    const known = world.books.objects.get(key);
    const isOurs = known?.maker === "us" && isUntouched(known.paths);
    return !isOurs || known.wasMain || !isItem(one) || named.has(key) || world.wereObserved.has(key)
      ? []
      : [`${key} ${one.name}`];
  });
  expect(unknown, "made by this project, live, and in no plan").toEqual([]);
}

/** It has a name that a manifest can have given it: former main versions have others. */
function isItem({ kind, name }: Pick<Live, "kind" | "name">): boolean {
  return kind !== "CanaryDeploy" && /^(?:Assistant|Tool|McpServer)/.test(name);
}

export function tellsTheTruth(
  world: World,
  { code, stderr, stdout }: Ran,
  args: readonly string[],
  trouble: Troubles,
  requests: readonly RequestLogEntry[],
): void {
  const said = `${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`;
  expect([0, 1, 3, 4], said).toContain(code);
  const wrote = effective(requests).map(({ path }) => path);
  if (code === 1 || code === 4) expect(wrote, said).toEqual([]);
  if (trouble.length === 0 && (code === 1 || code === 3))
    expect(world.wasInTrouble || isRefusedByApi({ code, stdout, stderr }), said).toBe(true);
  const isWhole = args[0] === "apply" && args[1] === "--yes" && !args.includes("--target");
  if (code === 0 && isWhole) expect(lacksOf(world), said).toEqual([]);
}

/** Somebody has deleted what an undeclared field refers to, or sends callers to what is to be deleted: it is in the message. */
export function isRefusedByApi({ code, stdout, stderr }: Pick<Ran, "code" | "stdout" | "stderr">): boolean {
  const said = `${stdout}${stderr}`;
  return (code === 1 || code === 3) && /does not exist|is part of a canary deploy/.test(said);
}

/** What the API has an empty value for; other fields are released, which the plan shows. */
const CLEARED: Readonly<Record<string, readonly string[]>> = {
  Assistant: ["greeting", "tags", "dynamic_variables", "tools", "tool_ids", "mcp_servers"],
  McpServer: ["allowed_tools"],
};

/** Fields of live objects that a manifest leaves to others from now on. */
export function leaveToOthers(world: World): void {
  const manifests = manifestsOf(world.project);
  for (const manifest of manifests) {
    const [live] = standing(world, manifest, manifests);
    const ignored = world.project.get(addressOf(manifest) as `${string}/${string}`)?.ignore ?? [];
    if (live !== undefined) for (const field of ignored) world.leftToOthers.add(`${keyOf(live)} ${field}`);
  }
}

/** Elements that people have added, and that this project wrote with the rest of their list. */
function isOfPortal(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every((element) => JSON.stringify(element).includes("portal-"));
}

/** What this project wrote and nobody declares any more is not live; where it was left to others it is theirs. */
export function nothingIsLeftOver(world: World): void {
  if (world.wasLedgerOff) return;
  const manifests = manifestsOf(world.project);
  for (const manifest of manifests) {
    const [live] = standing(world, manifest, manifests);
    const object = live === undefined ? undefined : world.books.objects.get(keyOf(live));
    const item = world.project.get(addressOf(manifest) as `${string}/${string}`);
    if (object === undefined || item === undefined || isObserved(manifest, manifests)) continue;
    // A field that leaves the manifest of an observed object stays, and nobody watches it any more.
    if (world.wereObserved.has(keyOf(object))) continue;
    // What is adopted by its name counts as it was found: nothing undeclared in it is cleared.
    if (object.isAdopted) continue;
    const left = [...object.paths].filter(([path, { who, value }]) => {
      const [, key = "", inner] = path.split("/");
      if (
        who !== "us" ||
        isNothing(value) ||
        isOfPortal(value) ||
        CLEARED[manifest.kind]?.includes(key) !== true
      )
        return false;
      const owners = [item.uid, keyOf(object)];
      if (owners.some((owner) => world.leftToOthers.has(`${owner} ${key}`))) return false;
      const declared = manifest.spec[key];
      if (declared === undefined) return true;
      if (key === "tags") return !(declared as readonly unknown[]).includes(inner);
      return key === "dynamic_variables" && inner !== undefined && !Object.hasOwn(declared as object, inner);
    });
    const said = left.map(([path, { value }]) => `${addressOf(manifest)} ${path} ${JSON.stringify(value)}`);
    expect(said, `left over: ${said.join()}`).toEqual([]);
  }
}
