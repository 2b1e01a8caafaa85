import type { Address } from "../../model/address.ts";
import { isObject, type JsonObject, omit, property } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { entriesIn, type LedgerEntry, type LedgerState } from "../../model/ledger.ts";
import type { PathChange } from "../../model/plan.ts";
import { segments } from "../../model/pointer.ts";
import type { VersionDiff, VersionSide } from "../../model/version-list.ts";
import { canonical } from "../../reconcile/compare/canonical.ts";
import { differences, type Difference } from "../../reconcile/compare/difference.ts";
import { hintsOf, type Hints } from "../../reconcile/compare/hints.ts";
import { resolve } from "../../reconcile/compare/references.ts";
import { managedChanges } from "../../reconcile/compare/threeway.ts";
import { desiredResources, withIgnored } from "../../reconcile/observe/desired.ts";
import { referenceId } from "../../model/object-ids.ts";
import { pathChange } from "../../reconcile/plan/change.ts";
import { SelectionError, type Account } from "../account/account.ts";
import { shownValue } from "../account/shown.ts";
import { chosenVersion } from "./choose.ts";
import { versionedObject } from "./list.ts";
import type { Version, Versions } from "./read.ts";

/** Stands for what the manifests declare. */
const GIT = "git";

export interface Sides {
  readonly from: string;
  readonly to: string;
}

/**
 * How two versions of an object differ. A side is a version, `main`, or `git`: then the other side is compared with what
 * its manifest declares, as a plan would. Throws `SelectionError`.
 */
export async function versionDiff(
  account: Account,
  versions: Versions,
  { from, to }: Sides,
): Promise<VersionDiff> {
  if (from === GIT && to === GIT) throw new SelectionError("only one side can be git");
  const state = await account.ledger.read();
  const names = namesIn(account, state);
  const about = { environment: account.environment, assistant: versionedObject(versions.of), names };
  if (from !== GIT && to !== GIT) {
    const [one, other] = [chosenVersion(versions, from), chosenVersion(versions, to)];
    const changes = await liveChanges(account, versions, [one, other], names);
    return { ...about, from: sideOf(one), to: sideOf(other), changes };
  }
  const live = chosenVersion(versions, from === GIT ? to : from);
  const { address, changes } = await declaredChanges({ account, versions, state, names }, live);
  const git: VersionSide = { what: "git", address };
  if (to === GIT) return { ...about, from: sideOf(live), to: git, changes };
  return { ...about, from: git, to: sideOf(live), changes: changes.map(reversed) };
}

function sideOf({ id, name, isMain }: Version): VersionSide {
  return { what: isMain ? "main" : "version", id, ...(name !== undefined && { name }) };
}

function reversed({ before, after, ...change }: PathChange): PathChange {
  return {
    ...change,
    ...(after !== undefined && { before: after }),
    ...(before !== undefined && { after: before }),
  };
}

/** What other objects hold to refer to those that the ledger knows, with their addresses. */
function namesIn({ provider }: Account, state: LedgerState | undefined): Readonly<Record<string, Address>> {
  return Object.fromEntries(
    entriesIn(state?.entries).flatMap(([address, entry]) => {
      const kind = provider.kinds.get(entry.kind);
      const id = kind === undefined ? undefined : referenceId(kind, entry.id);
      return id === undefined ? [] : [[id, address] as const];
    }),
  );
}

type Names = VersionDiff["names"];

/** The differences between two versions, each read by its id. */
async function liveChanges(
  account: Account,
  versions: Versions,
  sides: readonly [Version, Version],
  names: Names,
): Promise<readonly PathChange[]> {
  const { version: kind } = versions.kinds;
  const hints = hintsOf(kind).child(segments(kind.inherits.into)[0] ?? "");
  const [before, after] = await Promise.all(sides.map((one) => configurationOf(account, versions, one)));
  return differences(canonical(before, hints), canonical(after, hints)).map((one) => shown(one, hints, names));
}

/** The fields of a version that a manifest can have. */
async function configurationOf(
  { provider }: Account,
  { of, kinds }: Versions,
  version: Version,
): Promise<JsonObject> {
  const { identity, inherits, kind } = kinds.version;
  if (version.isMain) return omit(version.live.spec, segments(identity.name ?? "").slice(0, 1));
  const live = await provider.read(kind, version.live.id);
  if (live === undefined)
    throw new SelectionError(`version ${version.id} of ${of.address ?? of.name} was deleted in the meantime`);
  const fields = property(live.spec, segments(inherits.into)[0] ?? "");
  return isObject(fields) ? fields : {};
}

interface Declared {
  readonly account: Account;
  readonly versions: Versions;
  readonly state: LedgerState | undefined;
  readonly names: Names;
}

/** What a manifest changes in a version: `before` is live. The manifest of the version itself, or that of the object. */
async function declaredChanges(
  { account, versions, state, names }: Declared,
  version: Version,
): Promise<{ readonly address: Address; readonly changes: readonly PathChange[] }> {
  const { of, kinds } = versions;
  const address = version.manifest?.address ?? of.address;
  const all = desiredResources(account.resources, account.provider.kinds);
  const desired = address === undefined ? undefined : all.get(address);
  if (address === undefined || desired === undefined)
    throw new SelectionError(
      `no manifest declares ${of.address ?? of.name}`,
      "git needs a project that declares the assistant",
    );
  const kind = desired.resource.kind === of.kind.kind ? of.kind : kinds.version;
  const spec = resolve(kind, desired.spec, (target) => referenceTo(account, state?.entries[target]));
  const { live, hints, into } = await liveSide(account, versions, version, kind);
  const entry = state?.entries[address];
  const baseline = entry?.id === version.live.id ? entry : undefined;
  const wanted = withIgnored(spec, live, desired.resource.lifecycle.ignore, hints);
  const changes = managedChanges({ live, desired: wanted, baseline }, hints);
  return { address, changes: changes.map((one) => below(one, into, hints, names)) };
}

interface LiveSide {
  readonly live: JsonObject;
  readonly hints: Hints;
  /** Where the fields stand that the object itself has, too. */
  readonly into?: string;
}

/** A version in the shape of a manifest of a kind: of its own, or that of the object. */
async function liveSide(account: Account, versions: Versions, version: Version, kind: Kind): Promise<LiveSide> {
  const { of, kinds } = versions;
  if (version.isMain) return { live: version.live.spec, hints: hintsOf(of.kind) };
  const into = segments(kinds.version.inherits.into)[0] ?? "";
  const fields = await configurationOf(account, versions, version);
  const hints = hintsOf(kinds.version);
  if (kind === of.kind) return { live: fields, hints: hints.child(into) };
  return { live: { ...version.live.spec, [into]: fields }, hints, into };
}

function referenceTo({ provider }: Account, entry: LedgerEntry | undefined): string | undefined {
  const kind = entry === undefined ? undefined : provider.kinds.get(entry.kind);
  return kind === undefined || entry === undefined ? undefined : referenceId(kind, entry.id);
}

/** The paths of a version's fields as those of the object itself. */
function below(change: Difference, into: string | undefined, hints: Hints, names: Names): PathChange {
  const [first, ...rest] = change.path;
  if (into === undefined || first !== into || rest.length === 0) return shown(change, hints, names);
  return shown({ ...change, path: rest }, hints.child(into), names);
}

function shown({ path, before, after }: Difference, hints: Hints, names: Names): PathChange {
  const wording = { hints, names, includedFile: () => undefined };
  const change = pathChange({ path, before, after, class: "pending", baseline: undefined }, wording);
  const name = path.at(-1) ?? "";
  return {
    ...change,
    ...(change.before !== undefined && { before: shownValue(name, change.before) }),
    ...(change.after !== undefined && { after: shownValue(name, change.after) }),
  };
}
