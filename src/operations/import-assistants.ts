import type { Address } from "../model/address.ts";
import type { Kind } from "../model/kind.ts";
import type { ImportedAssistant, ImportProvider, ImportRequest, LiveCopies } from "../model/live-copies.ts";
import { ProviderError } from "../model/provider.ts";
import type { Owner } from "../model/object-list.ts";
import { ownersIn } from "./account/owners.ts";
import { leftAfterImport, type LeftAfterImport } from "./left-after-import.ts";
import type { Workspace } from "./workspace.ts";

/** An assistant that came before, and that importing again overwrites. */
export interface EarlierImport extends ImportedAssistant {
  readonly owner?: Owner;
  readonly isObserved: boolean;
}

export interface Importing {
  readonly workspace: Workspace;
  readonly copies: LiveCopies;
  readonly kind: Kind;
}

type Wanted = Pick<ImportRequest, "provider" | "ids">;

/** What the import would overwrite: of the chosen ids, or of everything that the provider has. */
export async function earlierImports(
  { workspace, copies, kind }: Importing,
  { provider, ids }: Wanted,
): Promise<readonly EarlierImport[]> {
  const [all, ownerOf, ledger] = await Promise.all([
    copies.imported(),
    ownersIn(workspace),
    workspace.ledger.read(),
  ]);
  const isObserved = (address: Address) =>
    ledger?.entries[address]?.observe === true ||
    workspace.resources.some((one) => one.address === address && one.lifecycle.observe === true);
  const earlier = all.filter(
    (one) => one.provider === provider && (ids.length === 0 || ids.includes(one.importId)),
  );
  return earlier.map((one): EarlierImport => {
    const owner = ownerOf(kind.kind, one.id);
    if (owner === undefined) return Object.assign({ isObserved: false }, one);
    return Object.assign({ owner, isObserved: owner.isElsewhere !== true && isObserved(owner.address) }, one);
  });
}

export interface ProviderImport {
  readonly came: readonly ImportedAssistant[];
  /** Ids that were asked for and that did not come. */
  readonly missing: readonly string[];
  /** The answer was lost; what came was found among the assistants. */
  readonly isFound: boolean;
  /** What is left to do and what was not imported, by the id of the assistant. */
  readonly left: ReadonlyMap<string, LeftAfterImport>;
}

/** Imports, and looks at what came. Throws `ProviderError`; its effect tells whether something may have come. */
export async function importAssistants(
  importing: Importing,
  request: ImportRequest,
  earlier: readonly EarlierImport[],
): Promise<ProviderImport> {
  const { copies } = importing;
  const known = new Set(await copies.secrets());
  const { came, isFound } = await send(copies, request, earlier);
  const now = new Set(await copies.secrets());
  return {
    came,
    isFound,
    missing: request.ids.filter((id) => !came.some(({ importId }) => importId === id)),
    left: await leftAfterImport(importing, request, { came, known, now }),
  };
}

/** A server that failed may still have imported them. Only objects that did not exist before count as imported. */
async function send(
  copies: LiveCopies,
  request: ImportRequest,
  earlier: readonly EarlierImport[],
): Promise<Pick<ProviderImport, "came" | "isFound">> {
  try {
    return { came: await copies.import(request), isFound: false };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.failure.effect !== "unknown") throw error;
    const before = new Set(earlier.map(({ id }) => id));
    const came = (await copies.imported()).filter(
      ({ provider, id }) => provider === request.provider && !before.has(id),
    );
    const isAll =
      request.ids.length > 0 && request.ids.every((id) => came.some(({ importId }) => importId === id));
    if (!isAll) throw error;
    return { came, isFound: true };
  }
}

/** Why the import is not done: it would overwrite what manifests say. */
export function importRefusals(
  earlier: readonly EarlierImport[],
  provider: ImportProvider,
  overwrite: boolean,
): readonly string[] {
  return earlier.flatMap(({ id, importId, owner, isObserved }) => {
    if (owner === undefined || (overwrite && !isObserved)) return [];
    const where = owner.isElsewhere === true ? ` of environment ${owner.environment}` : "";
    const what = isObserved ? "is observed, and is never written" : "is managed";
    return [`${owner.address}${where} (${id}) came from ${provider} as ${importId}, and ${what}`];
  });
}
