import type { Address } from "../model/address.ts";
import { equal, type JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import {
  replacedAddress,
  type Intent,
  type Journal,
  type LedgerChange,
  type LedgerEntry,
  type LedgerState,
} from "../model/ledger.ts";
import type { Plan, Step } from "../model/plan.ts";
import type { LiveObject, Provider } from "../model/provider.ts";
import type { Runtime } from "../model/runtime.ts";
import { redacted } from "./change.ts";
import { hintsOf } from "./hints.ts";
import { nameOf, ownId, parentsFirst, versionOf } from "./match.ts";
import { parentIn, resolve } from "./references.ts";
import { compare } from "./threeway.ts";

/** The steps of a plan that write, as intents: what the next run needs to know should this one be killed. */
export function journalOf(
  plan: Plan,
  kinds: ReadonlyMap<string, Kind>,
  runtime: Runtime,
  who: string,
  before: Journal | undefined,
): Journal {
  const intents = plan.steps
    .filter(({ action }) => action !== "record" && action !== "forget")
    .map((step) => intentOf(step, kinds, runtime, before));
  return { run: runtime.uuid(), who, began: runtime.now().toISOString(), intents };
}

function intentOf(
  step: Step,
  kinds: ReadonlyMap<string, Kind>,
  runtime: Runtime,
  before: Journal | undefined,
): Intent {
  const { id, address, action, kind, objectId, protect, movedFrom, replaces } = step;
  const known = kinds.get(kind);
  const desired =
    step.desired === undefined || known === undefined
      ? undefined
      : redacted(withoutBlocks(step.desired, step.omit ?? []), hintsOf(known));
  const creates = action === "create" || action === "ensure";
  return {
    step: id,
    address,
    action,
    kind,
    ...(objectId === undefined ? {} : { objectId }),
    ...(creates ? { idempotencyKey: keyOf(id, desired, before) ?? runtime.uuid() } : {}),
    ...(desired === undefined ? {} : { desired }),
    ...(protect === undefined ? {} : { protect }),
    ...(movedFrom === undefined ? {} : { movedFrom }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

/** The same creation under the same key: should the first have happened unseen, the API answers with its object. */
function keyOf(step: string, desired: JsonObject | undefined, before: Journal | undefined): string | undefined {
  const same = before?.intents.find((intent) => intent.step === step && equal(intent.desired, desired));
  return same?.idempotencyKey;
}

export function withoutBlocks(spec: JsonObject, blocks: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !blocks.includes(key)));
}

/** What became of an intent of a run that did not come to its end. */
interface Recovered {
  readonly address: Address;
  readonly what: "created" | "updated" | "deleted" | "not done";
}

export interface Recovery {
  readonly who: string;
  readonly began: string;
  readonly recovered: readonly Recovered[];
  /** What the ledger is to learn. */
  readonly changes: readonly LedgerChange[];
  /** Intents that are settled. The others stay open: their keys may be needed again. */
  readonly done: readonly string[];
}

/**
 * Finds out what an interrupted run did after its last commit, by looking at the live objects. A creation is found by
 * its name, an update by its values, a deletion by the absence of its object. Writes nothing.
 */
export async function recover(provider: Provider, state: LedgerState): Promise<Recovery | undefined> {
  const { journal } = state;
  if (journal === undefined) return undefined;
  const entries = new Map(Object.entries(state.entries) as [Address, LedgerEntry][]);
  const recovered: Recovered[] = [];
  const changes: LedgerChange[] = [];
  const done: string[] = [];
  for (const intent of inOrder(journal.intents, provider)) {
    const found = await settle(intent, provider, entries);
    recovered.push({ address: intent.address, what: found === undefined ? "not done" : wordOf(intent) });
    if (found === undefined) continue;
    const moved: LedgerChange[] =
      intent.movedFrom === undefined ? [] : [{ address: intent.movedFrom, entry: undefined }];
    const old = entries.get(intent.address);
    if (intent.replaces !== undefined && old?.id === intent.replaces) {
      moved.push({ address: replacedAddress(intent.address), entry: { ...old, replaced: true } });
    }
    for (const { address, entry } of [...moved, found]) {
      if (entry === undefined) entries.delete(address);
      else entries.set(address, entry);
    }
    changes.push(...moved, found);
    done.push(intent.step);
  }
  return { who: journal.who, began: journal.began, recovered, changes, done };
}

/** Parents before children, creations before what completes them. */
function inOrder(intents: readonly Intent[], provider: Provider): readonly Intent[] {
  const rank = new Map(parentsFirst([...provider.kinds.values()]).map(({ kind }, index) => [kind, index]));
  return [...intents].sort(
    (a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0) || (a.step < b.step ? -1 : 1),
  );
}

async function settle(
  intent: Intent,
  provider: Provider,
  entries: ReadonlyMap<Address, LedgerEntry>,
): Promise<LedgerChange | undefined> {
  const kind = provider.kinds.get(intent.kind);
  if (kind === undefined) return undefined;
  const entry = entries.get(intent.address);
  const isReplacing = intent.replaces !== undefined && entry?.id === intent.replaces;
  const isGone = !isReplacing && (await isRemade(intent, entry, provider));
  const id = isReplacing || isGone ? undefined : (intent.objectId ?? entry?.id);
  if (intent.action === "delete" || intent.action === "detach") {
    const gone =
      intent.action === "delete" && (id === undefined || (await provider.read(kind.kind, id)) === undefined);
    const address = [intent.address, replacedAddress(intent.address)].find(
      (one) => entries.get(one)?.id === id,
    );
    return gone ? { address: address ?? intent.address, entry: undefined } : undefined;
  }
  const desired = resolve(kind, intent.desired ?? {}, (address) => {
    const target = entries.get(address);
    return target === undefined ? undefined : ownId(target.id);
  });
  const live =
    id === undefined ? await namesake(kind, desired, provider, entries) : await provider.read(kind.kind, id);
  if (live === undefined) return undefined;
  const before = isReplacing || isGone ? undefined : entry;
  const baseline = { applied: before?.applied ?? {}, observed: live.spec };
  const isWhole = compare({ live: live.spec, desired, baseline }, hintsOf(kind)).changes.length === 0;
  if (!isWhole && (id !== undefined || isGone)) return undefined;
  return { address: intent.address, entry: entryOf(intent, kind, live, isWhole ? desired : {}) };
}

/** The object of the entry was gone when the run began, which made another one. */
async function isRemade(
  { action, kind }: Intent,
  entry: LedgerEntry | undefined,
  provider: Provider,
): Promise<boolean> {
  if (action !== "create" || entry === undefined) return false;
  return (await provider.read(kind, entry.id)) === undefined;
}

/** The one object of that name that no ledger entry knows. */
async function namesake(
  kind: Kind,
  desired: JsonObject,
  provider: Provider,
  entries: ReadonlyMap<Address, LedgerEntry>,
): Promise<LiveObject | undefined> {
  const parent = parentIn(kind, desired);
  if (kind.identity.parent !== undefined && parent === undefined) return undefined;
  if (kind.identity.singleton === true)
    return parent === undefined ? undefined : provider.read(kind.kind, parent);
  const known = new Set([...entries.values()].filter((entry) => entry.kind === kind.kind).map(({ id }) => id));
  const name = nameOf(kind, desired);
  const listed = await provider.list(kind.kind, parent);
  const found = listed.filter(({ id, spec }) => !known.has(id) && equal(nameOf(kind, spec), name));
  const [only] = found;
  return found.length === 1 && only !== undefined ? provider.read(kind.kind, only.id) : undefined;
}

function entryOf(intent: Intent, kind: Kind, live: LiveObject, applied: JsonObject): LedgerEntry {
  const hints = hintsOf(kind);
  return {
    kind: kind.kind,
    id: live.id,
    applied: redacted(applied, hints),
    observed: redacted(live.spec, hints),
    ...versionOf(kind, live),
    ...(intent.protect === true ? { protect: true as const } : {}),
  };
}

function wordOf({ action }: Intent): Recovered["what"] {
  if (action === "delete") return "deleted";
  return action === "create" ? "created" : "updated";
}

/** The state as it will be once the recovery is committed. */
export function recoveredState(state: LedgerState, recovery: Recovery | undefined): LedgerState {
  if (recovery === undefined) return state;
  const entries = new Map(Object.entries(state.entries) as [Address, LedgerEntry][]);
  for (const { address, entry } of recovery.changes) {
    if (entry === undefined) entries.delete(address);
    else entries.set(address, entry);
  }
  return { ...state, entries: Object.fromEntries(entries) };
}
