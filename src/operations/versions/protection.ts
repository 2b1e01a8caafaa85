import type { Address } from "../../model/address.ts";
import type { JsonObject } from "../../model/json.ts";
import { entriesIn, type LedgerState } from "../../model/ledger.ts";
import { linksOf } from "../../reconcile/compare/references.ts";
import { SelectionError, type Account } from "../account/account.ts";
import { readAll } from "../other-ledgers.ts";
import type { Version, Versions } from "./read.ts";

/** Why a version must stay; `undefined` where nothing needs it. */
export type Protection = (version: Version) => string | undefined;

/**
 * What main, the canary, the manifests and the ledgers of all environments need. Throws `SelectionError` where a ledger
 * cannot be read.
 */
export async function protectionOf(account: Account, versions: Versions): Promise<Protection> {
  const states = await statesOf(account);
  const managed = managedIn(states, versions);
  const references = referencesIn(account, states, versions);
  const { version: kind } = versions.kinds;
  return ({ id, name, isMain, shares, manifest, live }) => {
    if (isMain) return "it is main";
    if (shares.length > 0) return "the canary serves it";
    const owner = managed.get(live.id);
    if (owner !== undefined) return owner;
    if (manifest !== undefined) return `${manifest.file} declares it as ${manifest.address}`;
    const user = references.get(id);
    if (user !== undefined) return `${user} refers to it`;
    const isIgnored = account.isIgnored?.(kind.kind, name ?? "") === true;
    return isIgnored ? ".rollcallignore names it" : undefined;
  };
}

interface KnownState {
  /** Absent for the current environment. */
  readonly environment?: string;
  readonly state: LedgerState | undefined;
}

async function statesOf(account: Account): Promise<readonly KnownState[]> {
  const [own, others] = await Promise.all([account.ledger.read(), readAll(account)]);
  const known = others.map((other): KnownState => {
    if ("state" in other) return { environment: other.environment, state: other.state };
    throw new SelectionError(
      `the ledger of environment ${other.environment} cannot be read, so it is not known what it manages: ${other.problem}`,
    );
  });
  return [{ state: own }, ...known];
}

/** Versions that a ledger has, or that an interrupted run has created, by their whole ids. */
function managedIn(states: readonly KnownState[], { kinds }: Versions): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const { environment, state } of states) {
    const where = environment === undefined ? "" : ` in environment ${environment}`;
    for (const [address, { kind, id }] of entriesIn(state?.entries))
      if (kind === kinds.version.kind) reasons.set(id, `it is managed as ${address}${where}`);
    for (const { objectId, address, kind } of state?.intents ?? [])
      if (objectId !== undefined && kind === kinds.version.kind && !reasons.has(objectId))
        reasons.set(objectId, `an unfinished run works on it as ${address}${where}`);
  }
  return reasons;
}

/** Own ids of versions that a manifest or an applied resource names, with the address of the one that does. */
function referencesIn(
  { resources, provider }: Account,
  states: readonly KnownState[],
  { kinds }: Versions,
): ReadonlyMap<string, Address> {
  const users = new Map<string, Address>();
  const add = (address: Address, kindName: string, spec: JsonObject) => {
    const kind = provider.kinds.get(kindName);
    for (const { rule, value } of kind === undefined ? [] : linksOf(kind, spec))
      if (rule.to === kinds.version.kind && typeof value === "string") users.set(value, address);
  };
  for (const { state } of states)
    for (const [address, { kind, applied }] of entriesIn(state?.entries)) add(address, kind, applied);
  for (const { address, kind, spec } of resources) add(address, kind, spec);
  return users;
}
