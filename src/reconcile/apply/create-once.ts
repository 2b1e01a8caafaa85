import { equal, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Intent } from "../../model/ledger.ts";
import { ProviderError, type CreateRequest, type LiveObject } from "../../model/provider.ts";
import {
  inDoubt,
  isNotFound,
  isUncertain,
  lookUpAfter,
  mayRepeat,
  pause,
  type Execution,
  type Listed,
} from "./execution.ts";
import { hintsOf } from "../compare/hints.ts";
import { ownId } from "../../model/object-ids.ts";
import { nameOf } from "../observe/natural-name.ts";
import { isAsMeant } from "../recover/own-writes.ts";

export const NOTHING: Listed = { ids: new Set(), byName: new Map() };

/** Milliseconds until a list certainly shows a new object; for creations without an idempotency key. */
const LAG_DELAYS = [1_000, 2_000, 4_000, 8_000];

export interface Created {
  readonly object: LiveObject;
  /** The answer was lost, and the object was found. */
  readonly isFound: boolean;
}

type Find = () => Promise<LiveObject | undefined>;

interface Lookup {
  readonly find: Find;
  /** The creation whose request may be sent several times. */
  readonly intent: Intent | undefined;
}

/**
 * A lost answer does not say whether the object was created. An object that exists now and did not before was created by
 * this run; if there is none, the request is sent again under the same key. Without a key it is sent again only after the
 * lists have had the time to show the object; if they show it later, a plan knows that this project made it.
 */
export async function createOnce(
  kind: Kind,
  request: CreateRequest,
  { find, intent }: Lookup,
  execution: Execution,
): Promise<Created> {
  const { provider, runtime } = execution;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { object: await provider.create(request), isFound: false };
    } catch (error) {
      if (!isUncertain(error) || isNotFound(error)) throw attempt === 1 ? error : inDoubt(error);
      const object = await lookUpAfter(error, find);
      if (object !== undefined) return { object, isFound: true };
      const isKeyLost = kind.createsWithoutKey !== true && !keepsKey(kind, error);
      // Whoever sends it again under this key, this run or the next, may make a second object.
      if (isKeyLost) await supersede(intent, kind, execution);
      if (!mayRepeat(error, attempt)) throw error;
      if (keepsKey(kind, error)) await pause(attempt, runtime);
      else {
        const late = await lookUpAfter(error, () => findLater(find, execution));
        if (late !== undefined) return { object: late, isFound: true };
        if (!isKeyLost) await supersede(intent, kind, execution);
      }
    }
  }
}

/**
 * Another creation takes the place of this one, which may have been executed without any list showing it. A copy of its
 * intent stays open, also when the other one is verified.
 */
export async function supersede(
  intent: Intent | undefined,
  kind: Kind,
  { session, runtime }: Execution,
): Promise<void> {
  // There is at most one object: a second request changes the first one.
  if (intent === undefined || kind.identity.singleton === true) return;
  const { reported: _, ...rest } = intent;
  const copy = { ...rest, id: `${intent.step}@${runtime.uuid()}`, superseded: runtime.now().toISOString() };
  await session.commit([{ fact: "intended", intents: [copy] }]);
}

/** The API remembers the key of a request that it carried out, unless it failed while it did. */
function keepsKey(kind: Kind, error: unknown): boolean {
  const hasFailed = error instanceof ProviderError && error.failure.reason === "server";
  return kind.createsWithoutKey !== true && !hasFailed;
}

/**
 * Waits until lists would show a creation that was sent without a key. An earlier run may have sent it just before it
 * ended, however long ago it began.
 */
export async function findLater(find: Find, { runtime }: Execution): Promise<LiveObject | undefined> {
  for (const delay of LAG_DELAYS) {
    await runtime.sleep(delay);
    const object = await find();
    if (object !== undefined) return object;
  }
  return undefined;
}

interface Before {
  readonly before: ReadonlySet<string>;
  readonly parentId: string | undefined;
}

/** The one new object with the name and the values of the creation. */
export async function createdBefore(
  kind: Kind,
  desired: JsonObject,
  { before, parentId }: Before,
  { provider, knownIds }: Execution,
): Promise<LiveObject | undefined> {
  if (kind.identity.parent !== undefined && parentId === undefined) return undefined;
  if (kind.identity.singleton === true)
    return parentId === undefined ? undefined : provider.read(kind.kind, parentId);
  const now = await provider.list(kind.kind, parentId);
  const isNew = ({ id }: LiveObject) => !before.has(id) && !knownIds.has(ownId(id));
  const candidates = now.filter((object) => isNew(object) && isNamesake(kind, object, desired));
  const [only] = candidates;
  if (candidates.length !== 1 || only === undefined) return undefined;
  const whole = await provider.read(kind.kind, only.id);
  return whole !== undefined && isAsMeant(whole.spec, desired, hintsOf(kind)) ? whole : undefined;
}

function isNamesake(kind: Kind, object: LiveObject, desired: JsonObject): boolean {
  const name = nameOf(kind, desired);
  return name !== undefined && equal(nameOf(kind, object.spec), name);
}
