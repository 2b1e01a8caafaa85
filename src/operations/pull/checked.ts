import type { Address } from "../../model/address.ts";
import { fold } from "../../model/fold.ts";
import type { Fact, LedgerState } from "../../model/ledger.ts";
import type { Obstacle } from "../../model/pull-result.ts";
import { followersIn } from "../propose.ts";
import type { Workspace } from "../workspace.ts";
import { baselineFacts, type Tie } from "./baseline.ts";
import { invalid, isPlanEmpty, planAfter, unmatchedEntries, unsettled } from "./check.ts";
import { limitOf, type PullFiles } from "./files.ts";
import { changedElsewhere } from "../unchanged-elsewhere.ts";
import { unsettledUpdate, updateFacts, type Update } from "./update.ts";
import { recoveredLedger } from "../plan.ts";

interface Subject {
  readonly workspace: Workspace;
  readonly files: PullFiles;
  readonly state: LedgerState | undefined;
  readonly update: Update | undefined;
}

/** The facts for the ledger, and what prevents the pull. */
export interface Checked {
  readonly facts: readonly Fact[];
  readonly obstacles: readonly Obstacle[];
  /** Resources that the next apply changes, because they inherit what was taken. */
  readonly followers?: readonly Address[];
  /** Entries of `spec.manifests` that nothing fits. */
  readonly unmatched?: readonly Obstacle[];
  /** The next plan has nothing to do, for any resource. */
  readonly isPlanEmpty?: boolean;
}

/** Loads the project as it would be, and plans it with the ledger as it would be. */
export async function checked(
  { workspace, files, state, update }: Subject,
  objects: readonly Tie[],
  texts: ReadonlyMap<string, string>,
): Promise<Checked> {
  const { provider, protectAll } = workspace;
  const pulled = new Set(objects.map(({ address }) => address));
  const entries = state?.entries ?? {};
  const isTied = (address: Address) => pulled.has(address) || entries[address] !== undefined;
  const project = await files.reload(texts, isTied);
  const wrong = [...invalid(project, files.loaded), ...(await changedIn(files, texts))];
  if (wrong.length > 0) return { facts: [], obstacles: wrong };
  const { resources } = project;
  const missing = objects.filter(({ address }) => !resources.some((one) => one.address === address));
  if (missing.length > 0)
    return { facts: [], obstacles: missing.map(({ address }) => ({ address, message: "it is not declared" })) };
  const { kinds, target } = provider;
  const input = { kinds, resources, ties: objects, entries, account: target.account, protectAll };
  const facts = [
    ...baselineFacts(input),
    ...(update === undefined ? [] : updateFacts(update, resources, kinds, entries)),
  ];
  const known = await recoveredLedger(workspace, state);
  const after = fold(known ?? { lineage: "", serial: 0, entries: {} }, facts);
  const plan = await planAfter(workspace, project, after);
  return {
    facts,
    unmatched: unmatchedEntries(project),
    isPlanEmpty: isPlanEmpty(plan),
    followers: update === undefined ? [] : followersIn(update.plan, plan),
    obstacles: [
      ...unsettled(plan, objects, project.settings.tags.common),
      ...(update === undefined ? [] : unsettledUpdate(update, plan)),
    ],
  };
}

/** What would change in other environments; the first manifests of a project are for all of them. */
async function changedIn(files: PullFiles, texts: ReadonlyMap<string, string>): Promise<readonly Obstacle[]> {
  if (limitOf(files.loaded) === undefined) return [];
  const [before, after] = await Promise.all([
    files.otherEnvironments(new Map()),
    files.otherEnvironments(texts),
  ]);
  return changedElsewhere(before, after);
}
