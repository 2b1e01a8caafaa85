import type { Address } from "../model/address.ts";
import { entriesIn } from "../model/ledger.ts";
import { redacted } from "../reconcile/compare/redact.ts";
import { hintsOf } from "../reconcile/compare/hints.ts";
import { entryOf } from "../reconcile/observe/entry.ts";
import { ownerElsewhere } from "../reconcile/policy/owner.ts";
import type { LockRequest } from "./ledger.ts";
import { readAll } from "./other-ledgers.ts";
import type { Workspace } from "./workspace.ts";

export type ImportOutcome =
  | { readonly status: "imported" | "already" }
  | { readonly status: "undeclared" | "not-found" }
  | { readonly status: "taken"; readonly by: Address }
  | { readonly status: "known"; readonly id: string }
  | { readonly status: "owned"; readonly environment: string; readonly by: Address };

/**
 * Takes one live object under management: from now on it is what `address` means. Nothing is written live; what the
 * manifest declares differently is pending until the next apply. Ids of objects under a parent are `parent-id/own-id`.
 */
export async function importObject(
  workspace: Workspace,
  { address, id }: { readonly address: Address; readonly id: string },
  { holder, lockTimeout }: LockRequest,
): Promise<ImportOutcome> {
  const { resources, provider, ledger, observeAll = false } = workspace;
  const resource = resources.find((one) => one.address === address);
  const kind = resource === undefined ? undefined : provider.kinds.get(resource.kind);
  if (kind === undefined) return { status: "undeclared" };
  const session = await ledger.open(holder, lockTimeout);
  try {
    const own = session.state.entries[address];
    if (own?.id === id) return { status: "already" };
    if (own !== undefined && (await provider.read(kind.kind, own.id)) !== undefined)
      return { status: "known", id: own.id };
    const other = entriesIn(session.state.entries).find(
      ([, entry]) => entry.kind === kind.kind && entry.id === id,
    );
    if (other !== undefined) return { status: "taken", by: other[0] };
    const live = await provider.read(kind.kind, id);
    if (live === undefined) return { status: "not-found" };
    const owner = ownerElsewhere(kind, live.id, await readAll(workspace));
    if (owner !== undefined) return { status: "owned", environment: owner.environment, by: owner.address };
    const observed = redacted(live.spec, hintsOf(kind));
    const isObserved = observeAll || resource?.lifecycle.observe === true;
    const entry = entryOf(kind, live, { applied: {}, observed, isProtected: false, isObserved });
    await session.commit([
      { fact: "keyed", account: provider.target.account },
      { fact: "adopted", address, entry },
    ]);
    return { status: "imported" };
  } finally {
    await session.release();
  }
}
