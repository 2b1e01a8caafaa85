import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Intent } from "../../model/ledger.ts";
import type { LiveObject } from "../../model/provider.ts";
import { rewrittenIn } from "../recover/own-writes.ts";
import type { Execution } from "./execution.ts";

/** What is known of the answer to a write. */
interface Answer {
  readonly id: string;
  /** Declared values that the server rewrote. */
  readonly stored?: JsonObject | undefined;
}

/**
 * Records the id of an answered creation for later runs, and what the server rewrote. Only the latter is waited for:
 * without the id, the object is found by name.
 */
export async function answered(
  intent: Intent | undefined,
  { id: objectId, stored }: Answer,
  { session, intents }: Execution,
): Promise<void> {
  if (intent === undefined || (stored === undefined && intent.objectId === objectId)) return;
  const own = intents.get(intent.step);
  // What is recorded of the intent later in the run keeps it.
  if (own?.id === intent.id && stored !== undefined) intents.set(intent.step, { ...own, stored });
  const fact = { fact: "answered" as const, intent: intent.id, objectId };
  const recorded = session.commit([stored === undefined ? fact : { ...fact, stored }]).catch(() => undefined);
  if (stored !== undefined) await recorded;
}

type Created = Pick<LiveObject, "id" | "spec">;

/** Records the answer to a creation, once. An object that was found and not answered may have been edited since. */
export function creationTeller(
  intent: Intent | undefined,
  declared: JsonObject,
  kind: Kind,
  execution: Execution,
): (object: Created, isFound?: boolean) => Promise<void> {
  let told: string | undefined;
  return async ({ id, spec }, isFound = false) => {
    if (told === id) return;
    told = id;
    const stored = isFound ? undefined : rewrittenIn(spec, { before: {}, declared }, kind);
    await answered(intent, { id, stored }, execution);
  };
}
