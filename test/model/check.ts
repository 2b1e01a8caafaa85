import { expect } from "vitest";
import type { Address } from "../../src/model/address.ts";
import type { StepResult } from "../../src/model/event.ts";
import { equal, type Json, type JsonObject } from "../../src/model/json.ts";
import type { Intent, LedgerEntry } from "../../src/model/ledger.ts";
import type { PathChange, Plan } from "../../src/model/plan.ts";
import type { RequestLogEntry } from "../../src/providers/telnyx/emulator/request-log.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { resolve } from "../../src/reconcile/compare/references.ts";
import { resourcesOf } from "./items.ts";
import { asShown, firstLack, type Live } from "./live.ts";
import { isStanding } from "./perform.ts";
import { type Applied, entries, live, plan, type PortalEdit, type World } from "./world.ts";

export interface Moment {
  readonly objects: readonly Live[];
  readonly entries: ReadonlyMap<Address, LedgerEntry>;
  /** Names under which an interrupted run may have made objects; canaries, which have none, by their kind. */
  readonly intended: ReadonlySet<Json>;
}

export async function moment(world: World): Promise<Moment> {
  const intents = (await world.ledger.read())?.intents ?? [];
  const names = intents.flatMap(({ kind, after = {} }) =>
    kind === "CanaryDeploy"
      ? [kind]
      : ["name", "display_name", "version_name"].flatMap((key) => after[key] ?? []),
  );
  return { objects: live(world), entries: await entries(world), intended: new Set(names) };
}

const keyOf = ({ kind, id }: { readonly kind: string; readonly id: string }) => `${kind} ${id}`;

/** Nothing that neither the ledger nor a manifest knows has changed, unless what it lives under is gone or was let go. */
export function noForeignChange(before: Moment, after: Moment, overwrite: boolean): void {
  const ours = new Set([...before.entries.values(), ...after.entries.values()].map(keyOf));
  const mains = new Set(
    [...before.objects, ...after.objects].filter(({ isMain }) => isMain === true).map(keyOf),
  );
  const alive = new Set(after.objects.map(keyOf));
  const foreign = before.objects.filter((object) => !ours.has(keyOf(object)) && !mains.has(keyOf(object)));
  for (const object of foreign) {
    const parent = object.id.split("/")[0] ?? "";
    if (!alive.has(`Assistant ${parent}`) && /Version|Canary/.test(object.kind)) continue;
    if (object.kind === "CanaryDeploy" && overwrite) continue;
    if (before.intended.has(object.kind === "CanaryDeploy" ? object.kind : object.name)) continue;
    const now = after.objects.find((other) => keyOf(other) === keyOf(object));
    expect(now, `the foreign ${keyOf(object)}`).toEqual(object);
  }
}

/** Every name that we gave is borne by one object at most. */
export function noDuplicate(world: World, { objects, entries: known }: Moment): void {
  const ids = [...known.values()].map(keyOf);
  expect(new Set(ids).size, "one object, one address").toBe(ids.length);
  const names = objects
    .filter(({ kind, id, isMain }) => kind !== "CanaryDeploy" && isMain !== true && !world.made.has(id))
    .filter(({ kind }) => kind !== "AssistantVersion" || !world.promoted)
    .filter(({ name }) => /^(Assistant|Tool|McpServer)/.test(name))
    .map(({ kind, id, name }) => `${kind} ${id.includes("/") ? `${id.split("/")[0]} ` : ""}${name}`);
  expect(
    names.filter((name, index) => names.indexOf(name) !== index),
    "names that two objects bear",
  ).toEqual([]);
}

/**
 * A portal edit that is gone was shown in the plan before, as what it was. One that nobody declares has been told as
 * information, and is what is known from then on.
 */
export function noEditLost(world: World, shown: Plan | undefined, { objects }: Moment): void {
  const lost = world.edits.filter((edit) => !isStanding(edit, objects));
  for (const edit of lost) {
    const about = shown?.changes.filter((change) => isIt(change, edit)) ?? [];
    const deleted = about.some(({ action }) => action === "delete" || action === "replace");
    const drift = shown?.drift.filter((one) => isIt(one, edit)) ?? [];
    const classes = [...about, ...drift].flatMap(({ changes }) => classesAt(changes, edit));
    const told = classes.some((one) => one === "drift" || one === "conflict" || one === "no-baseline");
    const name = `the edit of ${edit.address} ${edit.path}`;
    expect(told || deleted, `${name} was lost, and the plan said ${classes.join()}`).toBe(true);
  }
  const isTold = (edit: PortalEdit) =>
    shown?.drift.some((one) => isIt(one, edit) && classesAt(one.unmanaged, edit).length > 0) ?? false;
  world.edits = world.edits.filter((edit) => !lost.includes(edit) && !isTold(edit));
}

/** A version may have been promoted since: then it is its assistant that is shown to differ. */
function isIt(one: { readonly id?: string }, { id }: PortalEdit): boolean {
  return one.id === id || id.startsWith(`${one.id}/`);
}

function classesAt(changes: readonly PathChange[], { path }: PortalEdit): readonly string[] {
  return changes.filter((change) => overlaps(bare(change.path), bare(path))).map((change) => change.class);
}

const bare = (path: string) => path.replace(/^\/changes/, "");

function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/**
 * The ledger can be read and holds ids and no references. Of the intents, only that of a creation may be open which
 * nobody wants any more: its object may still show up, or was found by its name and is proven by the key.
 */
export function ledgerIsClean(world: World, { entries: known }: Moment): void {
  expect(JSON.stringify([...known.values()])).not.toMatch(/"ref":/);
  const { intents = [] } = JSON.parse(world.ledger.text ?? "{}") as { readonly intents?: readonly Intent[] };
  const declared = new Set(resourcesOf(world.project).map(({ address }) => address));
  const open = intents.filter(
    ({ action, address }) =>
      !["create", "complete"].includes(action) ||
      declared.has(address) ||
      (known.has(address) && known.get(address)?.found !== true),
  );
  expect(open).toEqual([]);
}

/** What is declared is live, seen without the engine's own eyes. */
export function liveIsDesired(world: World, { objects, entries: known }: Moment): void {
  for (const { address, kind, spec } of resourcesOf(world.project)) {
    const entry = known.get(address);
    const object = objects.find((one) => one.kind === kind && one.id === entry?.id);
    expect(object, `${address} is live`).toBeDefined();
    const telnyxKind = kinds.find((one) => one.kind === kind);
    if (object === undefined || telnyxKind === undefined || object.isMain === true) continue;
    const resolved = resolve(telnyxKind, spec, (target) => known.get(target)?.id.split("/").at(-1));
    expect(firstLack(asShown(object.kind, resolved), object.raw), `${address} as it is live`).toBeUndefined();
  }
}

/** The next plan is empty, and making it has written nothing. */
export async function nothingLeft(world: World, choices: Parameters<typeof plan>[1]): Promise<void> {
  world.emulator.clearRequests();
  const again = await plan(world, choices);
  expect(world.emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  // A version that was promoted past the manifests is changed through its assistant: from then on that is refused.
  const main = world.promoted ? again.refusals.filter(({ rule }) => rule === "main-version") : [];
  const isMain = (address: Address) => main.some((refusal) => refusal.address === address);
  const steps = again.steps.filter(({ address }) => !isMain(address));
  expect(steps.map(({ id, action }) => `${action} ${id}`)).toEqual([]);
  expect(again.refusals.filter((refusal) => !main.includes(refusal))).toEqual([]);
  // What left the manifests and is not pruned is not put back either.
  const declared = new Set(resourcesOf(world.project).map(({ address }) => address));
  const isOrphan = ({ address, what }: Plan["drift"][number]) => what === "changed" && !declared.has(address);
  expect(again.drift.filter((one) => !isMain(one.address) && !isOrphan(one))).toEqual([]);
}

export function failures({ outcome }: Applied): readonly StepResult[] {
  if (outcome?.status !== "done") return [];
  return outcome.result.steps.filter(
    ({ outcome: { status } }) => status !== "applied" && status !== "unchanged",
  );
}

/** What an effective write was about: a new object of a kind, or an object that was there. */
interface Write {
  readonly creates?: string;
  readonly key?: string;
  readonly deletes?: true;
}

function writesOf(requests: readonly RequestLogEntry[]): readonly Write[] {
  return requests.filter(({ wrote, replayed }) => wrote && !replayed).map(writeOf);
}

const COLLECTIONS: readonly (readonly [RegExp, string])[] = [
  [/^\/ai\/assistants$/, "Assistant"],
  [/^\/ai\/assistants\/tests$/, "AssistantTest"],
  [/^\/ai\/tools$/, "Tool"],
  [/^\/ai\/mcp_servers$/, "McpServer"],
];

const OBJECTS: readonly (readonly [RegExp, string])[] = [
  [/^\/ai\/assistants\/tests\/([^/]+)$/, "AssistantTest"],
  [/^\/ai\/assistants\/([^/]+)\/canary-deploys$/, "CanaryDeploy"],
  [/^\/ai\/assistants\/([^/]+\/versions\/[^/]+)$/, "AssistantVersion"],
  [/^\/ai\/assistants\/([^/]+)(?:\/tags.*)?$/, "Assistant"],
  [/^\/ai\/tools\/([^/]+)$/, "Tool"],
  [/^\/ai\/mcp_servers\/([^/]+)$/, "McpServer"],
];

function writeOf({ method, path, body }: RequestLogEntry): Write {
  const collection = COLLECTIONS.find(([pattern]) => pattern.test(path))?.[1];
  if (collection !== undefined) return { creates: collection };
  for (const [pattern, kind] of OBJECTS) {
    const id = pattern.exec(path)?.[1]?.replace("/versions/", "/");
    if (id === undefined) continue;
    const aside = kind === "Assistant" && equal((body as JsonObject | undefined)?.["promote_to_main"], false);
    if (aside) return { creates: "AssistantVersion" };
    return { key: `${kind} ${id}`, ...(method === "DELETE" ? { deletes: true as const } : {}) };
  }
  throw new Error(`the model does not know ${path}`);
}

/** The report and the log of requests tell the same story: so many creations of each kind, these objects written. */
export function reportMatchesLog(applied: Applied, requests: readonly RequestLogEntry[]): void {
  const writes = writesOf(requests);
  const { outcome } = applied;
  if (outcome?.status !== "done") {
    expect(writes).toEqual([]);
    return;
  }
  const done = outcome.result.steps.flatMap(({ step, outcome: end }) =>
    end.status === "applied" && step.action !== "refresh-state" && step.action !== "forget"
      ? [{ ...step, id: end.objectId }]
      : [],
  );
  const reported = new Set(done.map(keyOf));
  const created = writes.flatMap(({ creates }) => creates ?? []);
  const creations = done.filter(({ action }) => action === "create").map(({ kind }) => kind);
  expect(created.sort(), "creations").toEqual(creations.filter((kind) => kind !== "CanaryDeploy").sort());
  const written = new Set(writes.flatMap(({ key }) => key ?? []));
  expect(
    [...written].filter((key) => !reported.has(key)),
    "written, and not reported",
  ).toEqual([]);
  const silent = done.filter((one) => one.action === "update" || one.action === "complete");
  expect(
    silent.filter((one) => !written.has(keyOf(one))).map(keyOf),
    "reported as updated, and not written",
  ).toEqual([]);
}

/** When requests fail, the report may be unsure, and it never keeps quiet about a write. */
export function reportCoversLog(
  { outcome }: Applied,
  requests: readonly RequestLogEntry[],
  before: Moment,
): void {
  const writes = writesOf(requests);
  const steps = outcome?.status === "done" ? outcome.result.steps : [];
  const told = steps.filter(
    ({ outcome: end }) => end.status === "applied" || (end.status === "failed" && end.wrote),
  );
  const keys = new Set(
    told.map(({ step, outcome: end }) =>
      keyOf({ kind: step.kind, id: end.status === "applied" ? end.objectId : (step.objectId ?? "") }),
    ),
  );
  const known = new Set(before.objects.map(keyOf));
  const silent = writes.filter(({ key }) => key !== undefined && known.has(key) && !keys.has(key));
  expect(silent, "written, and not reported").toEqual([]);
  const creators = told.filter(({ step }) => step.action === "create" || step.action === "restore");
  // What an earlier run may have created with other values is created once more under its key, and deleted.
  const undone = writes.filter(({ deletes, key = "" }) => deletes === true && !known.has(key));
  for (const kind of new Set(writes.flatMap(({ creates }) => creates ?? []))) {
    const gone = undone.filter(({ key = "" }) => key.startsWith(`${kind} `)).length;
    const made = writes.filter(({ creates }) => creates === kind).length - gone;
    expect(made, `creations of ${kind}`).toBeLessThanOrEqual(
      creators.filter(({ step }) => step.kind === kind).length,
    );
  }
}
